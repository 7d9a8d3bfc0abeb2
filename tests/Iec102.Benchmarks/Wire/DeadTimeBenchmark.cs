namespace Iec102.Benchmarks.Wire;

/// <summary>
/// P1: how long the master lets the wire lie idle between an answer and its next request, and what an exchange (one frame sent and its answer) costs the server's
/// processor. All requests are judged; polls within a series and requests for a range, before which the last one was stored, are shown apart.
/// </summary>
internal static class DeadTimeBenchmark
{
    private const double MedianBarMilliseconds = 0.25;
    private const double SlowestBarMilliseconds = 1;
    private const double SlowestBarOfManyMilliseconds = 5;
    private const double ProcessorBarMicroseconds = 60;
    private const int ManyLines = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static async Task<IReadOnlyList<Figure>> RunAsync(Effort effort)
    {
        using var one = new FarEnd(1, historyDays: 3650, speed: null);
        var ofOne = await MeasureAsync(one, 1, warmUp: TimeSpan.FromSeconds(4), window: TimeSpan.FromSeconds(2), effort.Count(5, 7));
        using var many = new FarEnd(ManyLines, historyDays: 150, FarEnd.Speed);
        var ofMany = await MeasureAsync(many, ManyLines, warmUp: effort.Seconds(10, 30), window: effort.Seconds(6, 20), effort.Count(3, 9));
        return
        [
            .. Figures("one line", ofOne, MedianBarMilliseconds, SlowestBarMilliseconds),
            .. Figures($"{ManyLines} lines at {FarEnd.Speed}", ofMany, medianBar: null, SlowestBarOfManyMilliseconds),
        ];
    }

    private sealed record Window(IReadOnlyList<DeadTime> DeadTimes, TimeSpan ProcessorTime, TimeSpan Length)
    {
        public double Milliseconds(double percent, RequestKind? kind = null) =>
            Percentile.Of([.. DeadTimes.Where(time => kind is null || time.Kind == kind).Select(time => time.Microseconds / 1000)], percent);

        public int Count(RequestKind kind) => DeadTimes.Count(time => time.Kind == kind);
    }

    private static async Task<IReadOnlyList<Window>> MeasureAsync(FarEnd farEnd, int lines, TimeSpan warmUp, TimeSpan window, int count)
    {
        using var server = new ServerProcess(farEnd.Fleet);
        var seen = 0;
        await server.UntilAsync(() => (seen += farEnd.Take().Count) > 10 * lines, Patience);
        await Task.Delay(warmUp);
        var windows = new List<Window>();
        for (var i = 0; i < count; i++)
        {
            farEnd.Take();
            var before = server.ProcessorTime;
            await Task.Delay(window);
            windows.Add(new Window(farEnd.Take(), server.ProcessorTime - before, window));
        }

        return farEnd.IsExhausted ? throw new InvalidOperationException("A history ended before the measurement did.") : windows;
    }

    private static IEnumerable<Figure> Figures(string where, IReadOnlyList<Window> windows, double? medianBar, double slowestBar)
    {
        var exchanges = (int)windows.Average(window => window.DeadTimes.Count);
        var sample = $"{windows[0].Length.TotalSeconds} s of downloading, about {exchanges:N0} exchanges";
        var chunks = windows.Sum(window => window.Count(RequestKind.Chunk));
        Figure Of(string what, string unit, double? bar, Func<Window, double> figure, string of) =>
            new("P1", $"{where}: {what}", unit, [.. windows.Select(figure).Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN)], bar, Bound.AtMost, of);
        return
        [
            Of("dead time, all requests, p50", "ms", medianBar, window => window.Milliseconds(50), sample),
            Of("dead time, all requests, p99", "ms", slowestBar, window => window.Milliseconds(99), sample),
            Of("polls within a series, p99", "ms", null, window => window.Milliseconds(99, RequestKind.Poll), sample),
            Of("request for a range, p50", "ms", null, window => window.Milliseconds(50, RequestKind.Chunk), $"{chunks} in all runs: the range before is stored first"),
            Of("request for a range, longest", "ms", null, window => window.Milliseconds(100, RequestKind.Chunk), $"{chunks} in all runs"),
            Of("processor time per exchange", "us", ProcessorBarMicroseconds, window => window.ProcessorTime.TotalMicroseconds / window.DeadTimes.Count, sample),
        ];
    }
}
