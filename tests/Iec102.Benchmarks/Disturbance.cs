namespace Iec102.Benchmarks;

/// <summary>
/// The share of processor time that other programs have used since this object was made: the usage of all processes on the machine, less
/// that of this process and of the ended children that it waited for. Latencies measured beside busy programs mean little. Available on
/// Linux only.
/// </summary>
internal sealed class Disturbance
{
    private readonly (long All, long Busy, long Own) _before = Read();

    /// <summary>The share, 0 to 1; null where the system does not report it.</summary>
    public double? Share
    {
        get
        {
            var now = Read();
            var ofOthers = now.Busy - _before.Busy - (now.Own - _before.Own);
            return now.All > _before.All ? Math.Max(0, (double)ofOthers / (now.All - _before.All)) : null;
        }
    }

    /// <summary>
    /// Clock ticks since the machine was started: of all processors in total, of all processors at work, and of this process with its ended
    /// children.
    /// </summary>
    private static (long All, long Busy, long Own) Read()
    {
        if (!File.Exists("/proc/stat"))
            return default;
        // The columns are: user nice system idle iowait irq softirq steal.
        var all = Numbers(File.ReadLines("/proc/stat").First()["cpu".Length..])[..8];
        // After the name in brackets come the state, 10 more fields, then utime stime cutime cstime.
        var own = File.ReadAllText("/proc/self/stat");
        return (all.Sum(), all.Sum() - all[3] - all[4], Numbers(own[(own.LastIndexOf(')') + 3)..])[10..14].Sum());
    }

    private static long[] Numbers(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => long.TryParse(part, out var number) ? number : 0)];
}
