namespace Iec102.Benchmarks;

/// <summary>
/// How much of the processors others had since it was made: what all processes of the machine used less what this one and those it started and waited for did.
/// Latencies taken beside others say little. Told on Linux only.
/// </summary>
internal sealed class Disturbance
{
    private readonly (long All, long Busy, long Own) _before = Read();

    /// <summary>The share, 0 to 1; null where the system does not tell.</summary>
    public double? Share
    {
        get
        {
            var now = Read();
            return now.All > _before.All ? Math.Max(0, (double)(now.Busy - _before.Busy - (now.Own - _before.Own)) / (now.All - _before.All)) : null;
        }
    }

    /// <summary>Clock ticks since the machine was started: of all processors, of those at work, and of this process and its ended children.</summary>
    private static (long All, long Busy, long Own) Read()
    {
        if (!File.Exists("/proc/stat"))
            return default;
        // user nice system idle iowait irq softirq steal
        var all = Numbers(File.ReadLines("/proc/stat").First()["cpu".Length..])[..8];
        // Behind the name in brackets: the state, 10 more, then utime stime cutime cstime.
        var own = File.ReadAllText("/proc/self/stat");
        return (all.Sum(), all.Sum() - all[3] - all[4], Numbers(own[(own.LastIndexOf(')') + 3)..])[10..14].Sum());
    }

    private static long[] Numbers(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => long.TryParse(part, out var number) ? number : 0)];
}
