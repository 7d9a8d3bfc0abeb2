namespace Iec102.Benchmarks.Wire;

/// <summary>
/// Promise P1: how long the master leaves the wire idle between an answer and its next frame, and how much processor time the server needs
/// for a frame and its answer. All frames are judged. Polls within a series are shown separately, and so are requests for a range, before
/// which the previous range has to be stored.
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
        // The windows are short, because a fast machine reads ten years in a quarter of a minute.
        using var one = new MeasuredMeters(1, historyDays: 3650, speed: null);
        var ofOne = await MeasureAsync(one, 1, warmUp: TimeSpan.FromSeconds(3), window: TimeSpan.FromSeconds(1), effort.Count(5, 7));
        using var many = new MeasuredMeters(ManyLines, historyDays: 150, MeasuredMeters.Speed);
        var ofMany = await MeasureAsync(many, ManyLines, warmUp: effort.Seconds(10, 30), window: effort.Seconds(6, 20), effort.Count(3, 9));
        return
        [
            .. Figures("one line", ofOne, MedianBarMilliseconds, SlowestBarMilliseconds),
            .. Figures($"{ManyLines} lines at {MeasuredMeters.Speed}", ofMany, medianBar: null, SlowestBarOfManyMilliseconds),
        ];
    }

    private sealed record Window(IReadOnlyList<DeadTime> DeadTimes, TimeSpan ProcessorTime, TimeSpan Length)
    {
        public double Milliseconds(double percent, RequestKind? kind = null) =>
            Percentile.Of(
                [.. DeadTimes.Where(time => kind is null || time.Kind == kind).Select(time => time.Microseconds / 1000)], percent);

    }

    /// <summary>
    /// The measured windows, and the dead time before every request for a range since the server was started, because a fast line has few
    /// of them.
    /// </summary>
    private sealed record Measurement(IReadOnlyList<Window> Windows, IReadOnlyList<double> ChunkMilliseconds);

    private static async Task<Measurement> MeasureAsync(MeasuredMeters farEnd, int lines, TimeSpan warmUp, TimeSpan window, int count)
    {
        await using var server = new BenchmarkServer(farEnd.Fleet);
        var all = new List<DeadTime>();
        int Collect()
        {
            all.AddRange(farEnd.Take());
            return all.Count;
        }

        await server.UntilAsync(() => Collect() > 10 * lines, Patience);
        await Task.Delay(warmUp);
        var windows = new List<Window>();
        for (var i = 0; i < count; i++)
        {
            var first = Collect();
            var before = server.ProcessorTime;
            await Task.Delay(window);
            windows.Add(new Window(all[first..Collect()], server.ProcessorTime - before, window));
        }

        if (farEnd.IsExhausted)
            throw new InvalidOperationException("A history ended before the measurement did.");
        return new Measurement(windows, [.. all.Where(time => time.Kind == RequestKind.Chunk).Select(time => time.Microseconds / 1000)]);
    }

    private static IEnumerable<Figure> Figures(string where, Measurement measurement, double? medianBar, double slowestBar)
    {
        var windows = measurement.Windows;
        var exchanges = (int)windows.Average(window => window.DeadTimes.Count);
        var sample = $"{windows[0].Length.TotalSeconds} s of downloading, about {exchanges:N0} exchanges";
        var chunks = $"all {measurement.ChunkMilliseconds.Count} since the server was started; what came before is stored meanwhile";
        Figure Of(string what, string unit, double? bar, Func<Window, double> figure) =>
            new("P1", $"{where}: {what}", unit, [.. windows.Select(figure)], bar, Bound.AtMost, sample);
        Figure OfChunks(string what, double percent) =>
            new("P1", $"{where}: {what}", "ms", [Percentile.Of(measurement.ChunkMilliseconds, percent)], null, Bound.AtMost, chunks);
        return
        [
            Of("dead time, all requests, p50", "ms", medianBar, window => window.Milliseconds(50)),
            Of("dead time, all requests, p99", "ms", slowestBar, window => window.Milliseconds(99)),
            Of("polls within a series, p99", "ms", null, window => window.Milliseconds(99, RequestKind.Poll)),
            OfChunks("request for a range, p50", 50),
            OfChunks("request for a range, longest", 100),
            Of("processor time per frame and answer", "us", ProcessorBarMicroseconds,
                window => window.ProcessorTime.TotalMicroseconds / window.DeadTimes.Count),
        ];
    }
}
