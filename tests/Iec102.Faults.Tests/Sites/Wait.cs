using System.Diagnostics;

namespace Iec102.Faults.Tests.Sites;

/// <summary>Waiting for what takes real time.</summary>
internal static class Wait
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    /// <summary>Asks again and again until nothing is wrong any more.</summary>
    /// <param name="wrong">Says what is still wrong; null when nothing is.</param>
    /// <param name="timeout">How long it may be wrong.</param>
    public static async Task UntilAsync(Func<Task<string?>> wrong, TimeSpan timeout)
    {
        var began = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Poll);
        while (await wrong() is { } still)
        {
            if (began.Elapsed > timeout)
                throw new TimeoutException($"After {timeout.TotalSeconds:F0} s: {still}");
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Lets a fault last.</summary>
    public static Task ForAsync(TimeSpan time) => Task.Delay(time);
}
