using Akka.Actor;
using Akka.Configuration;
using Akka.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting;

/// <summary>Starts actors when the host starts.</summary>
public delegate Task ActorStarter(ActorSystem system, IActorRegistry registry);

/// <summary>Starts actors that need services of the host.</summary>
public delegate Task ActorStarterWithResolver(ActorSystem system, IActorRegistry registry, IDependencyResolver resolver);

/// <summary>Runs once, when all actors are started.</summary>
public delegate Task StartupTask(ActorSystem system, IActorRegistry registry);

/// <summary>Where a piece of configuration goes: behind what is there, or before it, which is also what Akka.Hosting does for Replace.</summary>
public enum HoconAddMode
{
    Append = 0,
    Prepend = 1,
    Replace = 2,
}

/// <summary>What an actor system of a host is made of: its configuration, the actors it starts with, and the tasks that follow.</summary>
public sealed class AkkaConfigurationBuilder
{
    private readonly List<ActorStarterWithResolver> _actorStarters = [];
    private readonly List<StartupTask> _startupTasks = [];

    internal AkkaConfigurationBuilder(string actorSystemName)
    {
        ActorSystemName = actorSystemName;
    }

    internal string ActorSystemName { get; }

    internal Config Configuration { get; private set; } = Config.Empty;

    /// <summary>What a LoggerFactoryLogger writes to; null for the host's own.</summary>
    internal ILoggerFactory? LoggerFactory { get; set; }

    public AkkaConfigurationBuilder StartActors(Action<ActorSystem, IActorRegistry> starter) => StartActors((system, registry) =>
    {
        starter(system, registry);
        return Task.CompletedTask;
    });

    public AkkaConfigurationBuilder StartActors(ActorStarter starter) => StartActors((system, registry, _) => starter(system, registry));

    public AkkaConfigurationBuilder StartActors(Action<ActorSystem, IActorRegistry, IDependencyResolver> starter) =>
        StartActors((system, registry, resolver) =>
        {
            starter(system, registry, resolver);
            return Task.CompletedTask;
        });

    public AkkaConfigurationBuilder StartActors(ActorStarterWithResolver starter)
    {
        _actorStarters.Add(starter);
        return this;
    }

    public AkkaConfigurationBuilder AddStartup(Action<ActorSystem, IActorRegistry> startupTask) => AddStartup((system, registry) =>
    {
        startupTask(system, registry);
        return Task.CompletedTask;
    });

    public AkkaConfigurationBuilder AddStartup(StartupTask startupTask)
    {
        _startupTasks.Add(startupTask);
        return this;
    }

    internal void AddConfiguration(Config hocon, HoconAddMode mode) => Configuration = mode switch
    {
        HoconAddMode.Append => Configuration.WithFallback(hocon),
        _ => hocon.WithFallback(Configuration),
    };

    internal async Task StartAsync(ActorSystem system, IDependencyResolver resolver)
    {
        var registry = ActorRegistry.For(system);
        foreach (var start in _actorStarters)
            await start(system, registry, resolver).ConfigureAwait(false);
        foreach (var run in _startupTasks)
            await run(system, registry).ConfigureAwait(false);
    }
}
