using Akka.Actor;

namespace Iec102.Simulation.Tests;

/// <summary>
/// A run of two nodes that share the fleet and one database. Processes are killed and paused, their ways to the database are cut, and the
/// database is restarted.
/// </summary>
internal sealed class TwoNodeRun : SimulatedRun
{
    private static readonly string[] Ids = ["east", "west"];

    private static readonly TimeSpan[] Jumps =
        [TimeSpan.Zero, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(-3), TimeSpan.FromHours(1), TimeSpan.FromHours(-1)];

    /// <summary>A node that is held up for less than this has guards that are still open, and may go on talking.</summary>
    private static readonly TimeSpan GuardsOpen = TimeSpan.FromSeconds(4);

    private readonly Weakness _weakness;
    private readonly SimulatedDatabase _database;
    private readonly List<Host> _hosts;
    private int _kills;

    public TwoNodeRun(long seed, TextWriter? text, Weakness weakness)
        : base(seed, text, isShared: true, weakness)
    {
        _weakness = weakness;
        Scenario.Distribute(Ids);
        Troubles = new Troubles(World, Scenario);
        _database = new SimulatedDatabase(World) { Locks = { Released = OnReleased } };
        _hosts = [.. Ids.Select(id => new Host(World, id, TimeSpan.FromSeconds(Chance.Of(6, 6, 15)), Start))];
    }

    protected override Troubles Troubles { get; }

    protected override int Kills => _kills;

    protected override ClusterCounts Cluster => new(
        _hosts.Sum(host => host.Pauses), _hosts.Sum(host => host.Cuts), _database.Restarts, _database.Locks.Moves, Durable.Refused);

    private Chance Chance => World.Chance;

    protected override void LiveThroughTroubles()
    {
        _hosts.ForEach(host => host.Start());
        Troubles.Begin(() => Any().Node, () => _hosts.Select(host => host.Node));
        Troubles.Often(16, () => Any().Pause(Span()));
        Troubles.Often(16, () => Any().Cut(Chance.Of(LinkState.Refuses, LinkState.Hangs, LinkState.LosesAnswers), Span()));
        Troubles.Often(3, () => RestartDatabase(Chance.Is(0.5) ? TimeSpan.Zero : Span()));
        Troubles.Often(3, LoseSession);
        Troubles.Often(2, () => Stop(Any().Node));
        Troubles.Often(2, () => Drain(Any().Node));
        Troubles.Often(2, () => Any().SetClock(Chance.Of(Jumps)));
        Live(Troubles.End);
        _hosts.ForEach(host => host.MendAll());
    }

    protected override void Live(TimeSpan until)
    {
        while (World.Step(until))
        {
        }
    }

    private Host Any() => Chance.Of([.. _hosts]);

    /// <summary>Most faults are about as long as it takes until the other node has the port, or a little shorter or longer.</summary>
    private TimeSpan Span()
    {
        var most = TimeSpan.FromSeconds(Chance.Of(2, 8, 16, 32, 64, 600));
        return Chance.Between(most / 2, most);
    }

    private Node Start(Host host, string name)
    {
        var life = new Life(World, name);
        var store = new RemoteStore(life, host.Link, _database, () => Troubles.Disk, () => host.Node.Kill());
        return new Node(life, Scenario, new StorageSetup(life.Name, Durable, store, _weakness), store, Share)
        {
            Killed = () => World.Nature.Soon(() => OnKilled(host)),
        };

        NodeShare Share(ActorSystem system, IActorRef liveState) => new(host, life, _database, system, liveState);
    }

    /// <summary>A process gets SIGTERM, and after a while it is gone in any case.</summary>
    private void Stop(Node node)
    {
        node.Stop();
        node.Life.After(Span(), node.Kill);
    }

    private void Drain(Node node)
    {
        node.Drain(isDraining: true);
        node.Life.After(Span(), () => node.Drain(isDraining: false));
    }

    private void RestartDatabase(TimeSpan darkness)
    {
        _hosts.ForEach(host => host.Link.Forget());
        _database.Restart(darkness);
    }

    /// <summary>Something on the way ends a connection, and only the database notices.</summary>
    private void LoseSession()
    {
        var host = Any();
        _database.Locks.EndAll(host.Node.Life, "its connection was lost");
    }

    /// <summary>
    /// Whoever releases a lock is often held up at once, by a pause or by an answer that does not come: whatever it should have done before
    /// comes too late then.
    /// </summary>
    private void OnReleased(LockSession session)
    {
        if (World.Elapsed >= Troubles.End || !Chance.Is(0.6))
            return;
        var (host, span) = (_hosts.Single(host => host.Id == session.Node), Chance.Between(TimeSpan.Zero, GuardsOpen));
        if (Chance.Is(0.5))
            host.Pause(span);
        else
            host.Cut(LinkState.Hangs, span);
    }

    private void OnKilled(Host host)
    {
        _kills++;
        Durable.Check();
        var life = host.Node.Life;
        if (!host.Link.Refuses)
            host.Link.ToServer(() => _database.Locks.EndAll(life, "its process is gone"));
        World.Nature.After(Span(), host.Restart);
    }
}
