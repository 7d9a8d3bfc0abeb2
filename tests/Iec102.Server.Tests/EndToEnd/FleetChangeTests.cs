using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Iec102.Simulator;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>The fleet file edited while the server runs.</summary>
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
        await Site.UntilAsync(() => Task.FromResult(server.Output.Contains("goes on as before", StringComparison.Ordinal)), Seconds, () => server.Output);
        server.Output.ShouldContain("'nine'");

        await File.WriteAllTextAsync(site.Fleet, withoutThird);
        await Site.UntilAsync(async () => (await server.Client.GetFromJsonAsync<JsonArray>("/api/meters"))!.Count == 2, Seconds, () => server.Output);
        var lines = simulator.Lines.Select(line => line.Line.Counts.Connections).ToList();
        lines.ShouldBe([1, 1, 1]);
        simulator.Meters.Take(2).ShouldAllBe(meter => meter.Counters.Snapshot().Logins == 1);
    }
}
