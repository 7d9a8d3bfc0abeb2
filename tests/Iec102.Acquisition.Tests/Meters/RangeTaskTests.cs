using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Acquisition.Tests.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

public sealed class RangeTaskTests
{
    private static readonly TimeRange Month = new(Madrid.At(2024, 10, 1), Madrid.At(2024, 11, 1));

    public static TheoryData<SummerTimeHabit> Habits => new(Enum.GetValues<SummerTimeHabit>());

    [Theory]
    [MemberData(nameof(Habits))]
    public void A_month_with_a_clock_change_is_read_interval_for_interval(SummerTimeHabit habit)
    {
        var meter = new FakeMeter { Habit = habit };

        var reader = Read(meter, Reader(Month));

        reader.Intervals.Select(interval => interval.End).ShouldBe(meter.Grid.Ends(Month));
        reader.Intervals.ShouldAllBe(interval => interval.Row.GetValue(1) == FakeMeter.ValueOf(interval.End, 1));
        reader.Missing.ShouldBeEmpty();
        reader.Expected.ShouldBe(31 * 24 + 1);
        reader.Share.ShouldBe(1);
        meter.Asked.Count.ShouldBeInRange(4, 10);
    }

    [Fact]
    public void Bounds_in_the_hours_of_a_clock_change_are_asked_wide_and_answered_exactly()
    {
        var range = new TimeRange(Instant.FromUtc(2024, 10, 27, 0, 0), Instant.FromUtc(2024, 10, 27, 1, 0));
        var meter = new FakeMeter { Habit = SummerTimeHabit.Civil, BeginsEarly = true };

        var reader = Read(meter, Reader(range));

        reader.Intervals.Single().End.ShouldBe(range.To);
    }

    [Theory]
    [InlineData(ReadMethod.BlocksOf6)]
    [InlineData(ReadMethod.Objects)]
    internal void A_request_that_the_meter_does_not_know_is_tried_once(ReadMethod known)
    {
        foreach (var refusal in (CauseOfTransmission[])[CauseOfTransmission.TypeNotAvailable, CauseOfTransmission.ObjectNotAvailable])
        {
            var meter = new FakeMeter { Methods = [known], UnknownMethod = refusal };

            Read(meter, Reader(Month)).Missing.ShouldBeEmpty();

            meter.Asked.Select(chunk => ReadMethods.Of(chunk.Request)).Distinct().Last().ShouldBe(known);
            meter.Asked.Count(chunk => ReadMethods.Of(chunk.Request) != known).ShouldBe((int)known - 1);
        }
    }

    [Fact]
    public void Answers_that_are_cut_without_a_word_are_continued()
    {
        var meter = new FakeMeter { MaxRows = 50 };

        Read(meter, Reader(Month)).Missing.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(RangeManners.Lenient)]
    [InlineData(RangeManners.RefusesEmpty)]
    public void What_the_meter_does_not_hold_is_missing_and_nothing_else(RangeManners manners)
    {
        var hole = new TimeRange(Madrid.At(2024, 10, 3, 5), Madrid.At(2024, 10, 17, 8));
        var meter = new FakeMeter { Manners = manners, Holes = RangeSet.Of(hole) };

        Read(meter, Reader(Month)).Missing.ShouldBe(meter.Grid.Ends(hole));
    }

    [Theory]
    [InlineData(CauseOfTransmission.RecordNotKnown)]
    [InlineData(CauseOfTransmission.AddressNotKnown)]
    [InlineData(CauseOfTransmission.TypeNotAvailable)]
    public void A_curve_that_the_meter_lacks_is_not_asked_for_again(CauseOfTransmission cause)
    {
        var meter = new FakeMeter { Refuses = cause };

        var reader = Read(meter, Reader(Month));

        reader.Refusal.ShouldNotBeNull().Cause.ShouldBe(cause);
        meter.Asked.Count.ShouldBeLessThanOrEqualTo(3);
    }

    [Fact]
    public void What_came_before_an_answer_was_cut_is_kept_and_the_rest_is_asked_again()
    {
        var meter = new FakeMeter();
        var reader = Reader(Month);
        reader.Next(Context(meter));
        reader.TakeFailure(meter.Answer(reader.Chunk!, Month.To, framesBeforeCut: 3), Month.To);

        reader.Intervals.Count.ShouldBe(15);
        reader.Due.ShouldBe(Month.To);
        reader.Next(Context(meter));
        reader.Chunk!.Range.From.ShouldBe(reader.Intervals.Last().End);
        Read(meter, reader).Missing.ShouldBeEmpty();
    }

    [Fact]
    public void The_period_is_the_meters_own()
    {
        var meter = new FakeMeter { PeriodMinutes = 5 };
        var day = Madrid.Day(2024, 10, 2);

        var reader = Read(meter, new RangeTask(Curve.QuarterHour, 12, day, Madrid.Zone));

        reader.Intervals.Count.ShouldBe(24 * 12);
        reader.PeriodMinutesAt(day.To).ShouldBe(5);
        reader.Missing.ShouldBeEmpty();
    }

    private static RangeTask Reader(TimeRange range) => new(Curve.Hourly, RecordAddress.LoadCurve1, range, Madrid.Zone);

    private static TaskContext Context(FakeMeter meter) =>
        new("m-1", 1, FakeMeter.Point, Madrid.Zone, meter.Habit, Duration.Zero, MaxOctets: 27_000, Month.To);

    private static RangeTask Read(FakeMeter meter, RangeTask reader)
    {
        for (reader.Hasten(Month.To); reader.Due <= Month.To; reader.Take(meter.Answer(reader.Chunk!, Month.To), Month.To))
        {
            meter.Asked.Count.ShouldBeLessThan(100);
            reader.Next(Context(meter));
        }

        reader.IsOver.ShouldBeTrue();
        return reader;
    }
}
