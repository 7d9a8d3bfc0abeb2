using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Iec102.Testing;

namespace Iec102.Benchmarks.Codec;

/// <summary>Promise P4: how much time and memory a frame takes, measured by BenchmarkDotNet in this process.</summary>
internal static class CodecBenchmark
{
    private const double NanosecondsBar = 150;

    public static Task<IReadOnlyList<Figure>> RunAsync(Effort effort)
    {
        var job = (effort.IsLong ? Job.MediumRun : Job.ShortRun).WithToolchain(InProcessEmitToolchain.Instance);
        var config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(NullLogger.Instance)
            .WithArtifactsPath(Path.Combine(Repository.Root, "artifacts", "benchmarkdotnet"));
        var summary = BenchmarkRunner.Run<TotalsFrame>(config);
        var figures = new List<Figure>();
        foreach (var report in summary.Reports)
        {
            var statistics = report.ResultStatistics
                ?? throw new InvalidOperationException($"{report.BenchmarkCase.DisplayInfo} gave no result.");
            var what = report.BenchmarkCase.Descriptor.WorkloadMethod.Name.ToLowerInvariant();
            var sample = $"BenchmarkDotNet in process, {statistics.N} iterations of {report.GetResultRuns()[0].Operations:N0} frames";
            figures.Add(new Figure(
                "P4", $"{what} a frame of 68 octets with 8 totals", "ns", statistics.OriginalValues, NanosecondsBar, Bound.AtMost, sample));
            var allocated = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase);
            figures.Add(new Figure("P4", $"{what}: allocated for it", "B", [allocated ?? double.NaN], 0, Bound.AtMost, sample));
        }

        return Task.FromResult<IReadOnlyList<Figure>>(figures);
    }
}
