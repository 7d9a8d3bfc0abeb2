using System.Globalization;
using System.Text.Json.Nodes;
using Iec102.Acquisition;
using Iec102.Simulator.Hosting;
using Iec102.Testing;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>What actors log arrives in the log of the real program, from start to shutdown.</summary>
public sealed class LogTests
{
    private const uint Key = 0xC6579AD3;

    [Fact]
    public async Task A_log_in_JSON_names_every_event_of_an_actor_and_keeps_its_values_and_has_no_key()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(new SimulatorOptions { HistoryDays = 1, Key = Key });
        await using var server = await ServerProcess.ServeAsync(
            site.Fleet, site.Data, "--log-format", "json", "--log-file", site.File("server.log"), "--trace", "line-1");
        await Site.UntilAsync(
            async () => (string)(await Site.MeterAsync(server, "sim-1"))["state"]! == "online", TimeSpan.FromMinutes(1),
            () => server.Output);
        (await server.TerminateAsync()).ShouldBe(0);

        var written = await File.ReadAllLinesAsync(Directory.EnumerateFiles(Path.GetDirectoryName(site.Fleet)!, "server*.log").Single());
        var lines = written.Select(line => JsonNode.Parse(line)!).ToList();
        var opened = lines.First(line => NameOf(line) == nameof(LogEvents.PortOpened));
        ((string)opened["Port"]!).ShouldBe("line-1");
        ((string)opened["Address"]!).ShouldBe($"tcp://{simulator.Lines[0].Address}");
        ((string)lines.First(line => NameOf(line) == nameof(LogEvents.MeterOnline))["Meter"]!).ShouldBe("sim-1");
        ((string)lines.First(line => NameOf(line) == nameof(LogEvents.FrameTraced))["@l"]!).ShouldBe("Debug");
        NameOf(lines.Last(line => line["Port"] is not null)).ShouldBe(nameof(LogEvents.PortReleased));
        foreach (var text in written)
        {
            text.ShouldNotContain(Key.ToString(CultureInfo.InvariantCulture));
            server.Output.ShouldContain(text);
        }
    }

    private static string? NameOf(JsonNode line) => (string?)line["Event"];
}
