using System.Diagnostics;

namespace Iec102.Simulation.Tests;

/// <summary>The results of many runs.</summary>
internal sealed record CampaignResult(IReadOnlyList<RunResult> Runs, TimeSpan Took)
{
    public IReadOnlyList<RunResult> Failures { get; } = [.. Runs.Where(run => run.Violation is not null)];

    /// <summary>
    /// One number for the courses of all runs. It is the same wherever these seeds run; if it differs, something that the seed does not
    /// determine has influenced a run.
    /// </summary>
    public string Course
    {
        get
        {
            var all = new Trace(text: null);
            foreach (var run in Runs)
                all.Fold(run.Hash);
            return $"{all.Hash:x16}";
        }
    }

    /// <summary>What happened between nodes, in the runs of two.</summary>
    public string Cluster
    {
        get
        {
            var counts = Runs.Select(run => run.Cluster).OfType<ClusterCounts>().ToList();
            return $"{counts.Count} of the seeds with two nodes: {counts.Sum(one => one.Pauses)} pauses, "
                + $"{counts.Sum(one => one.Cuts)} cuts, {counts.Sum(one => one.Restarts)} restarts of the database, "
                + $"{counts.Sum(one => one.Moves)} moves of ports, {counts.Sum(one => one.Refused)} stale events refused";
        }
    }

    /// <summary>The line for the table of promises.</summary>
    public string Summary =>
        $"{Runs.Count} seeds, {Failures.Count} failed; {Runs.Sum(run => run.Intervals)} intervals recorded, "
        + $"{Runs.Sum(run => run.Kills)} kills, {Runs.Sum(run => run.Faults)} faults on lines, {Runs.Sum(run => run.Frames)} frames, "
        + $"{Runs.Sum(run => run.Snapshots)} snapshots, {Runs.Sum(run => run.Elapsed.TotalDays):0.0} virtual days "
        + $"in {Took.TotalSeconds:0} s, {Runs.Count / Took.TotalSeconds:0.0} seeds/s";
}

/// <summary>Runs many seeds, one per processor at a time, each on a thread of its own.</summary>
internal static class Campaign
{
    /// <summary>Runs seeds that follow each other.</summary>
    public static CampaignResult Run(long first, int count, int enough = int.MaxValue) =>
        Run([.. Enumerable.Range(0, count).Select(index => first + index)], enough);

    /// <summary>Runs the seeds; stops early once <paramref name="enough"/> of them have failed.</summary>
    public static CampaignResult Run(IReadOnlyList<long> seeds, int enough = int.MaxValue)
    {
        var results = new RunResult?[seeds.Count];
        var (next, failed) = (-1, 0);
        var watch = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(Work)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return new CampaignResult([.. results.OfType<RunResult>()], watch.Elapsed);

        void Work()
        {
            while (Volatile.Read(ref failed) < enough && Interlocked.Increment(ref next) is var index && index < seeds.Count)
            {
                results[index] = SimulatedRun.Of(seeds[index]);
                if (results[index]!.Violation is not null)
                    Interlocked.Increment(ref failed);
            }
        }
    }

    /// <summary>The report of a failure: the violation and the command that replays it.</summary>
    public static string Explain(RunResult run) =>
        $"seed {run.Seed}: {run.Violation}{Environment.NewLine}  replay it: scripts/simulate-seed.sh {run.Seed}";
}
