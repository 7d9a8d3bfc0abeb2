using Xunit.Abstractions;

namespace Iec102.Simulation.Tests;

/// <summary>What the store does for two nodes is needed: without it, a run breaks a rule soon.</summary>
public sealed class WeaknessTests(ITestOutputHelper output)
{
    private const int Most = 100;

    [Fact]
    public void A_journal_that_takes_a_number_twice_breaks_a_rule() => Breaks(Weakness.EqualNumbers, "is replaced by another one");

    [Fact]
    public void The_default_replay_filter_of_Akka_loses_what_a_node_wrote_that_came_back() =>
        Breaks(Weakness.ReplayFilter, "in the tables");

    private void Breaks(Weakness weakness, string rule)
    {
        var results = Enumerable.Range(1, int.MaxValue).Select(seed => (long)seed).Where(SimulatedRun.HasTwoNodes).Take(Most)
            .Select(seed => new TwoNodeRun(seed, text: null, weakness).Result());

        var broken = results.FirstOrDefault(run => run.Violation is not null);

        output.WriteLine($"{broken?.Seed}: {broken?.Violation}");
        broken.ShouldNotBeNull().Violation.ShouldNotBeNull().ShouldContain(rule);
    }
}
