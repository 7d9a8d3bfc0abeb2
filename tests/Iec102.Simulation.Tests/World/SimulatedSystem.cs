using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Akka.Persistence;

namespace Iec102.Simulation.Tests;

/// <summary>
/// Akka.NET's own actor system in a world: it runs on the world's only thread, by the world's clock. A logged error or an unhandled message
/// breaks the run. The system is never terminated: when its life is over it no longer runs, and only the run refers to it.
/// </summary>
internal static class SimulatedSystem
{
    private static readonly Config Settings = ConfigurationFactory.ParseString($$"""
        akka {
          loggers = []
          stdout-loglevel = OFF
          log-dead-letters = off
          coordinated-shutdown {
            run-by-clr-shutdown-hook = off
            run-by-actor-system-terminate = off
          }
          scheduler.implementation = "{{typeof(SimulationScheduler).AssemblyQualifiedName}}"
        }
        """);

    // Everything that Akka.NET and Akka.Persistence start by themselves runs on one of these dispatchers.
    private static readonly Config Dispatchers = ConfigurationFactory.ParseString(string.Join('\n', new[]
    {
        "akka.actor.default-dispatcher", "akka.actor.internal-dispatcher", "akka.actor.default-blocking-io-dispatcher",
        "akka.persistence.dispatchers.default-plugin-dispatcher",
        "akka.persistence.dispatchers.default-replay-dispatcher", "akka.persistence.dispatchers.default-stream-dispatcher",
    }.Select(dispatcher => $"{dispatcher}.type = \"{typeof(SimulationDispatcherConfigurator).AssemblyQualifiedName}\"")));

    private static readonly Config Quiet =
        ConfigurationFactory.ParseString("akka.loglevel = ERROR").WithFallback(Dispatchers).WithFallback(Settings);
    private static readonly Config Talking =
        ConfigurationFactory.ParseString("akka.loglevel = INFO").WithFallback(Dispatchers).WithFallback(Settings);

    /// <summary>Starts a system that exists for the given life.</summary>
    public static ActorSystem Start(Life life, Config config, params Setup[] setups)
    {
        var bootstrap = BootstrapSetup.Create().WithConfig(config.WithFallback(life.World.Trace.IsRead ? Talking : Quiet));
        var system =
            SimulationScheduler.CreateSystem(life, () => ActorSystem.Create("node", ActorSystemSetup.Create([bootstrap, .. setups])));
        var watcher = new Watcher((ExtendedActorSystem)system, life.World);
        system.EventStream.Subscribe<LogEvent>(watcher);
        system.EventStream.Subscribe<UnhandledMessage>(watcher);
        return system;
    }

    /// <summary>Receives the log of a node: an exception that no simulated fault explains is a fault of the node.</summary>
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
                case Error { Cause: not (StoreException or RecoveryTimedOutException) } error:
                    world.Break($"{error.LogSource}: {error.Message} {error.Cause}");
                    break;
                case UnhandledMessage unhandled:
                    world.Break($"{unhandled.Recipient} does not handle {unhandled.Message}.");
                    break;
            }
        }
    }
}
