using System.Runtime.InteropServices;

namespace Iec102.Benchmarks;

/// <summary>The machine on which figures were measured, without which absolute times mean nothing.</summary>
internal sealed record Machine(string Processor, int Cores, long MemoryMebibytes, string System, string Framework)
{
    public static Machine Describe() => new(
        Field("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20,
        $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}",
        RuntimeInformation.FrameworkDescription);

    /// <summary>The load averages over 1, 5 and 15 minutes, where the system reports them.</summary>
    public static string Load() =>
        File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "unknown";

    public override string ToString() => $"{Processor}, {Cores} cores, {MemoryMebibytes} MiB; {System}; {Framework}";

    private static string? Field(string path, string name) => File.Exists(path)
        ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
        : null;
}
