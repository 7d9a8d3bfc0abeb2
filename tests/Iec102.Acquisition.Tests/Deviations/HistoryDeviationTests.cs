using Iec102.Protocol.Application;
using Iec102.Simulator.Data;
using Iec102.Simulator.Meters;


namespace Iec102.Acquisition.Tests.Deviations;

/// <summary>
/// Load curves of meters that interpret ranges differently or lack something that other meters have (protocol notes 3.3, 4.2, 7.4 and 8).
/// Each curve is read the way a profile actor reads it and the way a one-off read does, and both must have every hour exactly once.
/// </summary>
public sealed class HistoryDeviationTests : DeviationBench
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ranges_with_or_without_their_start_bring_each_row_over_the_wire_once(bool includesStart)
    {
        var history = await ShouldReadBothWays(new() { IncludesRangeStart = includesStart });

        Simulated.Counters.Snapshot().Intervals[SimulatedCurve.Hourly].ShouldBe(2 * history.Recorded.Count);
    }

    [Fact]
    public async Task Early_answers_that_begin_at_midnight_whatever_was_asked() =>
        await ShouldReadBothWays(new() { ListsFromMidnight = true });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Overlapping_answers_with_rows_that_come_twice(bool blocks) =>
        await ShouldReadBothWays(new() { OverlapsFrames = true, HasBlocks = blocks });

    [Fact]
    public async Task Cause_14_to_the_types_that_a_meter_lacks() => await ShouldReadBothWays(new() { HasBlocks = false });

    [Fact]
    public async Task One_object_only() => await ShouldReadBothWays(new() { HasActiveImportOnly = true }, objects: 1);

    [Fact]
    public async Task One_object_in_each_frame() => await ShouldReadBothWays(new() { OneObjectPerFrame = true, HasBlocks = false });

    [Fact]
    public Task Cause_18_to_a_range_without_data() =>
        ShouldFindTheEdge(EmptyRange.PeriodNotAvailable, CauseOfTransmission.PeriodNotAvailable);

    [Fact]
    public Task Cause_13_to_a_range_without_data() =>
        ShouldFindTheEdge(EmptyRange.RecordNotAvailable, CauseOfTransmission.RecordNotAvailable);

    [Fact]
    public Task Cause_17_to_a_range_without_data() =>
        ShouldFindTheEdge(EmptyRange.ObjectNotAvailable, CauseOfTransmission.ObjectNotAvailable);

    /// <summary>The meter answers with the mirrors with cause 7 and cause 10, and no frame between them.</summary>
    [Fact]
    public Task Causes_7_and_10_without_data() => ShouldFindTheEdge(EmptyRange.Completed, default);

    private async Task<CurveHistory> ShouldReadBothWays(MeterBehaviour meter, int objects = 8)
    {
        var client = Connect(meter);
        var session = await client.LogIn();
        var range = Back(days: 12);

        var history = await ReadHistory(client, session.Epoch, range);
        var once = await ReadRange(client, session.Epoch, history.Expected);

        ShouldBeTheTruth(history.Recorded, history.Expected, objects);
        ShouldBeTheTruth(once, history.Expected, objects);
        history.Report(WallClock).Recorded.ShouldBe((int)(history.Expected.To - history.Expected.From).TotalHours);
        return history;
    }

    /// <summary>
    /// The meter holds one week of the forty days wanted: the week is read, the rest is found to be absent, and it takes few requests.
    /// </summary>
    private async Task ShouldFindTheEdge(EmptyRange manner, CauseOfTransmission cause)
    {
        var client = Connect(new() { EmptyRange = manner, HeldDays = 7 });
        var session = await client.LogIn();
        var history = await ReadHistory(client, session.Epoch, Back(days: 40));

        var edge = Madrid.AtStartOfDay(WallClock.InZone(Madrid).Date.PlusDays(-7)).ToInstant();
        ShouldBeTheTruth(history.Recorded, history.Expected with { From = edge });
        var report = history.Report(WallClock);
        (report.Missing, report.Absent, report.Lost).ShouldBe((0, report.Expected - report.Recorded, 0));
        Simulated.Counters.Snapshot().Requests[(byte)TypeIdentification.ReadIncrementalTotalBlocks].ShouldBeLessThan(25);
        Simulated.Counters.Snapshot().Ranges[SimulatedCurve.Hourly].ShouldContain(asked => asked.Completed && asked.Intervals == 0);
        Simulated.Counters.Snapshot().Refusals.Keys.ShouldBe(cause == default ? [] : [(byte)cause]);

        // A one-off read of the same range finds the same edge.
        var once = await ReadRange(client, session.Epoch, history.Expected);
        ShouldBeTheTruth(once, history.Expected with { From = edge });
    }
}
