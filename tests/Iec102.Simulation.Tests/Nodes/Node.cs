using Akka.Actor;
using Akka.Configuration;
using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Cluster.Leases;
using Iec102.Fleet;
using Iec102.Lines;

namespace Iec102.Simulation.Tests;

/// <summary>
/// One life of a complete node as the server builds it: writer, live state, ports, meters and profiles. After a kill, only what was stored
/// remains.
/// </summary>
internal sealed class Node
{
    private static readonly Config Settings = ConfigurationFactory.ParseString($$"""
        akka.persistence.journal.plugin = simulated.journal
        akka.persistence.snapshot-store.plugin = simulated.snapshots
        simulated.journal.class = "{{typeof(SimulatedJournal).AssemblyQualifiedName}}"
        simulated.snapshots.class = "{{typeof(SimulatedSnapshotStore).AssemblyQualifiedName}}"
        """).WithFallback(ConfigurationFactory.ParseString(ProfileSerializer.Config));

    private readonly FleetView _view = new();
    private readonly IActorRef _fleet;
    private readonly Scenario _scenario;
    private readonly NodeShare? _share;

    /// <param name="life">Its life.</param>
    /// <param name="scenario">The fleet and its wires.</param>
    /// <param name="storage">What it stores.</param>
    /// <param name="tables">The way to the tables.</param>
    /// <param name="share">How it shares the fleet with other nodes; null when there are none.</param>
    public Node(Life life, Scenario scenario, StorageSetup storage, IStore tables, Func<ActorSystem, IActorRef, NodeShare>? share = null)
    {
        (Life, _scenario) = (life, scenario);
        life.World.Note($"{life.Name} starts");
        var system = SimulatedSystem.Start(life, Settings, storage);
        var durable = storage.Durable;
        var writer = system.ActorOf(Props.Create(() => new SimulatedWriter(durable, tables)), "writer");
        var restored = new Dictionary<string, IReadOnlyList<CurrentValue>>();
        var time = life.World.Time;
        var liveState = system.ActorOf(Props.Create(() => new LiveStateActor(restored, time)), "live-state");
        _share = share?.Invoke(system, liveState);
        // Akka.NET would draw the jitter from a random source of its own.
        var setup = new FleetSetup(LineOf, liveState, writer, time, _view) { RestartJitter = 0, Owner = _share?.Lease };
        _fleet = system.ActorOf(FleetActor.Props(setup), "fleet");
        ApplyFleet();
    }

    public Life Life { get; }

    /// <summary>Called when the node has been killed.</summary>
    public Action Killed { get; init; } = () => { };

    /// <summary>The actor of a curve, once it has been started.</summary>
    public IActorRef? Profile(string meter, Curve curve) => _view.Actor(new FleetChild(FleetPart.Profile, meter, curve));

    /// <summary>Applies the current fleet file, new or edited, as soon as the node gets to it.</summary>
    public void ApplyFleet() => Life.Soon(() => _fleet.Tell(new ApplyFleet(_scenario.Fleet), ActorRefs.NoSender));

    /// <summary>Begins to end the node in order.</summary>
    public void Stop() => Life.Soon(() =>
    {
        Life.World.Note($"{Life.Name} is stopped");
        _share?.Lease.Tell(new EndLease(), ActorRefs.NoSender);
        _fleet.Tell(new EndFleet(), ActorRefs.NoSender);
    });

    /// <summary>An operator wants the node's floating ports moved away, or has finished.</summary>
    public void Drain(bool isDraining) => Life.Soon(() =>
    {
        Life.World.Note($"{Life.Name} {(isDraining ? "drains" : "no longer drains")}");
        _share?.Lease.Tell(new DrainNode(isDraining), ActorRefs.NoSender);
    });

    /// <summary>Ends the node between any two messages.</summary>
    public void Kill()
    {
        Life.World.Note($"{Life.Name} is killed");
        Life.End();
        foreach (var wire in _scenario.Wires.Values)
            wire.NodeGone(Life);
        Killed();
    }

    private ILineFactory LineOf(PortConfiguration port)
    {
        var line = _scenario.Wires[port.Id].EndOf(Life);
        return _share is null ? line : _share.Guarded(port, line);
    }
}
