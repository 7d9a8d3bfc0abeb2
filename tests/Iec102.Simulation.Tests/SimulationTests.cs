using System.Diagnostics;
using System.Globalization;
using Iec102.Testing;
using Xunit.Abstractions;

namespace Iec102.Simulation.Tests;

public sealed class SimulationTests(ITestOutputHelper output)
{
    private static readonly int Seeds =
        int.Parse(Environment.GetEnvironmentVariable("IEC102_SEEDS") ?? "1000", CultureInfo.InvariantCulture);

    [Fact]
    public void Nothing_is_lost_altered_or_counted_twice_and_no_line_has_two_talkers_whatever_fails_and_whenever_a_node_is_killed()
    {
        var result = Campaign.Run(first: 1, Seeds, enough: 10);

        output.WriteLine(result.Summary);
        Promise.Report("R1", "simulation", result.Summary);
        result.Failures.Select(Campaign.Explain).ShouldBeEmpty();
        var kills = result.Runs.Sum(run => run.Kills);
        Promise.Report("R2", "coverage",
            $"compared with journal and tables at each of {kills} kills and at the end of {Seeds} runs: 0 differences");
        result.Runs.Count.ShouldBe(Seeds);
        // A simulation in which nothing happens would find nothing, so enough must have been recorded.
        result.Runs.Sum(run => run.Intervals).ShouldBeGreaterThan(100L * Seeds);
        result.Runs.Sum(run => run.Kills).ShouldBeGreaterThan(Seeds);
        result.Runs.Sum(run => run.Faults).ShouldBeGreaterThan(100L * Seeds);
        result.Runs.Sum(run => run.Snapshots).ShouldBeGreaterThan(Seeds / 20);

        output.WriteLine(result.Cluster);
        Promise.Report("R10", "simulation", result.Cluster);
        var clusters = result.Runs.Select(run => run.Cluster).OfType<ClusterCounts>().ToList();
        clusters.Sum(one => one.Pauses).ShouldBeGreaterThan(clusters.Count);
        clusters.Sum(one => one.Cuts).ShouldBeGreaterThan(clusters.Count);
        clusters.Sum(one => one.Moves).ShouldBeGreaterThan(2 * clusters.Count);
    }

    [Fact]
    public void The_same_seed_takes_the_same_course_whatever_ran_before_it_and_whether_it_is_traced_or_not()
    {
        long[] seeds = [101, 102, 103, 104, 105, 106, 108, 109];
        var once = seeds.Select(seed => SimulatedRun.Of(seed)).ToList();
        var again = seeds.Reverse().Select(seed => SimulatedRun.Of(seed)).Reverse().ToList();
        var traced = seeds.Select(seed => SimulatedRun.Of(seed, new StringWriter())).ToList();

        again.ShouldBe(once);
        traced.ShouldBe(once);
        once.Select(run => run.Hash).Distinct().Count().ShouldBe(seeds.Length);
    }

    [Fact]
    public void The_same_seeds_take_the_same_course_in_another_process()
    {
        var here = Campaign.Run(first: 201, count: 20);
        var there = Run("--first", "201", "--seeds", "20");

        there.ShouldEndWith($"course {here.Course}{Environment.NewLine}");
    }

    [Fact]
    public void The_command_that_is_printed_for_a_seed_shows_its_course()
    {
        var trace = Run("--seed", "107");

        trace.ShouldContain("node 1 starts");
        trace.ShouldEndWith(SimulatedRun.Of(107) + Environment.NewLine);
    }

    private static string Run(params string[] arguments)
    {
        string[] command = [typeof(SimulatedRun).Assembly.Location, .. arguments];
        var start = new ProcessStartInfo("dotnet", command) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var printed = process.StandardOutput.ReadToEnd();

        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
        return printed;
    }
}
