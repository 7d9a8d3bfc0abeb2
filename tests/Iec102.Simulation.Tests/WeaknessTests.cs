using Xunit.Abstractions;

namespace Iec102.Simulation.Tests;

/// <summary>What the store does for two nodes is needed: without it, a run breaks a rule soon, or the curves make up for it.</summary>
public sealed class WeaknessTests(ITestOutputHelper output)
{
    private const int Most = 100;

    [Fact]
    public void A_journal_that_takes_a_number_twice_breaks_a_rule()
    {
        var broken = Runs(Weakness.EqualNumbers).Take(Most).FirstOrDefault(run => run.Violation is not null);

        output.WriteLine($"{broken?.Seed}: {broken?.Violation}");
        broken.ShouldNotBeNull().Violation.ShouldNotBeNull().ShouldContain("is replaced by another one");
    }

    /// <summary>It drops what a node wrote that came back. The curve notices that and reads again what is not in the tables.</summary>
    [Fact]
    public void What_the_default_replay_filter_of_Akka_drops_is_noticed_and_nothing_is_lost() =>
        Runs(Weakness.ReplayFilter).Take(10).Select(run => run.Violation).ShouldAllBe(violation => violation == null);

    private static IEnumerable<RunResult> Runs(Weakness weakness) => Enumerable.Range(1, int.MaxValue).Select(seed => (long)seed)
        .Where(SimulatedRun.HasTwoNodes).Select(seed => new TwoNodeRun(seed, text: null, weakness).Result());
}
