namespace Iec102.Simulation.Tests;

/// <summary>A run of one node on a disk of its own.</summary>
internal sealed class SingleNodeRun : SimulatedRun
{
    private readonly List<Node> _nodes = [];

    public SingleNodeRun(long seed, TextWriter? text)
        : base(seed, text, isShared: false) => Troubles = new Troubles(World, Scenario);

    protected override Troubles Troubles { get; }

    protected override int Kills => _nodes.Count - 1;

    protected override ClusterCounts? Cluster => null;

    private Node Node => _nodes[^1];

    protected override void LiveThroughTroubles()
    {
        Start();
        Troubles.Begin(() => Node, () => [Node]);
        while (World.Elapsed < Troubles.End)
        {
            Live(Troubles.End);
            if (!Node.Life.IsOver)
                break;
            Durable.Check();
            Live(World.Elapsed + Troubles.Downtime());
            Durable.Remember();
            if (Troubles.IsOlderCopyPutBack())
                Durable.PutBack();
            Start();
        }
    }

    /// <summary>Lets time pass until a moment, or until the node is killed.</summary>
    protected override void Live(TimeSpan until)
    {
        var wasOver = Node.Life.IsOver;
        while (World.Step(until))
        {
            if (Node.Life.IsOver && !wasOver)
                return;
        }
    }

    private void Start()
    {
        var life = new Life(World, $"node {_nodes.Count + 1}");
        // If the disks end the life, the node exists by then.
        void Kill() => Node.Kill();
        var storage = new StorageSetup(life.Name, Durable, new Disk(life, () => Troubles.Disk, Kill));
        _nodes.Add(new Node(life, Scenario, storage, new Disk(life, () => Troubles.Disk, Kill)));
    }
}
