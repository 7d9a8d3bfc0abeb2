namespace Iec102.Simulation.Tests;

/// <summary>
/// One run in a world made from a seed: first a time of faults and kills, then fair weather until every curve is complete, which must
/// happen within a limited time.
/// </summary>
internal abstract class SimulatedRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(2);
    private static readonly TimeSpan LongPatience = TimeSpan.FromHours(26);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    private readonly long _seed;
    private readonly Truth _truth;

    protected SimulatedRun(long seed, TextWriter? text, bool isShared, Weakness weakness = Weakness.None)
    {
        _seed = seed;
        var chance = new Chance(seed);
        World = new World(chance, new Trace(text), Scenario.Beginning(chance));
        Scenario = new Scenario(World);
        _truth = new Truth(Scenario);
        Durable = new Durable(World, _truth, isShared, weakness);
    }

    protected World World { get; }

    protected Scenario Scenario { get; }

    protected Durable Durable { get; }

    protected abstract Troubles Troubles { get; }

    protected abstract int Kills { get; }

    protected abstract ClusterCounts? Cluster { get; }

    /// <summary>Whether two nodes share the fleet in the run of this seed.</summary>
    public static bool HasTwoNodes(long seed) => seed % 10 is 0 or 8 or 9;

    public static RunResult Of(long seed, TextWriter? text = null) =>
        (HasTwoNodes(seed) ? new TwoNodeRun(seed, text, Weakness.None) : (SimulatedRun)new SingleNodeRun(seed, text)).Result();

    public RunResult Result()
    {
        string? violation = null;
        try
        {
            LiveThroughTroubles();
            Troubles.Stop();
            Recover();
            Durable.Check();
            World.ThrowIfBroken();
        }
        catch (ViolationException broken)
        {
            violation = broken.Message;
            World.Note($"BROKEN: {violation}");
        }

        var wires = Scenario.Wires.Values.ToList();
        return new RunResult(
            _seed, World.Trace.Hash, violation, Durable.Intervals, Kills, wires.Sum(wire => wire.Faults), wires.Sum(wire => wire.Frames),
            Durable.Snapshots, World.Steps, World.Elapsed, Cluster);
    }

    /// <summary>Everything up to the end of the troubles.</summary>
    protected abstract void LiveThroughTroubles();

    /// <summary>Lets time pass until a moment.</summary>
    protected abstract void Live(TimeSpan until);

    /// <summary>Checks that everything that was due when the troubles ended reaches the tables in time.</summary>
    private void Recover()
    {
        var settled = World.Now;
        var limit = World.Elapsed + (Scenario.Stations.Any(station => station.HasRefusedCurves) ? LongPatience : Patience);
        while ((_truth.FirstMissing(Durable, settled) ?? Durable.NotMended()) is { } missing)
        {
            if (World.Elapsed >= limit)
                throw new ViolationException($"{missing} is still missing {limit - Troubles.End} after all troubles ended ({_seed}).");
            Live(World.Elapsed + LookEvery);
        }
    }
}
