using Akka.Actor;
using Akka.Configuration;
using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;

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

    public Node(World world, string name, Scenario scenario, Durable durable, Func<DiskWeather> weather)
    {
        Life = new Life(world, name);
        world.Note($"{name} starts");
        var system = SimulatedSystem.Start(Life, Settings, new StorageSetup(durable, new Disk(Life, weather, Kill)));
        var tables = new Disk(Life, weather, Kill);
        var writer = system.ActorOf(Props.Create(() => new SimulatedWriter(durable, tables)), "writer");
        var restored = new Dictionary<string, IReadOnlyList<CurrentValue>>();
        var time = world.Time;
        var liveState = system.ActorOf(Props.Create(() => new LiveStateActor(restored, time)), "live-state");
        // Akka.NET would draw the jitter from a random source of its own.
        var setup = new FleetSetup(port => scenario.Wires[port.Id].EndOf(Life), liveState, writer, world.Time, _view) { RestartJitter = 0 };
        _fleet = system.ActorOf(FleetActor.Props(setup), "fleet");
        _scenario = scenario;
        ApplyFleet();
    }

    public Life Life { get; }

    /// <summary>The actor of a curve, once it has been started.</summary>
    public IActorRef? Profile(string meter, Curve curve) => _view.Actor(new FleetChild(FleetPart.Profile, meter, curve));

    /// <summary>Applies the current fleet file, new or edited, as soon as the node gets to it.</summary>
    public void ApplyFleet() => Life.Soon(() => _fleet.Tell(new ApplyFleet(_scenario.Fleet), ActorRefs.NoSender));

    /// <summary>Ends the node between any two messages.</summary>
    public void Kill()
    {
        Life.World.Note($"{Life.Name} is killed");
        Life.End();
        foreach (var wire in _scenario.Wires.Values)
            wire.NodeGone(Life);
    }
}
