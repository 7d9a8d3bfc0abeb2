
namespace Iec102.Simulation.Tests;

/// <summary>The result of a run.</summary>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Hash">A hash of the run's course.</param>
/// <param name="Violation">The rule that was broken; null when none was.</param>
/// <param name="Intervals">How many intervals were recorded.</param>
/// <param name="Kills">How often the node was killed.</param>
/// <param name="Faults">How many faults occurred on lines.</param>
/// <param name="Frames">How many frames passed over the lines.</param>
/// <param name="Snapshots">How many snapshots were taken.</param>
/// <param name="Steps">How many steps the world took.</param>
/// <param name="Elapsed">The virtual time that passed.</param>
internal sealed record RunResult(
    long Seed, ulong Hash, string? Violation, long Intervals, int Kills, long Faults, long Frames,
    int Snapshots, long Steps, TimeSpan Elapsed);

/// <summary>
/// One run of a complete node in a world made from a seed: first a time of faults and kills, then fair weather until every curve is
/// complete, which must happen within a limited time.
/// </summary>
internal sealed class SimulatedRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(2);
    private static readonly TimeSpan LongPatience = TimeSpan.FromHours(26);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    private readonly long _seed;
    private readonly World _world;
    private readonly Scenario _scenario;
    private readonly Durable _durable;
    private readonly Truth _truth;
    private readonly Troubles _troubles;
    private readonly List<Node> _nodes = [];

    private SimulatedRun(long seed, TextWriter? text)
    {
        _seed = seed;
        var chance = new Chance(seed);
        _world = new World(chance, new Trace(text), Scenario.Beginning(chance));
        _scenario = new Scenario(_world);
        _truth = new Truth(_scenario);
        _durable = new Durable(_world, _truth);
        _troubles = new Troubles(_world, _scenario);
    }

    private Node Node => _nodes[^1];

    public static RunResult Of(long seed, TextWriter? text = null)
    {
        var run = new SimulatedRun(seed, text);
        string? violation = null;
        try
        {
            run.Run();
        }
        catch (ViolationException broken)
        {
            violation = broken.Message;
            run._world.Note($"BROKEN: {violation}");
        }

        var wires = run._scenario.Wires.Values.ToList();
        return new RunResult(
            seed, run._world.Trace.Hash, violation, run._durable.Intervals, run._nodes.Count - 1,
            wires.Sum(wire => wire.Faults), wires.Sum(wire => wire.Frames),
            run._durable.Snapshots, run._world.Steps, run._world.Elapsed);
    }

    private void Run()
    {
        Start();
        _troubles.Begin(() => Node);
        while (_world.Elapsed < _troubles.End)
        {
            Live(_troubles.End);
            if (!Node.Life.IsOver)
                break;
            _durable.Check();
            Live(_world.Elapsed + _troubles.Downtime());
            _durable.Remember();
            if (_troubles.IsOlderCopyPutBack())
                _durable.PutBack();
            Start();
        }

        _troubles.Stop();
        Recover();
        _durable.Check();
        _world.ThrowIfBroken();
    }

    private void Start() =>
        _nodes.Add(new Node(_world, $"node {_nodes.Count + 1}", _scenario, _durable, () => _troubles.Disk));

    /// <summary>Lets time pass until a moment, or until the node is killed.</summary>
    private void Live(TimeSpan until)
    {
        var wasOver = Node.Life.IsOver;
        while (_world.Step(until))
        {
            if (Node.Life.IsOver && !wasOver)
                return;
        }
    }

    /// <summary>Checks that everything that was due when the troubles ended reaches the tables in time.</summary>
    private void Recover()
    {
        var settled = _world.Now;
        var limit = _world.Elapsed + (_scenario.Stations.Any(station => station.HasRefusedCurves) ? LongPatience : Patience);
        while ((_truth.FirstMissing(_durable, settled) ?? _durable.NotMended()) is { } missing)
        {
            if (_world.Elapsed >= limit)
                throw new ViolationException($"{missing} is still missing {limit - _troubles.End} after all troubles ended ({_seed}).");
            Live(_world.Elapsed + LookEvery);
        }
    }
}
