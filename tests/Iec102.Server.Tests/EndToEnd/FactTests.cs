using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Iec102.Simulator.Hosting;
using Iec102.Simulator.Meters;
using Iec102.Testing;
using NodaTime;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>A meter's facts on their way from the simulated meter to the API and the export, with the real program.</summary>
public sealed class FactTests
{
    private const int Days = 20;
    private const string Meter = "/api/meters/sim-1";

    private static readonly byte[] EventRecords = [52, 53, 54, 55, 128, 129, 130, 131, 132, 133];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Events_closings_tariff_and_configuration_reach_the_api_and_are_stored_once()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(new SimulatorOptions { Meters = 1, HistoryDays = Days });
        var to = SystemClock.Instance.GetCurrentInstant() - Duration.FromMinutes(5);
        var events = TrueEvents(simulator.Meters.Single(), to);
        events.Count.ShouldBeGreaterThan(20);

        await using (var server = await ServerProcess.ServeAsync(site.Fleet, site.Data))
        {
            await UntilToldAsync(server, events.Count, to);
            (await EventsAsync(server, to)).ShouldBe(events);
            var configuration = (await server.Client.GetFromJsonAsync<JsonNode>($"{Meter}/configuration"))!;
            ((uint)configuration["registrar"]!["serialNumber"]!).ShouldBe(simulator.Meters.Single().Options.SerialNumber);
            configuration["contractedPowers"]!.AsArray().ShouldNotBeEmpty();
            configuration["identity"]!["serialNumber"]!.ToString().ShouldBe(configuration["registrar"]!["serialNumber"]!.ToString());
            await PrimaryValuesAsync(
                server,
                (double)configuration["registrar"]!["ratios"]!["primaryCurrent"]!
                / (double)configuration["registrar"]!["ratios"]!["secondaryCurrent"]!);
        }

        await using (var again = await ServerProcess.ServeAsync(site.Fleet, site.Data))
        {
            await UntilToldAsync(again, events.Count, to);
            (await EventsAsync(again, to)).ShouldBe(events);
        }

        var from = to - Duration.FromDays(Days - 2);
        var closings = await site.TruthAsync("sim-1", from, to - Duration.FromHours(1), "daily-closing");
        closings.Count.ShouldBeInRange(Days - 3, Days - 1);
        (await site.ExportAsync("sim-1", from, to - Duration.FromHours(1), "daily-closing")).ShouldBe(closings);
    }

    private static Task UntilToldAsync(ServerProcess server, int events, Instant to) => Site.UntilAsync(
        async () =>
        {
            var configuration = (await server.Client.GetFromJsonAsync<JsonNode>($"{Meter}/configuration"))!;
            var (tariff, closings) = (
                await server.Client.GetFromJsonAsync<JsonNode>($"{Meter}/tariff"),
                await server.Client.GetFromJsonAsync<JsonNode>($"{Meter}/closings"));
            return (await EventsAsync(server, to)).Count >= events
                && configuration["registrar"] is not null
                && configuration["further"] is not null
                && configuration["contractedPowers"]!.AsArray().Count > 0
                && tariff!["contracts"]!.AsArray()
                    .Any(contract => contract!["current"]!.AsArray().Count > 0) && closings!["closings"]!
                    .AsArray().Count >= Days - 1;
        },
        Patience, () => server.Output);

    /// <summary>Waits until a current's primary value is its secondary value times the ratio.</summary>
    private static Task PrimaryValuesAsync(ServerProcess server, double ratio) => Site.UntilAsync(
        async () => (await server.Client.GetFromJsonAsync<JsonNode>($"{Meter}/current"))!["signals"]!.AsArray()
            .FirstOrDefault(signal => signal!["id"]!.ToString() == "current.l1") is { } current && current["primaryValue"] is { } primary
            && Math.Abs((double)primary - (double)current["value"]! * ratio) < 0.001,
        Patience, () => server.Output);

    private static async Task<List<string>> EventsAsync(ServerProcess server, Instant to)
    {
        var answer = await server.Client.GetFromJsonAsync<JsonNode>($"{Meter}/events?to={to:uuuu-MM-ddTHH:mm:ss}Z");
        return
        [
            .. answer!["events"]!.AsArray().Select(one => Text(
                (byte)one!["record"]!, (byte)one["spa"]!, (byte)one["spq"]!, (int)one["spi"]! == 1,
                Instant.FromDateTimeOffset(DateTimeOffset.Parse(one["time"]!.ToString())))).Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The events of the meter according to the formula of its data.</summary>
    private static List<string> TrueEvents(SimulatedMeter meter, Instant to)
    {
        var until = Instant.FromUnixTimeSeconds(to.ToUnixTimeSeconds());
        return [.. EventRecords.SelectMany(record => meter.DataOf(1).Events(record, meter.HistoryStart, until)!
            .Select(one => Text(record, one.Spa, one.Spq, one.Spi, one.At))).Order(StringComparer.Ordinal)];
    }

    private static string Text(byte record, byte spa, byte spq, bool spi, Instant at) =>
        $"{at:uuuu-MM-ddTHH:mm:ss.fff} {record} {spa}/{spq} {spi}";
}
