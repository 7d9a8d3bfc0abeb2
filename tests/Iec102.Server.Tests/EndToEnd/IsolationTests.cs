using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Iec102.Simulator.Data;
using Iec102.Simulator.Hosting;
using Iec102.Testing;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>Tests in this collection run alone, because they compare rates.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>
/// Promise R5: trouble on one port does not slow the others down. Their rates before, during and after it are compared within one run.
/// </summary>
[Collection(nameof(Alone))]
public sealed class IsolationTests
{
    /// <summary>As long as the longest chunk takes, so that every window has ends of chunks, at which a line is idle.</summary>
    private const int WindowSeconds = 30;

    /// <summary>The share of a window in which the lines were in use: in its median second, and over the whole window.</summary>
    private sealed record Use(double Median, double Mean)
    {
        public Use Of(Use undisturbed) => new(Median / undisturbed.Median, Mean / undisturbed.Mean);
    }

    [Fact]
    public async Task R5_ports_that_are_dead_silent_flooded_or_slow_leave_the_others_their_rate()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(
            new SimulatorOptions
            {
                Meters = 4,
                HistoryDays = 700,
                Speed = new Lines.LineFormat(38400, 8, Lines.Parity.None, 1),
                CurrentValuesEvery = NodaTime.Duration.FromMinutes(10),
            });
        await using var slowMeter = await SimulatorHost.StartAsync(new SimulatorOptions { HistoryDays = 40 });
        await using var silent = new BadLine(static (stream, ct) => stream.CopyToAsync(Stream.Null, ct));
        await using var flood = new BadLine(FloodAsync);
        await using var drip = new BadLine((stream, ct) => DripAsync(stream, slowMeter.Lines[0].Port!.Value, ct));
        var good = await File.ReadAllTextAsync(site.Fleet);
        await File.WriteAllTextAsync(
            site.Fleet, good.Replace("hourly { depth", "hourly { enabled = false, depth", StringComparison.Ordinal));
        await using var server = await ServerProcess.ServeAsync(site.Fleet, site.Data);
        await QuietAsync(simulator, server);
        await File.WriteAllTextAsync(site.Fleet, good);
        await Site.UntilAsync(
            () => Task.FromResult(
                simulator.Meters.All(meter => meter.Counters.Snapshot().Intervals.GetValueOrDefault(SimulatedCurve.Hourly) > 100)),
            TimeSpan.FromSeconds(60),
            () => server.Output);

        var before = await UseAsync(simulator);
        await File.WriteAllTextAsync(site.Fleet, good + Fleet(("dead", ClosedPort()), ("silent", silent.Port)));
        await StateAsync(server, "bad-dead", "backing-off");
        await StateAsync(server, "bad-silent", "open");
        var besideDead = await UseAsync(simulator);
        await File.WriteAllTextAsync(site.Fleet, good + Fleet(("flood", flood.Port), ("drip", drip.Port)));
        await StateAsync(server, "bad-drip", "open");
        var besideNoise = await UseAsync(simulator);
        // The meter that sends octet by octet is read all the same.
        await Site.UntilAsync(
            async () => (int)(await Site.MeterAsync(server, "bad-drip"))["profiles"]!["hourly"]!["recorded"]! > 0,
            TimeSpan.FromSeconds(60), () => server.Output);
        await File.WriteAllTextAsync(site.Fleet, good);
        await Site.UntilAsync(
            async () => (await server.Client.GetFromJsonAsync<JsonArray>("/api/ports"))!.Count == 4, TimeSpan.FromSeconds(30),
            () => server.Output);
        // Measured again, so that other load on this machine during the run counts as undisturbed too.
        var after = await UseAsync(simulator);
        var undisturbed = new Use((before.Median + after.Median) / 2, (before.Mean + after.Mean) / 2);
        var (dead, noise) = (besideDead.Of(undisturbed), besideNoise.Of(undisturbed));

        Promise.Report(
            "R5", "isolation",
            $"four saturated lines, in use {undisturbed.Median:P1} of the median second, {undisturbed.Mean:P1} in all: "
            + $"beside a dead and a silent port {dead.Median:F3} and {dead.Mean:F3} of that (bars 0.98 and 0.9), "
            + $"beside one flooded with junk and one octet by octet {noise.Median:F3} and {noise.Mean:F3}");
        dead.Median.ShouldBeGreaterThanOrEqualTo(0.98);
        noise.Median.ShouldBeGreaterThanOrEqualTo(0.95);
        // All four lines are sometimes idle at once at the ends of chunks, in one window more often than in another.
        dead.Mean.ShouldBeGreaterThanOrEqualTo(0.9);
        noise.Mean.ShouldBeGreaterThanOrEqualTo(0.9);
    }

    /// <summary>Waits until everything but the curves has been read, because the short exchanges would make the windows differ.</summary>
    private static Task QuietAsync(SimulatorHost simulator, ServerProcess server)
    {
        const int calls = 20;
        var (requests, quiet) = (0L, 0);
        return Site.UntilAsync(
            () =>
            {
                var now = simulator.Meters.Sum(meter => meter.Counters.Snapshot().Requests.Values.Sum());
                (requests, quiet) = (now, now == requests ? quiet + 1 : 0);
                return Task.FromResult(quiet >= calls && now > 100);
            },
            TimeSpan.FromSeconds(60), () => server.Output);
    }

    /// <summary>Measures at the far end, second by second, for which share of the time the lines carry octets.</summary>
    private static async Task<Use> UseAsync(SimulatorHost simulator)
    {
        var seconds = new List<double>();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (seconds.Count < WindowSeconds)
        {
            var (began, before) = (System.Diagnostics.Stopwatch.StartNew(), WireTime(simulator));
            await timer.WaitForNextTickAsync();
            seconds.Add((WireTime(simulator) - before) / began.Elapsed / simulator.Lines.Count);
        }

        return new Use(seconds.Order().ElementAt(WindowSeconds / 2), seconds.Average());
    }

    private static TimeSpan WireTime(SimulatorHost simulator) =>
        simulator.Lines.Aggregate(TimeSpan.Zero, (sum, line) => sum + line.Line.Counts.WireTime);

    private static Task StateAsync(ServerProcess server, string port, string state) => Site.UntilAsync(
        async () =>
            (await server.Client.GetFromJsonAsync<JsonArray>("/api/ports"))!.Any(
                one => one!["id"]!.ToString() == port && one["state"]!.ToString() == state),
        TimeSpan.FromSeconds(30), () => server.Output);

    private static string Fleet(params IEnumerable<(string Name, int Port)> lines) => string.Concat(lines.Select(line => $$"""

        iec102.ports.bad-{{line.Name}} { tcp = "127.0.0.1:{{line.Port}}" }
        iec102.meters.bad-{{line.Name}} { port = bad-{{line.Name}}, link-address = 1, point-address = 1, password = 1 }

        """));

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task FloodAsync(NetworkStream stream, CancellationToken ct)
    {
        var junk = new byte[1000];
        var random = new Random(1);
        // As fast as a line of 115,200 baud delivers octets.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(87));
        while (await timer.WaitForNextTickAsync(ct))
        {
            random.NextBytes(junk);
            await stream.WriteAsync(junk, ct);
        }
    }

    private static async Task DripAsync(NetworkStream stream, int meter, CancellationToken ct)
    {
        using var far = new TcpClient();
        await far.ConnectAsync(IPAddress.Loopback, meter, ct);
        var ask = stream.CopyToAsync(far.GetStream(), ct);
        var one = new byte[1];
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (await far.GetStream().ReadAsync(one, ct) > 0)
        {
            await timer.WaitForNextTickAsync(ct);
            await stream.WriteAsync(one, ct);
        }

        await ask;
    }

    /// <summary>A TCP line whose far end treats each connection as the test says.</summary>
    private sealed class BadLine : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _serving;

        public BadLine(Func<NetworkStream, CancellationToken, Task> serve)
        {
            _listener.Start();
            _serving = ServeAsync(serve);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            _listener.Dispose();
            await _serving;
            _stop.Dispose();
        }

        private async Task ServeAsync(Func<NetworkStream, CancellationToken, Task> serve)
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                    try
                    {
                        client.NoDelay = true;
                        await serve(client.GetStream(), _stop.Token);
                    }
                    catch (IOException)
                    {
                        // The server has closed the connection and will open another one.
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }
    }
}
