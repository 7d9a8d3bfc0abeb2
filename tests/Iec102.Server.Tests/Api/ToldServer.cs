using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Akka.Actor;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Server.Api;
using Iec102.Server.Hosting;
using NodaTime;

namespace Iec102.Server.Tests.Api;

/// <summary>
/// A server in this process whose only enabled meter never answers: the test sends the server everything that meters would have given.
/// </summary>
public sealed class ToldServer : IAsyncLifetime
{
    public const uint Serial = 48304838;
    public const string Id = "m-1";

    public static readonly DateTimeZone Madrid = DateTimeZoneProviders.Tzdb["Europe/Madrid"];

    /// <summary>Monday 2024-07-15 00:00 in Madrid.</summary>
    public static readonly Instant Day = Instant.FromUtc(2024, 7, 14, 22, 0);

    public static readonly Instant ReadAt = Day + Duration.FromHours(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-told-");
    private ServerHost _host = null!;

    public HttpClient Client { get; private set; } = null!;

    public string Data => Path.Combine(_folder.FullName, "data");

    public async Task InitializeAsync()
    {
        _host = await RunningServer.StartAsync(
            """
            iec102 {
              ports { p { tcp = "127.0.0.1:1" } }
              meters { m-1 { port = p, link-address = 1, point-address = 1, password = 12345677, name = "Bomba, pozo 3"
                             site = Norte, group = "Cliente A", tags = [solar], cups = ES1234123456789012JY, meter-number = "48304838" }
                       m-2 { port = p, link-address = 2, point-address = 1, password = 1, enabled = false } }
            }
            """,
            Data);
        Client = new HttpClient { BaseAddress = new Uri(_host.Urls[0]) };
        foreach (var told in Everything())
            Tell(told);
        await EndToEnd.Site.UntilAsync(
            async () => (await GetAsync($"/api/meters/{Id}/clock"))!["writes"]!.AsArray().Count > 0, TimeSpan.FromSeconds(30),
            () => "Nothing was stored.");
        // The second configuration is sent only now: of two that wait together, the writer would store only the later one.
        Tell(new ConfigurationRead(Id, Serial, ReadAt + Duration.FromDays(1), Configurations.Powers(60)));
        await EndToEnd.Site.UntilAsync(
            async () => (int)(await GetAsync($"/api/meters/{Id}/configuration"))!["contractedPowers"]![0]!["powers"]![0]!["power"]! == 60,
            TimeSpan.FromSeconds(30), () => "The change was not stored.");
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Sends a message to the live state, the writer or both, as a meter's actor would.</summary>
    public void Tell(object message)
    {
        var liveState = _host.Node.LiveState;
        if (message is MeterFact or StoreIdentity or StoreClockCheck or StoreCurrentValues)
            new ActorSelection(liveState, "../writer").Tell(message, liveState);
        if (message is not MeterFact or ClockWritten)
            liveState.Tell(message, ActorRefs.NoSender);
    }

    /// <summary>The server as its terminal sees it.</summary>
    internal ServerNode Node => _host.Node;

    public Task<JsonNode?> GetAsync(string path) => Client.GetFromJsonAsync<JsonNode>(path);

    public static EventRead Event(byte spa, byte spq, Instant at, bool spi = false) =>
        new(new MeterEvent(spa, spq, spi, CivilTime.ToTagB(at, Madrid)), at, 0);

    /// <summary>Ends with a clock setting: once that one is stored, so is everything before it.</summary>
    private static IEnumerable<object> Everything()
    {
        var midnight = Day + Duration.FromHours(24);
        yield return new StoreIdentity(Id, new DeviceIdentification(2005, 11, 66, Serial), ReadAt);
        yield return new EventsRead(Id, Serial, ReadAt, 52, ReadAt,
        [
            Event(3, 2, Day + Duration.FromMilliseconds(3_600_250), spi: true),
            new EventRead(new MeterEvent(1, 1, false, TimeTagB.Read(new byte[7])), null, 0),
        ]);
        yield return new EventsRead(Id, Serial, ReadAt, 128, ReadAt, [Event(18, 1, Day + Duration.FromHours(2))]);
        yield return new TariffRead(
            Id, Serial, ReadAt, 134, false, ReadAt, [Period(20, 200, Day, midnight), Period(21, 150, Day, midnight)]);
        yield return new TariffRead(Id, Serial, ReadAt, 134, true, ReadAt, [Period(20, 100, Day - Duration.FromDays(31), Day)]);
        yield return new ClosingsRead(Id, Serial, ReadAt, false, ReadAt, [Closing(Day, 1000), Closing(midnight, 1010)]);
        yield return new ClosingsRead(Id, Serial, ReadAt, true, ReadAt, [Closing(Day - Duration.FromDays(1), 990)]);
        foreach (var asdu in Configurations.All)
            yield return new ConfigurationRead(Id, Serial, ReadAt, asdu);
        yield return new CurrentValuesRead(Id, Duration.FromSeconds(15),
        [
            new CurrentValue("voltage.l1", 63.5, "V", ValueQuality.Good, Day, Day, 10_000),
            new CurrentValue("power.active.l1", 1.5, "kW", ValueQuality.Good, Day, Day),
        ]);
        yield return Check(0, -10);
        yield return new EventsRead(Id, Serial, ReadAt, 53, ReadAt, []);
        yield return new ClockWritten(
            Id, Serial, ReadAt, Duration.FromMilliseconds(-90_250), CivilTime.ToTagB(ReadAt, Madrid), ClockWriteOutcome.Refused,
            "the meter refused: cause 14");
    }

    public static StoreClockCheck Check(double hours, double offset)
    {
        var at = Day + Duration.FromHours(hours);
        return new StoreClockCheck(
            Id,
            new ClockReading(
                CivilTime.ToTagB(at + Duration.FromSeconds(offset), Madrid), Duration.FromSeconds(offset), Duration.FromMilliseconds(40),
                at));
    }

    private static TariffPeriodRead Period(byte address, uint active, Instant start, Instant end)
    {
        var maximumAt = start + Duration.FromHours(9);
        return new TariffPeriodRead(
            new TariffInformation(
                address, new TariffEnergy(active, active / 2), new TariffEnergy(3, 4), new TariffEnergy(5, 6),
                new TariffValue(0, Quality.Invalid),
                new TariffValue(0, Quality.Invalid), new TariffMaximum(84, Label(maximumAt)), new TariffValue(9), Label(start), Label(end)),
            start, end, maximumAt);
    }

    private static RecordedInterval Closing(Instant at, uint aPlus)
    {
        var row = new TotalsRow { Time = Label(at) };
        row.Set(1, aPlus, Quality.None);
        row.Set(8, 0, Quality.Invalid);
        return new RecordedInterval(at, row);
    }

    private static TimeTagA Label(Instant at) => CivilTime.ToTagA(at, Madrid);
}
