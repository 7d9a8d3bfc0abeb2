using System.Diagnostics;
using Iec102.Lines;
using Iec102.Lines.Tcp;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Protocol.Time;
using Iec102.Simulator.Data;
using Iec102.Simulator.Hosting;
using Iec102.Simulator.Lines;
using Iec102.Simulator.Meters;
using Iec102.Testing;
using NodaTime;

namespace Iec102.Benchmarks.Wire;

/// <summary>Promise G1: how much longer the download of a month takes through the gateway than directly, without other traffic.</summary>
internal static class GatewayBenchmark
{
    private const double Bar = 1.1;
    private const int Days = 30;
    private const int Seed = 1;

    private static readonly LineFormat Speed = new(115200, 8, Parity.None, 1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task<IReadOnlyList<Figure>> RunAsync(Effort effort)
    {
        var (direct, through) = (new List<double>(), new List<double>());
        var frames = 0;
        for (var run = 0; run < effort.Count(2, 5); run++)
        {
            using var meter = new Station();
            direct.Add((await TimeAsync(meter.Port)).Seconds);
            var (seconds, count) = await ThroughGatewayAsync(meter.Port);
            through.Add(seconds);
            frames = count;
        }

        var sample = $"one download of {frames} frames, paced at {Speed}";
        return
        [
            new("G1", "a month of hours, direct", "s", direct, null, Bound.AtMost, sample),
            new("G1", "the same through the gateway", "s", through, null, Bound.AtMost, sample),
            new("G1", "through the gateway / direct", "", [.. through.Zip(direct, (a, b) => a / b)], Bar, Bound.AtMost, sample),
        ];
    }

    private static async Task<(double Seconds, int Frames)> ThroughGatewayAsync(int meter)
    {
        int gateway;
        using (var free = new TcpLineListener())
            gateway = free.Port;
        await using var server = new BenchmarkServer(
            $$"""
            iec102 {
              ports { p-0 { tcp = "127.0.0.1:{{meter}}", gateway { listen = "127.0.0.1:{{gateway}}" } } }
              meters {
                m-0 { port = p-0, link-address = 1, point-address = 1, password = 1, record = false, current-values { enabled = false } }
              }
            }
            """);
        await server.UntilAsync(() => server.Says("gateway p-0: listens"), Patience);
        return await TimeAsync(gateway);
    }

    private static async Task<(double Seconds, int Frames)> TimeAsync(int port)
    {
        await using var master = await OutsideMaster.ConnectAsync(port, link: 1);
        Check(await master.LogInAsync());
        // As before the direct download, the connection to the meter and the session are already open.
        Check(await master.AskAsync(Request.ReadCurrentTime(1)));
        var zone = DateTimeZoneProviders.Tzdb["Europe/Madrid"];
        var now = SystemClock.Instance.GetCurrentInstant();
        var month = Request.ReadIncrementalTotals(
            1, 11, 1, 8, CivilTime.ToTagA(now - Duration.FromDays(Days), zone), CivilTime.ToTagA(now, zone));
        var began = Stopwatch.GetTimestamp();
        Check(await master.AskAsync(month));
        return (Stopwatch.GetElapsedTime(began).TotalSeconds, master.Heard.Count);
    }

    private static void Check(ExchangeResult result)
    {
        if (result.Outcome != ExchangeOutcome.Completed)
            throw new InvalidOperationException($"An exchange ended with {result.Outcome}.");
    }

    /// <summary>A meter on a paced line that serves one master after another.</summary>
    private sealed class Station : IDisposable
    {
        private readonly TcpLineListener _listener = new();
        private readonly WireTimer _timer = new(TimeProvider.System);
        private readonly SimulatedLine _line;

        public Station()
        {
            var serialNumber = SimulatorHost.SerialNumberOf(Seed, 0);
            var options = new MeterOptions("m-0", serialNumber) { HistoryDays = Days + 1 };
            var meter = new SimulatedMeter(options, point => new MeterData(Seed, serialNumber, point), TimeProvider.System);
            _line = new SimulatedLine("p-0", [meter], _timer, Speed);
            _ = ServeAsync();
        }

        public int Port => _listener.Port;

        public void Dispose()
        {
            _listener.Dispose();
            _timer.Dispose();
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    await using var line = await _listener.AcceptAsync(CancellationToken.None);
                    await _line.ServeAsync(line, CancellationToken.None);
                }
            }
            catch (LineException)
            {
                // The run has ended and the connection was closed.
            }
        }
    }
}
