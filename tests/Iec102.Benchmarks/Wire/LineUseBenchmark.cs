using System.Diagnostics;
using Iec102.Lines;
using Iec102.Lines.Tcp;
using Iec102.Simulator.Data;
using Iec102.Simulator.Hosting;
using Iec102.Simulator.Lines;
using Iec102.Simulator.Meters;

namespace Iec102.Benchmarks.Wire;

/// <summary>
/// Promise P2: how much longer a download takes than its octets need on the wire, from the first request octet on the line to the last
/// answer octet, login included.
/// </summary>
internal static class LineUseBenchmark
{
    private const double Bar = 1.03;
    private const int Days = 30;
    private const int Seed = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);

    public static async Task<IReadOnlyList<Figure>> RunAsync(Effort effort)
    {
        var downloads = new List<Download>();
        for (var run = 0; run < effort.Count(1, 3); run++)
            downloads.Add(await DownloadAsync());
        var sample = $"one download of {downloads[^1].Intervals} intervals over TCP, paced at {MeasuredMeters.Speed}";
        Figure Of(string what, string unit, double? bar, Func<Download, double> figure) =>
            new("P2", what, unit, [.. downloads.Select(figure)], bar, Bound.AtMost, sample);
        return
        [
            Of($"{Days} days of an hourly curve: time taken", "s", null, download => download.Elapsed.TotalSeconds),
            Of("wire time of its frames", "s", null, download => download.WireTime.TotalSeconds),
            Of("time taken / wire time", "", Bar, download => download.Elapsed / download.WireTime),
            Of("the wire lay idle: in all", "ms", null, download => download.Idle.Sum()),
            Of("the wire lay idle: the longest time", "ms", null, download => download.Idle.Max()),
        ];
    }

    private sealed record Download(TimeSpan Elapsed, TimeSpan WireTime, int Intervals, IReadOnlyList<double> Idle);

    private static async Task<Download> DownloadAsync()
    {
        var serialNumber = SimulatorHost.SerialNumberOf(Seed, 0);
        var meter = new SimulatedMeter(
            new MeterOptions("m-0", serialNumber) { HistoryDays = Days + 1 },
            point => new MeterData(Seed, serialNumber, point),
            TimeProvider.System);
        using var timer = new WireTimer(TimeProvider.System);
        var line = new SimulatedLine("p-0", [meter], timer, MeasuredMeters.Speed);
        var idle = new List<double>();
        line.OnTurnaround = time => idle.Add(time.TotalMilliseconds);
        using var listener = new TcpLineListener();
        await using var server = new BenchmarkServer(
            $$"""
            iec102 {
              ports { p-0 { tcp = "127.0.0.1:{{listener.Port}}" } }
              meters {
                m-0 {
                  port = p-0, link-address = 1, point-address = 1, password = 1
                  current-values { enabled = false }, profiles { hourly { depth = {{Days}}d } }
                }
              }
            }
            """);
        var noted = new NotedLine(await listener.AcceptAsync(CancellationToken.None));
        Task serving;
        await using (noted)
        {
            serving = line.ServeAsync(noted, CancellationToken.None);
            // The download has ended when the last range was sent completely and no further request arrives.
            await server.UntilAsync(() => IntervalsOf(meter) >= Days * 24 - 1 && noted.QuietFor > Quiet, Patience);
        }

        await serving;
        return new Download(noted.Elapsed, line.Counts.WireTime, IntervalsOf(meter), idle);
    }

    private static int IntervalsOf(SimulatedMeter meter) =>
        (int)meter.Counters.Snapshot().Intervals.GetValueOrDefault(SimulatedCurve.Hourly);

    /// <summary>A line that notes when the first octet arrived and when the last one left.</summary>
    private sealed class NotedLine(ILine line) : ILine
    {
        private long _firstIn;
        private long _lastOut;

        public TimeSpan CharacterTime => line.CharacterTime;

        public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_firstIn, Volatile.Read(ref _lastOut));

        public TimeSpan QuietFor => Stopwatch.GetElapsedTime(Volatile.Read(ref _lastOut));

        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
        {
            var count = await line.ReadAsync(buffer, ct);
            if (_firstIn == 0)
                _firstIn = Stopwatch.GetTimestamp();
            return count;
        }

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken ct)
        {
            await line.WriteAsync(octets, ct);
            Volatile.Write(ref _lastOut, Stopwatch.GetTimestamp());
        }

        public ValueTask DisposeAsync() => line.DisposeAsync();
    }
}
