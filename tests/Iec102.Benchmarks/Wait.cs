using System.Diagnostics;

namespace Iec102.Benchmarks;

/// <summary>Waits for something that happens in another process or in a database.</summary>
internal static class Wait
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until a condition holds; throws when it does not hold in time.</summary>
    /// <param name="isSo">The condition.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="otherwise">Says what went wrong when the time is up.</param>
    public static async Task UntilAsync(Func<bool> isSo, TimeSpan patience, Func<string> otherwise)
    {
        using var timer = new PeriodicTimer(Poll);
        var began = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (Stopwatch.GetElapsedTime(began) > patience)
                throw new TimeoutException($"After {patience.TotalSeconds:F0} s: {otherwise()}");
            await timer.WaitForNextTickAsync();
        }
    }
}
