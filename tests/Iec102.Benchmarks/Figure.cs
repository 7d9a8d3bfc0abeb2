using System.Globalization;

namespace Iec102.Benchmarks;

/// <summary>How thorough a measurement is: a long run or a short one.</summary>
internal sealed record Effort(bool IsLong)
{
    public TimeSpan Seconds(double shortRun, double longRun) => TimeSpan.FromSeconds(IsLong ? longRun : shortRun);

    public int Count(int shortRun, int longRun) => IsLong ? longRun : shortRun;
}

/// <summary>On which side of its bar a figure must be.</summary>
internal enum Bound
{
    AtMost,
    AtLeast,
}

/// <summary>One measured figure: several runs, judged by their median.</summary>
/// <param name="Promise">The promise it belongs to.</param>
/// <param name="What">What was measured.</param>
/// <param name="Unit">The unit of the runs and the bar.</param>
/// <param name="Runs">The result of each run.</param>
/// <param name="Bar">The promised value; null for a figure that is only informative.</param>
/// <param name="Bound">The side of the bar on which the figure must be.</param>
/// <param name="Sample">What each run consisted of: how many samples, how long, and other load.</param>
internal sealed record Figure(string Promise, string What, string Unit, IReadOnlyList<double> Runs, double? Bar, Bound Bound, string Sample)
{
    public double Median => Percentile.Of(Runs, 50);

    public double Best => Bound == Bound.AtMost ? Runs.Min() : Runs.Max();

    /// <summary>The median divided by the bar; null without a bar, or when the bar is zero.</summary>
    public double? Ratio => Bar is > 0 ? Median / Bar : null;

    public bool? IsKept => Bar is { } bar ? Bound == Bound.AtMost ? Median <= bar : Median >= bar : null;
}

/// <summary>Percentiles: the smallest sample that the given percentage of samples does not exceed.</summary>
internal static class Percentile
{
    public static double Of(IReadOnlyList<double> samples, double percent)
    {
        if (samples.Count == 0)
            return double.NaN;
        double[] sorted = [.. samples];
        Array.Sort(sorted);
        return sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * percent / 100) - 1)];
    }

    public static string Text(double value) => value switch
    {
        double.NaN => "none",
        0 => "0",
        >= 1000 => value.ToString("N0", CultureInfo.InvariantCulture),
        _ => value.ToString("G4", CultureInfo.InvariantCulture),
    };
}
