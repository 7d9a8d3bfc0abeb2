using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Simulator.Data;
using Iec102.Simulator.Meters;
using Iec102.Testing;
using NodaTime;

namespace Iec102.Simulator.Tests;

public class RangeTests
{
    private readonly SetTime _time = new("2024-11-05T12:20:00+01:00");

    [Fact]
    public async Task A_day_asked_from_00_01_has_24_hours_from_01_00_to_midnight()
    {
        var rows = await HoursAsync(new(), "2024-10-15 00:01", "2024-10-16 00:00");

        rows.Count.ShouldBe(24);
        rows[0].ShouldBe("2024-10-15T01:00:00+02:00");
        rows[^1].ShouldBe("2024-10-16T00:00:00+02:00");
    }

    [Theory]
    [InlineData(true, 25)]
    [InlineData(false, 24)]
    public async Task The_start_of_a_range_belongs_to_it_or_not(bool inclusive, int expected)
    {
        var rows = await HoursAsync(new() { IncludesRangeStart = inclusive }, "2024-10-15 00:00", "2024-10-16 00:00");

        rows.Count.ShouldBe(expected);
        rows.Contains("2024-10-15T00:00:00+02:00").ShouldBe(inclusive);
    }

    [Fact]
    public async Task Tags_of_a_request_without_SU_mean_the_same_hours_in_summer() =>
        (await HoursAsync(new(), "2024-10-15 00:01", "2024-10-16 00:00", fromSummer: true, toSummer: true))
            .ShouldBe(await HoursAsync(new(), "2024-10-15 00:01", "2024-10-16 00:00"));

    [Fact]
    public async Task The_autumn_day_has_25_labels_told_apart_by_SU()
    {
        var rows = await HoursAsync(new(), "2024-10-27 00:01", "2024-10-28 00:00");

        rows.Count.ShouldBe(25);
        rows.Take(5).ShouldBe(
        [
            "2024-10-27T01:00:00+02:00", "2024-10-27T02:00:00+02:00", "2024-10-27T02:00:00+01:00",
            "2024-10-27T03:00:00+01:00", "2024-10-27T04:00:00+01:00",
        ]);
        rows.Distinct().Count().ShouldBe(25);
    }

    [Fact]
    public async Task The_tags_around_the_clock_changes_are_those_of_the_notes()
    {
        var autumn = await TagsAsync("2024-11-05T12:20:00+01:00", 11, "2024-10-27 00:01", "2024-10-27 03:00");
        var spring = await TagsAsync("2024-04-05T12:20:00+02:00", 11, "2024-03-31 00:01", "2024-03-31 04:00");

        autumn.ShouldBe(["00 81 fb 0a 18", "00 82 fb 0a 18", "00 02 fb 0a 18", "00 03 fb 0a 18"]);
        spring.ShouldBe(["00 01 ff 03 18", "00 83 ff 03 18", "00 84 ff 03 18"]);
    }

    [Theory]
    [InlineData("2024-10-15", "2024-10-16", 24)]
    [InlineData("2024-10-27", "2024-10-28", 25)]
    [InlineData("2024-03-31", "2024-04-01", 23)]
    public async Task Each_day_has_its_hours_and_four_times_as_many_quarters(string day, string next, int hours)
    {
        (await TagsAsync("2024-11-05T12:20:00+01:00", 11, day + " 00:01", next + " 00:00")).Count.ShouldBe(hours);
        (await TagsAsync("2024-11-05T12:20:00+01:00", 12, day + " 00:01", next + " 00:00")).Count.ShouldBe(4 * hours);
    }

    [Fact]
    public async Task The_doubled_hour_in_quarters_runs_as_in_the_notes()
    {
        var tags = await TagsAsync("2024-11-05T12:20:00+01:00", 12, "2024-10-27 01:50", "2024-10-27 03:00");

        tags.ShouldBe([
            "00 82 fb 0a 18", "0f 82 fb 0a 18", "1e 82 fb 0a 18", "2d 82 fb 0a 18", "00 02 fb 0a 18",
            "0f 02 fb 0a 18", "1e 02 fb 0a 18", "2d 02 fb 0a 18", "00 03 fb 0a 18"]);
    }

    [Theory]
    [InlineData(true, "2024-10-27T02:00:00+02:00")]
    [InlineData(false, "2024-10-27T02:00:00+01:00")]
    public async Task SU_tells_which_of_the_two_hours_a_limit_means(bool summer, string first) =>
        (await HoursAsync(new(), "2024-10-27 02:00", "2024-10-27 04:00", fromSummer: summer))[0].ShouldBe(first);

    [Fact]
    public async Task The_hour_that_spring_leaves_out_is_taken_for_the_one_after_it()
    {
        _time.Set("2024-04-05T12:20:00+02:00");

        (await HoursAsync(new(), "2024-03-31 02:00", "2024-03-31 04:00"))[0].ShouldBe("2024-03-31T03:00:00+02:00");
    }

    [Theory]
    [InlineData(SummerTimeHabit.AlwaysWinter, new[] { "00 01 fb 0a 18", "00 02 fb 0a 18", "00 03 fb 0a 18" })]
    [InlineData(SummerTimeHabit.Civil, new[] { "00 01 fb 0a 18", "00 02 fb 0a 18", "00 02 fb 0a 18", "00 03 fb 0a 18" })]
    public async Task Meters_with_other_habits_label_the_same_hours_their_way(SummerTimeHabit habit, string[] tags) =>
        (await TagsAsync("2024-11-05T12:20:00+01:00", 11, "2024-10-27 00:01", "2024-10-27 03:00", new() { SummerTime = habit }))
            .ShouldBe(tags);

    [Fact]
    public async Task Intervals_appear_when_they_have_ended_by_the_meters_clock()
    {
        (await HoursAsync(new(), "2024-11-05 10:01", "2024-11-06 00:00"))
            .ShouldBe(["2024-11-05T11:00:00+01:00", "2024-11-05T12:00:00+01:00"]);

        _time.Now += Duration.FromMinutes(40);

        (await HoursAsync(new(), "2024-11-05 10:01", "2024-11-06 00:00"))
            .ShouldBe(["2024-11-05T11:00:00+01:00", "2024-11-05T12:00:00+01:00", "2024-11-05T13:00:00+01:00"]);
    }

    [Fact]
    public async Task What_is_older_than_the_meter_holds_is_left_out()
    {
        var all = await HoursAsync(new(), "2024-01-01 00:01", "2024-10-01 00:00");
        var held = await HoursAsync(new() { HeldDays = 10 }, "2024-01-01 00:01", "2024-11-01 00:00");

        all[0].ShouldBe("2024-09-26T01:00:00+02:00");
        held[0].ShouldBe("2024-10-26T01:00:00+02:00");
    }

    [Theory]
    [InlineData(EmptyRange.Completed, new byte[] { 7, 10 })]
    [InlineData(EmptyRange.RecordNotAvailable, new byte[] { 13 })]
    [InlineData(EmptyRange.ObjectNotAvailable, new byte[] { 17 })]
    [InlineData(EmptyRange.PeriodNotAvailable, new byte[] { 18 })]
    public async Task An_empty_range_is_answered_as_the_meter_is_wont_to(EmptyRange habit, byte[] causes)
    {
        var master = PlainMaster.Of(Meters.Make(_time, new() { EmptyRange = habit }).Slave());
        await master.LogInAsync();

        var future = await master.AskAsync(
            Request.ReadIncrementalTotals(1, 11, 1, 8, Meters.Tag("2024-12-01 00:01"), Meters.Tag("2024-12-02 00:00")));
        var reversed = await master.AskAsync(
            Request.ReadIncrementalTotalBlocks(1, 11, 9, Meters.Tag("2024-10-02 00:01"), Meters.Tag("2024-10-01 00:00")));

        future.Select(Meters.CauseOf).ShouldBe(causes);
        reversed.Select(Meters.CauseOf).ShouldBe(causes);
    }

    [Theory]
    [InlineData(9, 5, 8)]
    [InlineData(10, 6, 6)]
    [InlineData(11, 11, 3)]
    public async Task Block_frames_are_filled(byte block, int blocksPerFrame, int values)
    {
        var master = PlainMaster.Of(Meters.Make(_time).Slave());
        await master.LogInAsync();

        var answers = await master.AskAsync(
            Request.ReadIncrementalTotalBlocks(1, 11, block, Meters.Tag("2024-10-15 00:01"), Meters.Tag("2024-10-16 00:00")));

        var counts = answers.Where(asdu => asdu[2] == 5).Select(asdu => (int)asdu[1]).ToList();
        counts.Sum().ShouldBe(24);
        counts.SkipLast(1).ShouldAllBe(count => count == blocksPerFrame);
        PlainRow.Of(answers).ShouldAllBe(row => row.Values.Length == values);
    }

    [Fact]
    public async Task The_block_of_three_holds_objects_1_3_and_6()
    {
        var master = PlainMaster.Of(Meters.Make(_time).Slave());
        await master.LogInAsync();
        var (from, to) = (Meters.Tag("2024-10-15 00:01"), Meters.Tag("2024-10-16 00:00"));

        var blocks = PlainRow.Of(await master.AskAsync(Request.ReadIncrementalTotalBlocks(1, 11, 11, from, to))).ToList();
        var objects = PlainRow.Of(await master.AskAsync(Request.ReadIncrementalTotals(1, 11, 1, 6, from, to))).ToList();

        blocks.Select(row => string.Join(' ', row.Values))
            .ShouldBe(objects.Select(row => $"{row.Values[0]} {row.Values[2]} {row.Values[5]}"));
    }

    [Fact]
    public async Task A_meter_of_active_energy_only_gives_object_1_alone()
    {
        var master = PlainMaster.Of(Meters.Make(_time, new() { HasActiveImportOnly = true }).Slave());
        await master.LogInAsync();
        var (from, to) = (Meters.Tag("2024-10-15 00:01"), Meters.Tag("2024-10-16 00:00"));

        PlainRow.Of(await master.AskAsync(Request.ReadIncrementalTotals(1, 11, 1, 8, from, to))).ShouldAllBe(row => row.Values.Length == 1);
        Meters.CauseOf((await master.AskAsync(Request.ReadIncrementalTotals(1, 11, 3, 8, from, to))).Single()).ShouldBe((byte)17);
        Meters.CauseOf((await master.AskAsync(Request.ReadIncrementalTotalBlocks(1, 11, 10, from, to))).Single()).ShouldBe((byte)17);
    }

    [Fact]
    public async Task A_long_answer_is_computed_frame_by_frame()
    {
        var data = new CountingData(new MeterData(1, 1, 1));
        var master = PlainMaster.Of(new SimulatedMeter(new MeterOptions("lazy", 1), _ => data, _time).Slave());
        await master.LogInAsync();

        await master.SendAsync(
            Request.ReadIncrementalTotals(1, 12, 1, 8, Meters.Tag("2024-09-26 00:01"), Meters.Tag("2024-11-05 00:00")).Asdu);
        await master.PollAsync();
        data.Readings.ShouldBe(0);
        await master.PollAsync();
        data.Readings.ShouldBe(8);
        await master.PollAsync();
        data.Readings.ShouldBe(16);
    }

    [Fact]
    public async Task Daily_closings_are_the_registers_at_midnight()
    {
        var meter = Meters.Make(_time);
        var master = PlainMaster.Of(meter.Slave());
        await master.LogInAsync();

        var closings = PlainRow.Of(await master.AskAsync(
            Request.ReadIntegratedTotals(1, 21, 1, 8, Meters.Tag("2024-10-26 00:00"), Meters.Tag("2024-10-28 00:00")))).ToList();
        var blocks = PlainRow.Of(await master.AskAsync(
            Request.ReadIntegratedTotalBlocks(1, 21, 9, Meters.Tag("2024-10-26 00:00"), Meters.Tag("2024-10-28 00:00")))).ToList();
        var autumnDay = PlainRow.Of(await master.AskAsync(
            Request.ReadIncrementalTotals(1, 11, 1, 8, Meters.Tag("2024-10-27 00:01"), Meters.Tag("2024-10-28 00:00")))).ToList();

        closings.Select(row => row.End).ShouldBe(["2024-10-26T00:00:00+02:00", "2024-10-27T00:00:00+02:00", "2024-10-28T00:00:00+01:00"]);
        closings.Select(row => row.Csv("m", "c")).ShouldBe(blocks.Select(row => row.Csv("m", "c")));
        for (var k = 0; k < 6; k++)
            ((long)closings[2].Values[k] - closings[1].Values[k]).ShouldBe(autumnDay.Sum(row => (long)row.Values[k]));
    }

    private async Task<List<string>> HoursAsync(
        MeterBehaviour behaviour, string from, string to, bool fromSummer = false, bool toSummer = false)
    {
        var master = PlainMaster.Of(Meters.Make(_time, behaviour).Slave());
        await master.LogInAsync();
        var request = Request.ReadIncrementalTotals(1, 11, 1, 8, Meters.Tag(from, fromSummer), Meters.Tag(to, toSummer));
        return [.. PlainRow.Of(await master.AskAsync(request)).Select(row => row.End)];
    }

    private async Task<List<string>> TagsAsync(string now, byte record, string from, string to, MeterBehaviour? behaviour = null)
    {
        _time.Set(now);
        var master = PlainMaster.Of(Meters.Make(_time, behaviour, historyDays: 300).Slave());
        await master.LogInAsync();
        var answers = await master.AskAsync(Request.ReadIncrementalTotals(1, record, 1, 1, Meters.Tag(from), Meters.Tag(to)));
        return [.. answers.Where(asdu => asdu[2] == 5).Select(asdu => Octets.Hex(asdu.AsSpan(12)))];
    }

    private sealed class CountingData(IMeterData data) : IMeterData
    {
        public int Readings { get; private set; }

        public Reading Increment(Instant end, int quarters, int @object)
        {
            Readings++;
            return data.Increment(end, quarters, @object);
        }

        public Reading Register(Instant at, int @object) => data.Register(at, @object);

        public InstantaneousValues InstantaneousAt(Instant at, TimeTagA tag) => data.InstantaneousAt(at, tag);
    }
}
