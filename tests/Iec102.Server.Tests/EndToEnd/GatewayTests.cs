using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Iec102.Lines;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Protocol.Time;
using Iec102.Simulator.Hosting;
using Iec102.Simulator.Meters;
using Iec102.Testing;
using NodaTime;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>Other programs read through the gateway while the server is recording, with the real program and real sockets.</summary>
public sealed class GatewayTests
{
    private const int Days = 35;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    // These meters use this cause for nothing else, so it would reveal a request outside a session.
    private const CauseOfTransmission OutsideSession = CauseOfTransmission.AddressNotKnown;
    private static readonly LineFormat Fast = new(115200, 8, Parity.None, 1);

    private static readonly SimulatorOptions Shared = new()
    {
        HistoryDays = Days,
        Speed = Fast,
        BehaviourOf = _ => new MeterBehaviour { OutsideSession = OutsideSession },
    };

    [Fact]
    public async Task Four_clients_of_different_habits_and_the_server_itself_share_a_line_of_three_meters()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(
            Shared with { Meters = 3, MetersPerPort = 3, CurrentValuesEvery = Duration.FromSeconds(2) });
        var port = await site.AddGatewayAsync();
        await using var server = await ServeAsync(site);
        using var stop = new CancellationTokenSource();

        var garbage = SendGarbageAsync(port, stop.Token);
        var resets = ResetBeforeEachRequestAsync(port, stop.Token);
        var polls = PollCurrentValuesAsync(port, stop.Token);
        var (csv, truth) = await DownloadAsync(site, simulator, port);
        await Site.CompleteAsync(server, 3, Patience);
        var clients = (await PortAsync(server))["gateway"]!["clients"]!.AsArray();
        await stop.CancelAsync();

        csv.ShouldBe(truth);
        (await resets).ShouldBeGreaterThan(5);
        (await polls).ShouldBeGreaterThan(5);
        (await garbage).ShouldBeGreaterThan(0);
        clients.ShouldContain(client => client!["meters"]!.AsArray().Select(meter => meter!.ToString()).SequenceEqual(new[] { "sim-2" }));
        await ExportsEqualTruthAsync(site, simulator);
        await AssertOneUndisturbedMasterAsync(simulator);
    }

    [Fact]
    public async Task A_client_that_vanishes_in_mid_exchange_costs_the_others_at_most_that_exchange()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(
            Shared with { Meters = 2, MetersPerPort = 2, HistoryDays = 6, CurrentValuesEvery = Duration.FromHours(1) });
        var port = await site.AddGatewayAsync();
        await using var server = await ServeAsync(site);
        await Site.CompleteAsync(server, 2, Patience);
        await using var other = await OutsideMaster.ConnectAsync(port, link: 2);
        (await other.LogInAsync()).Outcome.ShouldBe(ExchangeOutcome.Completed);

        for (var round = 0; round < 5; round++)
        {
            await using (var vanishing = await OutsideMaster.ConnectAsync(port, link: 1))
            {
                await vanishing.LogInAsync();
                await vanishing.AskAsync(FiveDays(1), atMost: 3);
            }

            try
            {
                (await other.AskAsync(Request.ReadCurrentTime(1))).Outcome.ShouldBe(ExchangeOutcome.Completed);
            }
            catch (LineException lost)
            {
                throw new InvalidOperationException($"{lost.Message}\n{server.Output}", lost);
            }

            other.Heard.ShouldHaveSingleItem()[0].ShouldBe((byte)TypeIdentification.CurrentTime);
        }

        await AssertOneUndisturbedMasterAsync(simulator);
        simulator.Meters.ShouldAllBe(meter => meter.Counters.Snapshot().Logins == 1);
    }

    [Fact]
    public async Task A_read_through_the_gateway_gives_what_a_direct_one_gives()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(new SimulatorOptions { Meters = 1, HistoryDays = Days });
        var port = await site.AddGatewayAsync();
        var (from, to) = LastMonth();
        string[] whats = ["id", "config", "powers"];
        // The meter accepts one connection at a time, so the direct reads come before the server opens the line.
        var meter = simulator.Lines[0].Port!.Value;
        var direct = await ReadAsync(meter, 1, from, to);
        var values = new List<string>();
        foreach (var what in whats)
            values.Add(await ReadValuesAsync(meter, what));
        await using var server = await ServeAsync(site);
        await Site.CompleteAsync(server, 1, Patience);

        var through = await ReadAsync(port, 1, from, to);
        through.ShouldBe(direct);
        through.Count.ShouldBe(30 * 24 - 2);
        foreach (var (what, value) in whats.Zip(values))
            WithoutTimes(await ReadValuesAsync(port, what)).ShouldBe(WithoutTimes(value));
    }

    [Fact]
    public async Task A_wrong_key_never_reaches_the_meter_and_a_changed_gateway_section_leaves_the_port_alone()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(new SimulatorOptions { Meters = 1, HistoryDays = 3 });
        var port = await site.AddGatewayAsync();
        await using var server = await ServeAsync(site);
        await Site.CompleteAsync(server, 1, Patience);
        await using (var intruder = await OutsideMaster.ConnectAsync(port, link: 1))
        {
            var refused = await intruder.LogInAsync(key: 4711);
            (refused.Outcome, refused.IsNegative).ShouldBe((ExchangeOutcome.Refused, true));
            intruder.Heard.ShouldHaveSingleItem()[2].ShouldBe((byte)0x47);
        }

        simulator.Meters.Single().Counters.Snapshot().RefusedLogins.ShouldBe(0);
        var moved = Site.FreePort();
        await File.WriteAllTextAsync(
            site.Fleet,
            (await File.ReadAllTextAsync(site.Fleet)).Replace($":{port}\"", $":{moved}\", keys = [4711]", StringComparison.Ordinal));
        await Site.UntilAsync(() => CanConnectAsync(moved), Patience, () => server.Output);
        await using var client = await OutsideMaster.ConnectAsync(moved, link: 1);
        (await client.LogInAsync(key: 4711)).Outcome.ShouldBe(ExchangeOutcome.Completed);
        (await client.AskAsync(Request.ReadCurrentTime(1))).Outcome.ShouldBe(ExchangeOutcome.Completed);
        (await CanConnectAsync(port)).ShouldBeFalse();
        simulator.Lines[0].Line.Counts.Connections.ShouldBe(1);
        simulator.Meters.Single().Counters.Snapshot().Logins.ShouldBe(1);
        (await server.Client.GetStringAsync("/metrics")).ShouldContain("iec102_gateway_requests_total{port=\"line-1\"}");
    }

    [Fact]
    public async Task The_trace_shows_both_sides_and_no_key()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(new SimulatorOptions { Meters = 1, HistoryDays = 3, Key = 3141592653 });
        var port = await site.AddGatewayAsync();
        await using var server = await ServeAsync(site);
        await Site.CompleteAsync(server, 1, Patience);
        await using var trace = ServerProcess.Begin("trace", "--port", "line-1", "--url", server.Url);
        await using var client = await OutsideMaster.ConnectAsync(port, link: 1);
        await Site.UntilAsync(
            async () =>
            {
                await client.LogInAsync(3141592653);
                await client.AskAsync(Request.ReadCurrentTime(1));
                return trace.Output.Contains("line -> ", StringComparison.Ordinal)
                    && trace.Output.Contains("client 127.0.0.1:", StringComparison.Ordinal);
            },
            Patience, () => trace.Output);

        trace.Output.ShouldContain("183");
        trace.Output.ShouldContain("**");
        trace.Output.ShouldNotContain("3141592653");
    }

    private static Request FiveDays(ushort point)
    {
        var zone = DateTimeZoneProviders.Tzdb["Europe/Madrid"];
        var now = SystemClock.Instance.GetCurrentInstant();
        return Request.ReadIncrementalTotals(
            point, 11, 1, 8, CivilTime.ToTagA(now - Duration.FromDays(5), zone), CivilTime.ToTagA(now - Duration.FromHours(2), zone));
    }

    private static async Task<int> ResetBeforeEachRequestAsync(int port, CancellationToken stop)
    {
        await using var client = await OutsideMaster.ConnectAsync(port, link: 1);
        var answers = 0;
        while (!stop.IsCancellationRequested)
        {
            (await client.LogInAsync()).Outcome.ShouldBe(ExchangeOutcome.Completed);
            (await client.AskAsync(Request.ReadCurrentTime(1))).Outcome.ShouldBe(ExchangeOutcome.Completed);
            Asdu.TryRead(client.Heard.Single(), out var asdu).ShouldBeTrue();
            MeterClock.TryRead(asdu, out _).ShouldBeTrue();
            answers++;
        }

        return answers;
    }

    private static async Task<int> PollCurrentValuesAsync(int port, CancellationToken stop)
    {
        await using var client = await OutsideMaster.ConnectAsync(port, link: 2);
        (await client.LogInAsync()).Outcome.ShouldBe(ExchangeOutcome.Completed);
        var answers = 0;
        while (!stop.IsCancellationRequested)
        {
            (await client.AskAsync(Request.ReadInstantaneousValues(1, [192, 193, 194]))).Outcome.ShouldBe(ExchangeOutcome.Completed);
            Asdu.TryRead(client.Heard.Single(), out var asdu).ShouldBeTrue();
            InstantaneousValues.TryRead(asdu, out _).ShouldBeTrue();
            answers++;
        }

        return answers;
    }

    private static async Task<int> SendGarbageAsync(int port, CancellationToken stop)
    {
        var random = new Random(1);
        var sent = 0;
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var client = new TcpClient("127.0.0.1", port);
        var octets = new byte[400];
        while (!stop.IsCancellationRequested)
        {
            random.NextBytes(octets);
            // Some of the garbage looks like the beginning of a frame, and some of it is a valid frame with another link address.
            octets[random.Next(300)] = 0x68;
            Convert.FromHexString("104901004a16").CopyTo(octets, 350);
            Convert.FromHexString("104907005016").CopyTo(octets, 360);
            await client.GetStream().WriteAsync(octets, CancellationToken.None);
            sent++;
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }

        return sent;
    }

    private static async Task<(IReadOnlyList<string> Csv, IReadOnlyList<string> Truth)> DownloadAsync(
        Site site, SimulatorHost simulator, int port)
    {
        var (from, to) = LastMonth();
        var csv = await ReadAsync(port, 3, from, to);
        simulator.Meters.Count().ShouldBe(3);
        return (csv, [.. (await site.TruthAsync("sim-3", from, to)).Select(line => line[line.IndexOf(',', StringComparison.Ordinal)..])]);
    }

    /// <summary>Reads hourly intervals through a port; the lines come without the meter's name at the beginning.</summary>
    private static async Task<IReadOnlyList<string>> ReadAsync(int port, int link, Instant from, Instant to)
    {
        var (exit, output) = await ServerProcess.RunAsync(
            "read", "profile", "--tcp", $"127.0.0.1:{port}", "--link", $"{link}", "--point", "1", "--password", "1", "--from", $"{from}",
            "--to", $"{to}", "--format", "csv");
        exit.ShouldBe(0, output);
        return
        [
            .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(line => line.Contains(",hourly,", StringComparison.Ordinal))
                .Select(line => line[line.IndexOf(',', StringComparison.Ordinal)..].TrimEnd('\r')),
        ];
    }

    private static async Task<string> ReadValuesAsync(int port, string what)
    {
        var (exit, output) = await ServerProcess.RunAsync(
            "read", what, "--tcp", $"127.0.0.1:{port}", "--link", "1", "--point", "1", "--password", "1", "--format", "csv");
        exit.ShouldBe(0, output);
        return output;
    }

    /// <summary>Replaces the times in a text, because the time of reading differs from one read to the next.</summary>
    private static string WithoutTimes(string text) => Regex.Replace(text, @"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d\+\d\d:\d\d)?", "T");

    private static (Instant From, Instant To) LastMonth()
    {
        var now = SystemClock.Instance.GetCurrentInstant();
        var hour = Instant.FromUnixTimeSeconds(now.ToUnixTimeSeconds() / 3600 * 3600);
        return (hour - Duration.FromDays(30), hour - Duration.FromHours(2));
    }

    /// <summary>Adds a gateway to the first port of the site; returns the TCP port on which it listens.</summary>
    private static async Task<bool> CanConnectAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Starts a server and waits until its gateway listens, which may be a moment after the API answers.</summary>
    private static async Task<ServerProcess> ServeAsync(Site site)
    {
        var server = await ServerProcess.ServeAsync(site.Fleet, site.Data);
        await Site.UntilAsync(
            async () =>
                (await server.Client.GetFromJsonAsync<JsonArray>("/api/ports"))!.Any(
                    port => port!["gateway"] is { } gateway && gateway["error"] is null),
            Patience, () => server.Output);
        return server;
    }

    private static async Task<JsonNode> PortAsync(ServerProcess server) =>
        (await server.Client.GetFromJsonAsync<JsonNode>("/api/ports/line-1"))!;

    /// <summary>
    /// Checks that the meters saw a single master that did one thing after another: no repeated or refused request, no damaged frame, no
    /// range cut off by the next request, and no more logins than resets of the link.
    /// </summary>
    private static async Task AssertOneUndisturbedMasterAsync(SimulatorHost simulator)
    {
        var line = simulator.Lines[0].Line;
        // The server may be in the middle of a read of its own, which will be completed; a range that was cut off never will be.
        await Site.UntilAsync(
            () => Task.FromResult(
                line.Meters
                    .SelectMany(meter => meter.Counters.Snapshot().Ranges.Values)
                    .SelectMany(ranges => ranges)
                    .All(range => range.Completed)),
            Patience, () => "A range was cut off by the next request.");
        line.Counts.Connections.ShouldBe(1);
        foreach (var meter in line.Meters)
        {
            var counts = meter.Counters.Snapshot();
            counts.Repeats.ShouldBe(0);
            counts.RefusedLogins.ShouldBe(0);
            counts.Logins.ShouldBeLessThanOrEqualTo(counts.LinkResets);
            counts.Refusals.Keys.ShouldNotContain((byte)OutsideSession);
        }
    }

    private static async Task ExportsEqualTruthAsync(Site site, SimulatorHost simulator)
    {
        var to = SystemClock.Instance.GetCurrentInstant() - Duration.FromHours(2);
        foreach (var meter in simulator.Meters)
            (await site.ExportAsync(meter.Options.Id, to - Duration.FromDays(Days - 1), to)).ShouldBe(
                await site.TruthAsync(meter.Options.Id, to - Duration.FromDays(Days - 1), to));
    }
}
