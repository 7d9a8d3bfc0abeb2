using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Tests.Profiles;

/// <summary>The real period is learned from the time tags; a change of period divides the expected grid into segments.</summary>
public class PeriodTests
{
    private static readonly Instant Now = Madrid.At(2024, 6, 14, 10, 30);

    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(15)]
    [InlineData(30)]
    [InlineData(60)]
    public void The_second_curve_has_the_period_that_its_tags_show(int period)
    {
        var reading = new CurveReading(new FakeMeter { PeriodMinutes = period }, Now, Now - Duration.FromDays(10), Curve.QuarterHour);

        reading.ReadAll();

        reading.State.Grid.Segments.Select(segment => segment.PeriodMinutes).ShouldBe([period]);
        reading.Report.Recorded.ShouldBe(reading.Report.Expected);
        reading.Report.Expected.ShouldBe(IntervalGrid.Of(period).Count(reading.Expected));
        reading.Events.OfType<IntervalsRecorded>().ShouldAllBe(one => one.PeriodMinutes == period);
        reading.ShouldBeExact();
    }

    [Fact]
    public void One_odd_tag_teaches_nothing_and_is_recorded_without_being_counted()
    {
        var ends = Hours(1, 2, 2.5, 3, 4);
        PeriodRule.Learn(IntervalGrid.Of(60), ends, complete: true, RangeSet.Empty).ShouldBeNull();
        PeriodRule.Learn(IntervalGrid.Of(60), Hours(1, 2, 2.25, 3, 4), complete: true, RangeSet.Empty).ShouldBeNull();

        var reading = new CurveReading(new FakeMeter(), Now, Now - Duration.FromDays(1));
        var chunk = reading.Next()!;
        var odd = chunk.Range.From + Duration.FromMinutes(133);
        var ended = reading.Meter.Answer(chunk, Now);
        reading.Take(
            chunk, ended with { Answers = [.. ended.Answers, FakeMeter.Frame(chunk, ReadMethod.BlocksOf8, [reading.Meter.Row(odd)])] });

        reading.Table.ShouldContainKey(odd);
        reading.Report.Recorded.ShouldBe(24);
        reading.State.IsCounted(odd).ShouldBeFalse();
        reading.State.IsRecorded(odd).ShouldBeFalse();
    }

    [Fact]
    public void Holes_in_a_short_period_are_not_taken_for_a_longer_one()
    {
        PeriodRule.Learn(IntervalGrid.Of(15), Hours(1, 2, 3, 4), complete: true, RangeSet.Empty).ShouldBeNull();
        PeriodRule.Learn(IntervalGrid.Of(15), Hours(1, 2, 3, 4, 5, 6), complete: false, RangeSet.Empty).ShouldBeNull();
        PeriodRule.Learn(IntervalGrid.Of(15), Hours(1, 2, 3, 4, 5, 5.25, 6), complete: true, RangeSet.Empty)!.Value.PeriodMinutes.ShouldBe(
            60);
    }

    [Fact]
    public void A_shorter_period_is_learned_from_a_single_live_chunk()
    {
        var meter = new FakeMeter { PeriodMinutes = 15 };
        var reading = new CurveReading(meter, Now, Now - Duration.FromDays(1), Curve.QuarterHour);
        reading.ReadAll();
        var fine = new FakeMeter { PeriodMinutes = 5 };
        reading.Now += Duration.FromMinutes(15);
        var chunk = reading.Next()!;

        reading.Take(chunk, fine.Answer(chunk, reading.Now));

        reading.State.Grid.PeriodAt(chunk.Range.To).ShouldBe(5);
        reading.State.Grid.PeriodAt(chunk.Range.From).ShouldBe(15);
        reading.Report.Recorded.ShouldBe(reading.Report.Expected - reading.Report.Missing);
    }

    [Theory]
    [InlineData(Curve.Hourly, 60, 30)]
    [InlineData(Curve.QuarterHour, 15, 60)]
    public void A_change_of_period_is_learned_within_hours_of_live_reading_and_nothing_stays_uncounted(Curve curve, int before, int after)
    {
        var changedAt = Madrid.At(2024, 6, 14, 10);
        var reading = new CurveReading(new FakeMeter { PeriodMinutes = before }, Now, Now - Duration.FromDays(1), curve);
        reading.ReadAll();
        var changed = new FakeMeter { PeriodMinutes = after };
        while (reading.Now < Now + Duration.FromHours(8))
        {
            reading.Now = Instant.Min(reading.NextDue(), reading.Now + Duration.FromMinutes(before));
            changed.Newest = reading.Now;
            while (reading.Next() is { } chunk)
                reading.Take(chunk, changed.Answer(chunk, reading.Now));
        }

        reading.State.Grid.Segments.Select(segment => segment.PeriodMinutes).ShouldBe([before, after]);
        reading.State.Grid.PeriodAt(changedAt).ShouldBe(before);
        // Two quarters of the hour in which the period became longer were never measured.
        reading.Report.Recorded.ShouldBe(reading.Report.Expected - (after > before ? 2 : 0));
        reading.ShouldBeExact();
    }

    [Fact]
    public void A_change_in_the_middle_leaves_what_is_recorded_before_it_on_its_own_grid()
    {
        var grid = IntervalGrid.Of(60);
        var recorded = RangeSet.Of(new TimeRange(At(0), At(10)));

        var (range, period) = PeriodRule.Learn(grid, Hours(11, 12, 12.25, 12.5, 12.75), complete: true, recorded)!.Value;

        (range, period).ShouldBe((new TimeRange(At(10), Instant.MaxValue), 15));
        var after = grid.With(range, period);
        after.Count(new TimeRange(At(0), At(10))).ShouldBe(10);
        after.Count(new TimeRange(At(12), At(13))).ShouldBe(4);
    }

    [Fact]
    public void After_a_change_of_period_everything_recorded_before_and_after_is_counted()
    {
        var meter = new FakeMeter { PeriodMinutes = 60 };
        var reading = new CurveReading(meter, Now, Now - Duration.FromDays(3), Curve.QuarterHour);
        reading.ReadAll();
        var changed = new CurveReading(
            new FakeMeter { PeriodMinutes = 15 }, Now + Duration.FromDays(2), Now - Duration.FromDays(3), Curve.QuarterHour);
        foreach (var one in reading.Events.Skip(2))
            changed.Apply(one);

        changed.ReadAll();

        changed.State.Grid.Segments.Select(segment => segment.PeriodMinutes).ShouldBe([60, 15]);
        changed.Report.Recorded.ShouldBe(changed.Report.Expected);
        changed.ShouldBeExact();
    }

    private static Instant At(double hours) => Madrid.At(2024, 6, 1) + Duration.FromMinutes((long)(60 * hours));

    private static List<Instant> Hours(params double[] hours) => hours.Select(At).ToList();
}
