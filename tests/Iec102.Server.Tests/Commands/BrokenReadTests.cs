using Iec102.Contract;
using Iec102.Server.Tests.EndToEnd;
using Iec102.Simulator.Data;
using Iec102.Simulator.Faults;
using Iec102.Simulator.Hosting;
using NodaTime;

namespace Iec102.Server.Tests.Commands;

/// <summary>One-off reads that are interrupted, and reads that show what the server has stored.</summary>
public sealed class BrokenReadTests
{
    /// <summary>Intervals that the meter has counted as sent and that have not arrived yet: a frame holds at most six.</summary>
    private const int FramesUnderWay = 12;

    [Fact]
    public async Task A_line_that_breaks_now_and_then_is_opened_anew_and_everything_is_read()
    {
        using var site = new Site();
        // About one answer in a hundred breaks the connection; the seed decides which.
        await using var simulator = await site.SimulateAsync(new SimulatorOptions
        {
            Faults = new FaultPlan { Disconnect = 0.01 },
            Seed = 7,
            HistoryDays = 150,
        });
        var from = TimeText.Format(simulator.Meters.Single().HistoryStart, DateTimeZone.Utc);

        var result = await Cli.RunAsync(
            $"read profile --tcp {simulator.Lines[0].Address} --link 1 --password 1 --meter sim-1 --curve quarter-hour --from {from} "
            + "--format csv");

        result.Status.ShouldBe(0, result.Error);
        var sentences = result.Error.TrimEnd().Split('\n');
        sentences.ShouldAllBe(
            sentence => System.Text.RegularExpressions.Regex.IsMatch(
                sentence, @"^The far end closed the line: the session is reopened \([123] of 3\)\.$"));
        simulator.Meters.Single().Counters.Snapshot().Logins.ShouldBeGreaterThanOrEqualTo(1 + sentences.Length / 3);
        var truth = (await File.ReadAllLinesAsync(Path.Combine(site.Truth, "sim-1-quarter-hour.csv"))).Take(result.Lines.Length);
        result.Lines.ShouldBe(truth);
        result.Lines.Length.ShouldBeGreaterThan(149 * 96);
    }

    [Fact]
    public async Task When_the_line_is_gone_for_good_what_came_before_is_written_and_the_rest_is_said_to_be_missing()
    {
        var simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions { HistoryDays = 60, Speed = new(115200, 8, Lines.Parity.None, 1) });
        var reading = Cli.RunAsync($"read profile {LongRead(simulator)}");
        await BeginsAsync(simulator);

        await simulator.DisposeAsync();
        var result = await reading;

        result.Status.ShouldBe(1);
        var sentences = result.Error.TrimEnd().Split('\n');
        sentences[..^1].Select(sentence => sentence[^8..]).ShouldBe(["1 of 3).", "2 of 3).", "3 of 3)."]);
        sentences[^1].ShouldMatch("^[0-9]+ of [0-9]+ intervals are missing, from .* to .*: 127.0.0.1:[0-9]+ refuses the connection");
        result.Lines.Length.ShouldBeGreaterThan(300);
    }

    [Fact]
    public async Task A_noisy_line_is_read_completely()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(new SimulatorOptions
        {
            Faults = new FaultPlan { Loss = 0.05, BitErrors = 1e-5, Junk = 0.05 },
            Seed = 3,
            HistoryDays = 5,
        });
        var from = TimeText.Format(simulator.Meters.Single().HistoryStart, DateTimeZone.Utc);

        var result = await Cli.RunAsync(
            $"read profile --tcp {simulator.Lines[0].Address} --link 1 --password 1 --meter sim-1 --from {from} --format csv "
            + "--reply-timeout 300ms --retries 8");

        result.Status.ShouldBe(0, result.Error);
        result.Lines.Length.ShouldBeGreaterThan(5 * 24 - 2);
        (await File.ReadAllLinesAsync(Path.Combine(site.Truth, "sim-1-hourly.csv"))).Take(result.Lines.Length).ShouldBe(result.Lines);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(20)]
    public async Task A_read_that_is_stopped_writes_what_it_has_also_of_the_request_that_is_being_answered(int intervals)
    {
        await using var simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions { HistoryDays = 60, Speed = new(115200, 8, Lines.Parity.None, 1) });
        using var stop = new CancellationTokenSource();

        var reading = Cli.RunAsync($"read profile {LongRead(simulator)}", ct: stop.Token);
        await BeginsAsync(simulator, intervals);
        await stop.CancelAsync();
        var result = await reading;

        result.Status.ShouldBe(1);
        result.Sentence.ShouldEndWith(": the reading was stopped.");
        result.Lines.Length.ShouldBeGreaterThan(1 + intervals - FramesUnderWay);
    }

    [Fact]
    public async Task A_read_writes_to_the_octet_what_an_export_of_the_same_intervals_writes()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(new SimulatorOptions { HistoryDays = 3 });
        await using (var host = await Api.RunningServer.StartAsync(simulator.Fleet, site.Data))
        {
            await Site.UntilAsync(
                async () => (await Cli.RunAsync($"export --data {site.Data} --all")).Lines.Length > 3 * 24, TimeSpan.FromMinutes(3),
                () => "The meter was not read.");
        }

        var now = SystemClock.Instance.GetCurrentInstant();
        var range = $"--from {TimeText.Format(now - Duration.FromHours(50), DateTimeZone.Utc)} "
            + $"--to {TimeText.Format(now - Duration.FromHours(2), DateTimeZone.Utc)}";
        var export = await Cli.RunAsync($"export --data {site.Data} --meter sim-1 {range}");
        var read = await Cli.RunAsync(
            $"read profile --tcp {simulator.Lines[0].Address} --link 1 --password 1 --meter sim-1 {range} --format csv");

        read.Status.ShouldBe(0, read.Error);
        read.Output.ShouldBe(export.Output);
        read.Lines.Length.ShouldBe(1 + 48);
    }

    private static string LongRead(SimulatorHost simulator) =>
        $"--tcp {simulator.Lines[0].Address} --link 1 --password 1 --curve quarter-hour --format csv "
        + $"--from {TimeText.Format(simulator.Meters.Single().HistoryStart, DateTimeZone.Utc)}";

    private static Task BeginsAsync(SimulatorHost simulator, int intervals = 400) => Site.UntilAsync(
        () => Task.FromResult(
            simulator.Meters.Single().Counters.Snapshot().Intervals.GetValueOrDefault(SimulatedCurve.QuarterHour) > intervals),
        TimeSpan.FromMinutes(2), () => "Nothing is read.");
}
