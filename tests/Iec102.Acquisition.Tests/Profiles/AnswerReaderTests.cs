using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tests.Profiles;

public class AnswerReaderTests
{
    private static readonly FakeMeter Meter = new();

    /// <summary>The ASDUs of the two data frames in the worked exchange of the protocol notes 1.7.</summary>
    private static readonly byte[] WorkedHour1 = Convert.FromHexString(
        "0b080501000b" + "01d204000000" + "020000000000" + "033800000000" + "040000000000" + "050000000000" + "060700000000"
        + "070000000080" + "080000000080" + "00812f0718");

    private static readonly byte[] WorkedHour2 = Convert.FromHexString(
        "0b080501000b" + "019c04000000" + "020000000000" + "033300000000" + "040000000000" + "050000000000" + "060900000000"
        + "070000000080" + "080000000080" + "00822f0718");

    /// <summary>The ASDU of the block frame in the protocol notes 4.4: the same two hours as object 10.</summary>
    private static readonly byte[] WorkedBlocks = Convert.FromHexString(
        "8c020501000b"
        + "0a" + "d204000000" + "0000000000" + "3800000000" + "0000000000" + "0000000000" + "0700000000" + "00812f0718"
        + "0a" + "9c04000000" + "0000000000" + "3300000000" + "0000000000" + "0000000000" + "0900000000" + "00822f0718");

    [Fact]
    public void The_worked_exchange_of_the_protocol_notes_gives_its_two_hours()
    {
        var content = Read(Chunk(ReadMethod.Objects, Madrid.At(2024, 7, 15), Madrid.At(2024, 7, 15, 2)), [WorkedHour1, WorkedHour2]);

        content.Intervals.Select(interval => interval.End).ShouldBe([Madrid.At(2024, 7, 15, 1), Madrid.At(2024, 7, 15, 2)]);
        content.Intervals.Select(interval => interval.Row.GetValue(1)).ShouldBe([1234u, 1180u]);
        content.Intervals.Select(interval => interval.Row.GetQuality(7)).ShouldAllBe(quality => quality == Quality.Invalid);
    }

    [Fact]
    public void Blocks_of_six_give_the_same_values_and_no_reserves()
    {
        var content = Read(Chunk(ReadMethod.BlocksOf6, Madrid.At(2024, 7, 15), Madrid.At(2024, 7, 15, 2)), [WorkedBlocks]);

        content.Intervals.Select(
            interval => (interval.Row.GetValue(1), interval.Row.GetValue(3), interval.Row.GetValue(6), interval.Row.Has(7)))
            .ShouldBe([(1234u, 56u, 7u, false), (1180u, 51u, 9u, false)]);
    }

    [Fact]
    public void An_answer_of_another_type_point_record_or_object_is_dropped_and_counted()
    {
        var chunk = Chunk(ReadMethod.Objects, Madrid.At(2024, 7, 15), Madrid.At(2024, 7, 15, 2));

        foreach (var (offset, value) in new[] { (0, 8), (1, 7), (3, 2), (5, 12) })
        {
            var changed = (byte[])WorkedHour1.Clone();
            changed[offset] = (byte)value;
            var content = Read(chunk, [changed, WorkedHour2]);
            content.Intervals.Count.ShouldBe(1);
            content.Rejected.ShouldBe(1);
        }

        Read(Chunk(ReadMethod.BlocksOf8, Madrid.At(2024, 7, 15), Madrid.At(2024, 7, 15, 2)), [WorkedBlocks]).ShouldSatisfyAllConditions(
            content => content.Intervals.ShouldBeEmpty(),
            content => content.Rejected.ShouldBe(2));
    }

    [Fact]
    public void A_label_that_is_no_date_is_dropped_and_counted()
    {
        var noDate = (byte[])WorkedHour1.Clone();
        noDate[^2] = 0x0D;

        var content = Read(Chunk(ReadMethod.Objects, Madrid.At(2024, 7, 15), Madrid.At(2024, 7, 15, 2)), [noDate, WorkedHour2]);

        content.Intervals.Count.ShouldBe(1);
        content.Rejected.ShouldBe(1);
    }

    [Fact]
    public void What_lies_outside_the_range_asked_is_left_to_its_own_request()
    {
        var range = new TimeRange(Madrid.At(2024, 7, 15, 1), Madrid.At(2024, 7, 15, 3));
        Instant[] ends = [Madrid.At(2024, 7, 15, 1), Madrid.At(2024, 7, 15, 2), Madrid.At(2024, 7, 15, 3), Madrid.At(2024, 7, 15, 4)];

        var content = Read(Chunk(ReadMethod.Objects, range.From, range.To), ends.Select(end => Frame(end)).ToList());

        content.Intervals.Select(interval => interval.End).ShouldBe(ends[1..3]);
        content.Rejected.ShouldBe(0);
    }

    [Theory]
    [InlineData(Quality.None, Quality.Invalid, 1u)]
    [InlineData(Quality.Invalid, Quality.None, 2u)]
    [InlineData(Quality.None, Quality.None, 2u)]
    public void Of_two_equal_tags_the_valid_one_wins_then_the_later(Quality first, Quality second, uint winner)
    {
        var end = Madrid.At(2024, 7, 15, 1);

        var content = Read(Chunk(ReadMethod.Objects, Madrid.At(2024, 7, 15), end), [Frame(end, 1, first), Frame(end, 2, second)]);

        content.Intervals.Single().Row.GetValue(1).ShouldBe(winner);
    }

    [Fact]
    public void A_meter_that_sends_each_object_by_itself_gets_them_put_together()
    {
        var end = Madrid.At(2024, 7, 15, 1);
        var frames = new[] { 1, 2, 3 }.Select(address =>
        {
            var row = new TotalsRow { Time = Madrid.Label(end) };
            row.Set(address, (uint)(100 * address), Quality.None);
            return FakeMeter.Frame(Chunk(ReadMethod.Objects, end, end), ReadMethod.Objects, [row]);
        });

        var row = Read(Chunk(ReadMethod.Objects, Madrid.At(2024, 7, 15), end), frames.ToList()).Intervals.Single().Row;

        row.Objects.ShouldBe((byte)0b111);
        row.GetValue(3).ShouldBe(300u);
    }

    [Theory]
    [InlineData(SummerTimeHabit.SuBit)]
    [InlineData(SummerTimeHabit.Civil)]
    [InlineData(SummerTimeHabit.AlwaysWinter)]
    public void The_doubled_hour_of_autumn_is_two_intervals_in_whatever_way_it_is_labelled(SummerTimeHabit habit)
    {
        var day = Madrid.Day(2024, 10, 27);
        var ends = IntervalGrid.Of(15).Ends(day).ToList();
        var meter = new FakeMeter { PeriodMinutes = 15, Habit = habit };
        var chunk = Chunk(ReadMethod.Objects, day.From, day.To, habit);

        var content = AnswerReader.Read(
            chunk, ends.Select(end => FakeMeter.Frame(chunk, ReadMethod.Objects, [meter.Row(end)])).ToList(), Madrid.Zone, habit);

        content.Intervals.Select(interval => interval.End).ShouldBe(ends);
        ends.Count.ShouldBe(100);
        content.Intervals.Select(interval => interval.Row.GetValue(1)).ShouldBe(ends.Select(end => FakeMeter.ValueOf(end, 1)));
    }

    [Fact]
    public void In_spring_the_hour_left_out_may_be_labelled_in_winter_or_in_summer_time()
    {
        var change = Instant.FromUtc(2024, 3, 31, 1, 0);
        var chunk = Chunk(ReadMethod.Objects, change - Duration.FromHours(1), change + Duration.FromHours(1));

        foreach (var label in new[] { "0002ff0318", "0083ff0318" })
        {
            var row = new TotalsRow { Time = TimeTagA.Read(Convert.FromHexString(label)) };
            row.Set(1, 5, Quality.None);
            var content = Read(chunk, [FakeMeter.Frame(chunk, ReadMethod.Objects, [row])]);
            content.Intervals.Single().End.ShouldBe(change);
        }
    }

    [Fact]
    public void Rows_come_out_in_order_whatever_the_order_in_which_they_came()
    {
        var day = Madrid.Day(2024, 7, 15);
        var ends = IntervalGrid.Of(60).Ends(day).ToList();

        var content = Read(Chunk(ReadMethod.Objects, day.From, day.To), ends.Order().Reverse().Select(end => Frame(end)).ToList());

        content.Intervals.Select(interval => interval.End).ShouldBe(ends);
    }

    private static AnswerContent Read(ReadChunk chunk, IReadOnlyList<byte[]> answers) =>
        AnswerReader.Read(chunk, answers, Madrid.Zone, SummerTimeHabit.SuBit);

    private static byte[] Frame(Instant end, uint value = 1, Quality quality = Quality.None)
    {
        var row = new TotalsRow { Time = Madrid.Label(end) };
        row.Set(1, value, quality);
        return FakeMeter.Frame(Chunk(ReadMethod.Objects, end, end), ReadMethod.Objects, [row]);
    }

    private static ReadChunk Chunk(ReadMethod method, Instant from, Instant to, SummerTimeHabit habit = SummerTimeHabit.SuBit)
    {
        var range = new TimeRange(from, to);
        return new ReadChunk(
            Curve.Hourly, range, method.Request(FakeMeter.Point, Curve.Hourly.Record(), range, Madrid.Zone, habit),
            Meter.Grid.Count(range));
    }
}
