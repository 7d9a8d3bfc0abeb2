using System.Diagnostics;

namespace Iec102.Benchmarks.Wire;

/// <summary>
/// Promise P7: how long after the start of its process a server with a thousand meters, each on its own port, has sent its first octets.
/// </summary>
internal static class StartBenchmark
{
    private const double BarSeconds = 5;
    private const int Lines = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task<IReadOnlyList<Figure>> RunAsync(Effort effort)
    {
        var (first, all) = (new List<double>(), new List<double>());
        for (var run = 0; run < effort.Count(2, 5); run++)
        {
            using var farEnd = new MeasuredMeters(Lines, historyDays: 2, MeasuredMeters.Speed);
            await using var server = new BenchmarkServer(farEnd.Fleet);
            await server.UntilAsync(() => farEnd.FirstOctets().Count == Lines, Patience);
            var times = farEnd.FirstOctets().Select(at => Stopwatch.GetElapsedTime(server.StartedAt, at).TotalSeconds).ToList();
            first.Add(times.Min());
            all.Add(times.Max());
        }

        var sample =
            $"{Lines} ports with a meter each, an empty data directory; from the start of the process to octets at the far end's socket";
        return
        [
            new Figure("P7", "first poll on the wire", "s", first, BarSeconds, Bound.AtMost, sample),
            new Figure("P7", "first poll on every line", "s", all, null, Bound.AtMost, sample),
        ];
    }
}
