using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Iec102.Protocol.Application;
using Iec102.Simulator.Data;
using Iec102.Simulator.Hosting;
using Iec102.Simulator.Meters;
using Iec102.Testing;
using NodaTime;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>The whole way from simulated meters on real lines to the exported curve, with the real program.</summary>
public sealed class AcquisitionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private const int Days = 40;

    [Theory]
    [InlineData(20, 1)]
    [InlineData(20, 5)]
    public async Task All_curves_become_complete_and_the_export_equals_what_was_measured(int meters, int perPort)
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(
            new SimulatorOptions { Meters = meters, MetersPerPort = perPort, HistoryDays = Days });
        await using var server = await ServerProcess.ServeAsync(site.Fleet, site.Data);

        await Site.CompleteAsync(server, meters, Patience);

        await ExportsEqualTruthAsync(site, simulator, Days - 1);
    }

    [Fact]
    public async Task The_quarter_hour_curve_is_read_beside_the_hourly_one()
    {
        const int days = 4;
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(new SimulatorOptions { Meters = 1, HistoryDays = days, QuarterHours = true });
        await using var server = await ServerProcess.ServeAsync(site.Fleet, site.Data);
        await Site.UntilAsync(
            async () =>
                (await Site.MeterAsync(server, "sim-1"))["profiles"]!.AsObject() is { Count: 2 } profiles
                    && profiles.All(profile => Site.IsComplete(profile.Value)),
            Patience, () => server.Output);

        var to = SystemClock.Instance.GetCurrentInstant() - Duration.FromHours(2);
        var from = to - Duration.FromDays(days - 1);
        var truth = await site.TruthAsync("sim-1", from, to, "quarter-hour");
        truth.Count.ShouldBe((days - 1) * 96);
        (await site.ExportAsync("sim-1", from, to, "quarter-hour")).ShouldBe(truth);
    }

    [Fact]
    public async Task A_server_killed_in_the_middle_goes_on_from_where_it_was()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(
            new SimulatorOptions
            {
                Meters = 4,
                MetersPerPort = 2,
                HistoryDays = Days,
                Speed = new Lines.LineFormat(57600, 8, Lines.Parity.None, 1),
            });
        await using (var first = await ServerProcess.ServeAsync(site.Fleet, site.Data))
        {
            await Site.UntilAsync(async () => await RecordedAsync(first) > 4 * Days * 24 / 4, Patience, () => first.Output);
            await first.KillAsync();
        }

        var served = simulator.Meters.Sum(meter => meter.Counters.Snapshot().Intervals.GetValueOrDefault(SimulatedCurve.Hourly));
        var (exit, differences) = await ServerProcess.RunAsync("verify", "--data", site.Data);
        exit.ShouldBe(0, differences);
        var kept = Verified(differences);
        kept.ShouldBeGreaterThan(0);
        await using var second = await ServerProcess.ServeAsync(site.Fleet, site.Data);
        await Site.CompleteAsync(second, 4, Patience);

        // Only what had not reached the journal when the server was killed is read again: at most one chunk of each meter.
        var asked = simulator.Meters.Sum(meter => meter.Counters.Snapshot().Intervals.GetValueOrDefault(SimulatedCurve.Hourly)) - served;
        asked.ShouldBeLessThanOrEqualTo(4 * (Days * 24 + 2) - kept);
        await ExportsEqualTruthAsync(site, simulator, Days - 1);
        (exit, differences) = await ServerProcess.RunAsync("verify", "--data", site.Data);
        exit.ShouldBe(0, differences);
    }

    [Fact]
    public async Task A_backup_taken_meanwhile_completes_by_itself_elsewhere()
    {
        using var site = new Site();
        var backup = site.File("backup");
        var restored = site.File("restored");
        await using var simulator = await site.SimulateAsync(
            new SimulatorOptions { Meters = 2, HistoryDays = Days, Speed = new Lines.LineFormat(57600, 8, Lines.Parity.None, 1) });
        await using (var first = await ServerProcess.ServeAsync(site.Fleet, site.Data))
        {
            await Site.UntilAsync(async () => await RecordedAsync(first) > Days * 24 / 4, Patience, () => first.Output);
            (await ServerProcess.RunAsync("backup", "--data", site.Data, "--out", backup)).ExitCode.ShouldBe(0);
        }

        System.IO.Compression.ZipFile.ExtractToDirectory(backup, restored);
        var (exit, report) = await ServerProcess.RunAsync("verify", "--data", restored);
        exit.ShouldBe(0, report);
        Verified(report).ShouldBeGreaterThan(0);
        await using var second = await ServerProcess.ServeAsync(site.Fleet, restored);
        await Site.CompleteAsync(second, 2, Patience);
        (await ServerProcess.RunAsync("verify", "--data", restored)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Meters_that_were_away_are_read_again_by_themselves_and_nothing_is_missing_afterwards()
    {
        using var site = new Site();
        int port;
        await using (var simulator = await site.SimulateAsync(new SimulatorOptions { Meters = 1, HistoryDays = 5 }))
            port = simulator.Lines[0].Port!.Value;
        await File.WriteAllTextAsync(
            site.Fleet,
            (await File.ReadAllTextAsync(site.Fleet)).Replace("tcp = ", "timing { reconnect-max = 2s }, tcp = ", StringComparison.Ordinal));
        await using var server = await ServerProcess.ServeAsync(site.Fleet, site.Data);
        await Site.UntilAsync(async () => (await PortAsync(server))["state"]!.ToString() == "backing-off", Patience, () => server.Output);

        await using var returned = await SimulatorHost.StartAsync(
            new SimulatorOptions { Meters = 1, HistoryDays = 5, Port = port, TruthOut = site.Truth });
        var back = SystemClock.Instance.GetCurrentInstant();
        await Site.UntilAsync(
            async () => (await PortAsync(server))["state"]!.ToString() == "open", TimeSpan.FromSeconds(2 * 1.2 + 1), () => server.Output);

        await Site.CompleteAsync(server, 1, Patience);
        (SystemClock.Instance.GetCurrentInstant() - back).ShouldBeLessThan(Duration.FromMinutes(1));
        await ExportsEqualTruthAsync(site, returned, 4);
    }

    [Fact]
    public async Task The_edge_of_what_a_meter_still_holds_is_found_in_about_ten_requests_and_the_rest_is_absent()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(new SimulatorOptions
        {
            Meters = 1,
            HistoryDays = Days,
            BehaviourOf = _ => new MeterBehaviour { HeldDays = Days / 2 },
        });
        await using var server = await ServerProcess.ServeAsync(site.Fleet, site.Data);

        await Site.CompleteAsync(server, 1, Patience);

        var empty = simulator.Meters.Single().Counters.Snapshot().Ranges[SimulatedCurve.Hourly].Count(range => range.Intervals == 0);
        empty.ShouldBeLessThanOrEqualTo(10);
        var profile = (await Site.MeterAsync(server, "sim-1"))["profiles"]!["hourly"]!;
        ((int)profile["absent"]!).ShouldBeInRange(Days / 2 * 24 - 26, Days / 2 * 24 + 26);
        var coverage = await server.Client.GetFromJsonAsync<JsonNode>("/api/meters/sim-1/profiles/hourly/coverage");
        coverage!["gaps"]!.AsArray().ShouldContain(gap => gap!["state"]!.ToString() == "absent");
        await ExportsEqualTruthAsync(site, simulator, Days / 2 - 1);
    }

    [Fact]
    public async Task Another_meter_at_the_same_address_is_a_wrong_meter_and_nothing_is_mixed()
    {
        using var site = new Site();
        int port;
        await using (var simulator = await site.SimulateAsync(new SimulatorOptions { Meters = 1, HistoryDays = 5 }))
        {
            port = simulator.Lines[0].Port!.Value;
            await using var first = await ServerProcess.ServeAsync(site.Fleet, site.Data);
            await Site.CompleteAsync(first, 1, Patience);
            (await first.TerminateAsync()).ShouldBe(0);
        }

        var before = await ExportAllAsync(site);
        await using var other = await SimulatorHost.StartAsync(new SimulatorOptions { Meters = 1, HistoryDays = 9, Port = port, Seed = 2 });
        await using var server = await ServerProcess.ServeAsync(site.Fleet, site.Data);
        await Site.UntilAsync(
            async () => (await Site.MeterAsync(server, "sim-1"))["state"]!.ToString() == "wrong-meter", Patience, () => server.Output);

        other.Meters.Single().Counters.Snapshot().Requests.Keys.ShouldNotContain((byte)TypeIdentification.ReadIncrementalTotalBlocks);
        (await ExportAllAsync(site)).ShouldBe(before);
    }

    [Fact]
    public async Task A_pseudo_terminal_line_is_read_and_read_again_after_its_far_end_vanished()
    {
        using var site = new Site();
        var options = new SimulatorOptions
        {
            Meters = 2,
            MetersPerPort = 2,
            HistoryDays = 5,
            PtyDirectory = site.File("pty"),
            TruthOut = site.Truth,
        };
        ServerProcess server;
        await using (await site.SimulateAsync(options))
        {
            server = await ServerProcess.ServeAsync(site.Fleet, site.Data);
            await Site.UntilAsync(async () => await RecordedAsync(server) > 0, Patience, () => server.Output);
        }

        await using (server)
        {
            await Site.UntilAsync(
                async () => (await PortAsync(server))["state"]!.ToString() == "backing-off", Patience, () => server.Output);
            await using var returned = await SimulatorHost.StartAsync(options);
            await Site.CompleteAsync(server, 2, Patience);
            await ExportsEqualTruthAsync(site, returned, 4);
        }
    }

    private static async Task<JsonNode> PortAsync(ServerProcess server) =>
        (await server.Client.GetFromJsonAsync<JsonArray>("/api/ports"))![0]!;

    private static async Task<int> RecordedAsync(ServerProcess server) =>
        (await server.Client.GetFromJsonAsync<JsonArray>("/api/meters"))!.Sum(
            meter => (int?)meter!["profiles"]?["hourly"]?["recorded"] ?? 0);

    /// <summary>The number of intervals that verify reports. A server that has just started may not have all of them yet.</summary>
    private static int Verified(string report) =>
        int.Parse(
            Regex.Match(report, @"(\d+) intervals: no differences").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    private static Task<IReadOnlyList<string>> ExportAllAsync(Site site)
    {
        var now = SystemClock.Instance.GetCurrentInstant();
        return site.ExportAsync("sim-1", now - Duration.FromDays(Days), now);
    }

    private static async Task ExportsEqualTruthAsync(Site site, SimulatorHost simulator, int days)
    {
        // The last hour may end during the test, and the depth of the curve cuts into the first day: only what lies safely between is
        // compared.
        var to = SystemClock.Instance.GetCurrentInstant() - Duration.FromHours(2);
        var from = to - Duration.FromDays(days);
        foreach (var meter in simulator.Meters.Select(meter => meter.Options.Id))
        {
            var truth = await site.TruthAsync(meter, from, to);
            truth.Count.ShouldBe(days * 24);
            (await site.ExportAsync(meter, from, to)).ShouldBe(truth);
        }
    }
}
