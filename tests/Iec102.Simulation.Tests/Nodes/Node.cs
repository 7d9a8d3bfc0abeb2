using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Akka.Persistence;
using Iec102.Acquisition;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Readings;

namespace Iec102.Simulation.Tests;

/// <summary>One life of a whole node, as the server makes it: writer, read model, ports, meters and profiles. A kill leaves nothing of it but what is durable.</summary>
internal sealed class Node
{
    private const string Settings = """
        akka {
          loglevel = INFO
          loggers = []
          log-dead-letters = off
          suppress-json-serializer-warning = on
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          scheduler.implementation = "Iec102.Simulation.Tests.SimulationScheduler, Iec102.Simulation.Tests"
          actor {
            default-dispatcher.type = "Iec102.Simulation.Tests.SimulationDispatcherConfigurator, Iec102.Simulation.Tests"
            internal-dispatcher.type = "Iec102.Simulation.Tests.SimulationDispatcherConfigurator, Iec102.Simulation.Tests"
            default-blocking-io-dispatcher.type = "Iec102.Simulation.Tests.SimulationDispatcherConfigurator, Iec102.Simulation.Tests"
          }
          persistence.journal { plugin = "simulated.journal" }
          persistence.snapshot-store { plugin = "simulated.snapshots" }
        }
        simulated.journal.plugin-dispatcher = "akka.actor.default-dispatcher"
        simulated.snapshots.plugin-dispatcher = "akka.actor.default-dispatcher"
        simulated.journal.class = "Iec102.Simulation.Tests.SimulatedJournal, Iec102.Simulation.Tests"
        simulated.snapshots.class = "Iec102.Simulation.Tests.SimulatedSnapshotStore, Iec102.Simulation.Tests"
        """;

    private readonly FleetView _view = new();
    private readonly IActorRef _fleet;
    private readonly Scenario _scenario;

    public Node(World world, string name, Scenario scenario, Durable durable, Func<DiskWeather> weather)
    {
        Life = new Life(world, name);
        world.Note($"{name} starts");
        foreach (var wire in scenario.Wires.Values)
            wire.Node = Life;
        var storage = new StorageSetup(durable, new Disk(Life, weather, Kill));
        var config = ConfigurationFactory.ParseString(Settings).WithFallback(ConfigurationFactory.ParseString(ProfileSerializer.Config));
        if (!world.Trace.IsRead)
            config = ConfigurationFactory.ParseString("akka.loglevel = ERROR").WithFallback(config);
        LifeSetup.Starting = Life;
        var system = (ExtendedActorSystem)ActorSystem.Create("node", ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config), storage, new LifeSetup(Life)));
        system.EventStream.Subscribe<LogEvent>(new Watcher(system, world));
        system.EventStream.Subscribe<UnhandledMessage>(new Watcher(system, world));
        var tables = new Disk(Life, weather, Kill);
        var writer = system.ActorOf(Props.Create(() => new SimulatedWriter(durable, tables)), "writer");
        var readings = system.ActorOf(Props.Create(() => new ReadingsActor(writer, Life.Time)), "readings");
        _fleet = system.ActorOf(FleetActor.Props(new FleetSetup(port => scenario.Wires[port.Id], readings, writer, Life.Time, _view) { RestartJitter = 0 }), "fleet");
        _scenario = scenario;
        ApplyFleet();
    }

    public Life Life { get; }

    /// <summary>The curve's actor, once it is started.</summary>
    public IActorRef? Profile(string meter, Curve curve) => _view.Actor(new FleetChild(FleetPart.Profile, meter, curve));

    /// <summary>The fleet file is there, or was edited: it is applied as it is when that begins.</summary>
    public void ApplyFleet() => Life.Soon(() => _fleet.Tell(new ApplyFleet(_scenario.Fleet), ActorRefs.NoSender));

    /// <summary>The end, between any two messages.</summary>
    public void Kill()
    {
        Life.World.Note($"{Life.Name} is killed");
        Life.End();
        foreach (var wire in _scenario.Wires.Values)
            wire.NodeGone();
    }

    /// <summary>Hears what is logged: an exception that no simulated fault explains is a fault of the node.</summary>
    private sealed class Watcher(ExtendedActorSystem system, World world) : MinimalActorRef
    {
        public override ActorPath Path { get; } = new RootActorPath(new Address("akka", system.Name)) / "watcher";

        public override IActorRefProvider Provider => system.Provider;

        protected override void TellInternal(object message, IActorRef sender)
        {
            if (message is LogEvent log && world.Trace.IsRead)
                world.Note($"{log.LogLevel()} {log.Message}");
            switch (message)
            {
                case Error { Cause: ViolationException broken }:
                    world.Break(broken.Message);
                    break;
                case Error { Cause: not (DiskException or RecoveryTimedOutException) } error:
                    world.Break($"{error.LogSource}: {error.Message} {error.Cause}");
                    break;
                case UnhandledMessage unhandled:
                    world.Break($"{unhandled.Recipient} does not handle {unhandled.Message}.");
                    break;
            }
        }
    }
}
