using Xunit.Abstractions;

namespace Iec102.Cluster.Tests.Leases;

/// <summary>
/// Every situation that two nodes and the lock server can get into within some ttl, with the rules of <see cref="Cluster.Leases.Lease"/>.
/// </summary>
public sealed class LeaseModelTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(0, Trouble.None, 5)]
    [InlineData(1, Trouble.None, 4)]
    [InlineData(0, Trouble.ServerRestarts, 4)]
    [InlineData(0, Trouble.ConnectionIsLost, 4)]
    [InlineData(0, Trouble.NodeIsKilled, 4)]
    [InlineData(0, Trouble.ComputerIsSuspended, 4)]
    [InlineData(0, Trouble.ClockIsSetOn, 4)]
    [InlineData(0, Trouble.ClockIsSetBack, 4)]
    public void Never_can_two_nodes_write_to_one_line(int late, Trouble trouble, int ticks)
    {
        var path = Search(Weakening.None, trouble, late, ticks);
        path.ShouldBeNull(path is null ? "" : string.Join("; ", path));
    }

    [Theory]
    [InlineData(Weakening.NoMargin, Trouble.None)]
    [InlineData(Weakening.GuardFromTheAnswer, Trouble.None)]
    [InlineData(Weakening.NoWaitOfANewSession, Trouble.None)]
    [InlineData(Weakening.NoWaitAfterAnotherSessionEnded, Trouble.None)]
    [InlineData(Weakening.AnySilenceCounts, Trouble.None)]
    [InlineData(Weakening.GuardOpensWithTheLock, Trouble.None)]
    [InlineData(Weakening.ClosedGuardReopens, Trouble.None)]
    [InlineData(Weakening.SilentSessionGoesOn, Trouble.None)]
    [InlineData(Weakening.YoungSessionIsClosed, Trouble.None)]
    [InlineData(Weakening.ReleaseBeforeThePortIsGone, Trouble.None)]
    [InlineData(Weakening.OnlyTheMonotonicClock, Trouble.ComputerIsSuspended)]
    [InlineData(Weakening.OnlyTheWallClock, Trouble.ClockIsSetBack)]
    public void Without_any_one_of_the_rules_two_nodes_can(Weakening weakening, Trouble trouble) =>
        Search(weakening, trouble, late: 0, ticks: 7).ShouldNotBeNull();

    /// <summary>Tick by tick, all that can happen; returns how two nodes come to write, or null when they never do.</summary>
    private List<string>? Search(Weakening weakening, Trouble trouble, int late, int ticks)
    {
        var model = new LeaseModel(weakening, trouble, late);
        var known = new HashSet<UInt128> { model.Beginning.Key() };
        var steps = new List<(int From, string Step)> { (-1, "") };
        var waiting = new Queue<(int Number, Situation At)>([(0, model.Beginning)]);
        for (var tick = 0; tick <= ticks; tick++)
        {
            var later = new Queue<(int Number, Situation At)>();
            while (waiting.TryDequeue(out var next))
            {
                foreach (var (step, to) in model.Next(next.At))
                {
                    if (!known.Add(to.Key()))
                        continue;
                    steps.Add((next.Number, step));
                    if (LeaseModel.HasTwoTalkers(to))
                    {
                        var path = Path(steps);
                        output.WriteLine($"{known.Count} situations: {string.Join("; ", path)}");
                        return path;
                    }

                    (step == LeaseModel.Tick ? later : waiting).Enqueue((steps.Count - 1, to));
                }
            }

            waiting = later;
        }

        output.WriteLine($"{known.Count} situations");
        return null;
    }

    private static List<string> Path(List<(int From, string Step)> steps)
    {
        var path = new List<string>();
        for (var at = steps.Count - 1; at > 0; at = steps[at].From)
            path.Insert(0, steps[at].Step);
        return path;
    }
}
