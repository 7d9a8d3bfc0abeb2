using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Iec102.Simulator.Hosting;
using Iec102.Testing;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>The fleet file is edited while the server runs.</summary>
public sealed class FleetChangeTests
{
    private static readonly TimeSpan Seconds = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_change_touches_only_what_it_names_and_a_broken_one_nothing()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(new SimulatorOptions { Meters = 3, HistoryDays = 3 });
        var all = await File.ReadAllTextAsync(site.Fleet);
        var withoutThird = string.Join('\n', all.Split('\n').Where(line => !line.Contains("sim-3 {", StringComparison.Ordinal)));
        await File.WriteAllTextAsync(site.Fleet, withoutThird);
        await using var server = await ServerProcess.ServeAsync(site.Fleet, site.Data);
        await Site.CompleteAsync(server, 2, TimeSpan.FromMinutes(1));

        await File.WriteAllTextAsync(site.Fleet, all);
        await Site.CompleteAsync(server, 3, Seconds);

        await File.WriteAllTextAsync(site.Fleet, all.Replace("link-address = 1", "link-address = nine", StringComparison.Ordinal));
        await Site.UntilAsync(
            () => Task.FromResult(server.Output.Contains("goes on as before", StringComparison.Ordinal)), Seconds, () => server.Output);
        server.Output.ShouldContain("'nine'");

        await File.WriteAllTextAsync(site.Fleet, withoutThird);
        await Site.UntilAsync(
            async () => (await server.Client.GetFromJsonAsync<JsonArray>("/api/meters"))!.Count == 2, Seconds, () => server.Output);
        var lines = simulator.Lines.Select(line => line.Line.Counts.Connections).ToList();
        lines.ShouldBe([1, 1, 1]);
        simulator.Meters.Take(2).ShouldAllBe(meter => meter.Counters.Snapshot().Logins == 1);
    }

    [Fact]
    public async Task A_port_that_takes_long_to_release_holds_up_no_other_edit()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(new SimulatorOptions { Meters = 1, HistoryDays = 2 });
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var good = await File.ReadAllTextAsync(site.Fleet);
        await File.WriteAllTextAsync(site.Fleet, good + Slow(retries: 3));
        await using var server = await ServerProcess.ServeAsync(site.Fleet, site.Data);
        await Site.CompleteOfAsync(server, "sim-1", TimeSpan.FromMinutes(1));
        using var line = await silent.AcceptTcpClientAsync();
        (await line.GetStream().ReadAsync(new byte[64])).ShouldBeGreaterThan(0, "a frame is on its way and is never answered");

        await ChangeAsync(good + Slow(retries: 1));
        await Site.UntilAsync(async () => (await PendingAsync(server)).Count > 0, Seconds, () => server.Output);
        await ChangeAsync(good.Replace("sim-1 {", "sim-1 { session-idle = 30s,", StringComparison.Ordinal) + Slow(retries: 1));
        await Site.UntilAsync(
            () => Task.FromResult(server.Output.Contains("meter sim-1 changed", StringComparison.Ordinal)), Seconds, () => server.Output);

        (await PendingAsync(server)).ShouldBe(["port slow restart", "meter slow start"], server.Output);
        await Site.CompleteOfAsync(server, "sim-1", Seconds);
        await Site.UntilAsync(async () => (await PendingAsync(server)).Count == 0, TimeSpan.FromSeconds(40), () => server.Output);
        server.Output.ShouldMatch("port slow has been ending for [5-9] s; waiting for it: meter slow");
        server.Output.Split('\n')
            .Count(line => line.Contains("The fleet is in force (ports: 2 of 2, meters: 2 of 2)", StringComparison.Ordinal))
            .ShouldBe(2, server.Output);

        string Slow(int retries) => $$"""

            iec102.ports.slow { tcp = "{{silent.LocalEndpoint}}", timing { reply-timeout = 20s, retries = {{retries}} } }
            iec102.meters.slow { port = slow, link-address = 1, point-address = 1, password = 1 }

            """;

        async Task ChangeAsync(string text)
        {
            await File.WriteAllTextAsync(site.Fleet, text);
            server.HangUp();
        }
    }

    [Fact]
    public async Task Included_files_are_followed_wherever_they_are_and_a_broken_one_is_shown_until_it_is_mended()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(new SimulatorOptions { Meters = 2, HistoryDays = 2 });
        var meters = await File.ReadAllTextAsync(site.Fleet);
        var elsewhere = Directory.CreateDirectory(site.File("elsewhere")).FullName;
        var included = Path.Combine(elsewhere, "meters.inc");
        await File.WriteAllTextAsync(included, meters);
        await File.WriteAllTextAsync(site.Fleet, $"include \"{included}\"\n");
        await using var server = await ServerProcess.ServeAsync(site.Fleet, site.Data);
        await Site.CompleteAsync(server, 2, TimeSpan.FromMinutes(1));

        await ReplaceAsync(meters.Replace("link-address = 1", "link-address = nine", StringComparison.Ordinal));
        await Site.UntilAsync(
            async () => (await HealthAsync(server)).Contains("not applied", StringComparison.Ordinal), Seconds, () => server.Output);
        (await HealthAsync(server)).ShouldStartWith("ready\n");
        var problem = (await FleetAsync(server))["rejected"]!["problems"]![0]!;
        ((string)problem["file"]!).ShouldBe(included);
        ((string)problem["sentence"]!).ShouldContain("'nine'");
        (await Commands.Cli.RunAsync($"status --url {server.Client.BaseAddress}")).Lines[1].ShouldStartWith($"  {included}:");
        ((string)(await FleetAsync(server))["state"]!).ShouldBe("in-force");

        await ReplaceAsync(string.Join('\n', meters.Split('\n').Where(line => !line.Contains("sim-2 {", StringComparison.Ordinal))));
        await Site.UntilAsync(
            async () => (await server.Client.GetFromJsonAsync<JsonArray>("/api/meters"))!.Count == 1, Seconds, () => server.Output);
        (await HealthAsync(server)).ShouldBe("ready");
        (await FleetAsync(server))["rejected"].ShouldBeNull();

        // Replaces the file with another one, as editors do when they save.
        async Task ReplaceAsync(string text)
        {
            await File.WriteAllTextAsync(included + "~", text);
            File.Move(included + "~", included, overwrite: true);
        }
    }

    private static async Task<JsonNode> FleetAsync(ServerProcess server) => (await server.Client.GetFromJsonAsync<JsonNode>("/api/fleet"))!;

    private static async Task<IReadOnlyList<string>> PendingAsync(ServerProcess server) =>
        [.. (await FleetAsync(server))["pending"]!.AsArray().Select(pending => $"{pending!["part"]} {pending["id"]} {pending["change"]}")];

    private static Task<string> HealthAsync(ServerProcess server) => server.Client.GetStringAsync("/health/ready");
}
