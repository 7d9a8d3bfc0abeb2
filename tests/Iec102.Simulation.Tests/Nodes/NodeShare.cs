using Akka.Actor;
using Iec102.Cluster.Leases;
using Iec102.Cluster.Nodes;
using Iec102.Fleet;
using Iec102.Lines;

namespace Iec102.Simulation.Tests;

/// <summary>How a node shares the fleet with other nodes, with the actors of the server: the lease, and the directory of nodes.</summary>
internal sealed class NodeShare
{
    private readonly LeaseView _view;

    /// <param name="host">The computer of the node.</param>
    /// <param name="life">The node's life.</param>
    /// <param name="database">The database of all nodes.</param>
    /// <param name="system">The node's actor system.</param>
    /// <param name="liveState">The node's live state.</param>
    public NodeShare(Host host, Life life, SimulatedDatabase database, ActorSystem system, IActorRef liveState)
    {
        var time = new LifeTime(life, () => host.ClockOffset);
        var client = new DatabaseClient(life, host.Link, database);
        var node = new NodeConfiguration(host.Id, new Uri($"https://{host.Id}.example")) { Ttl = host.Ttl };
        var since = life.World.Now;
        _view = new LeaseView(time);
        var directory = new NodeDirectorySetup(database.Directory.For(client), Report, new NodesView(host.Id, time), time);
        var server = new SimulatedLockServer(host.Id, life, client, database.Locks);
        var directoryActor = system.ActorOf(NodeDirectoryActor.Props(directory), "node-directory");
        Lease = system.ActorOf(LeaseActor.Props(new LeaseSetup(node, server, directoryActor, liveState, _view, time)), "lease");

        NodeReport Report() => new(node.Id, node.Url, "1.0", since, "", node.Ttl)
        {
            IsDraining = _view.Status.IsDraining,
            Ports = _view.Status.Held,
            Unlocked = _view.Status.Unlocked,
            Unable = _view.Status.Unable,
        };
    }

    /// <summary>Decides which ports the node runs.</summary>
    public IActorRef Lease { get; }

    /// <summary>Puts the guard of a port in front of its line.</summary>
    public ILineFactory Guarded(PortConfiguration port, ILineFactory line) => _view.Guarded(port, line);
}
