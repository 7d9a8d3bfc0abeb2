using System.Diagnostics.CodeAnalysis;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>A tree of actors with its dispatcher, scheduler, event stream and settings.</summary>
public abstract class ActorSystem : IActorRefFactory, IDisposable
{
    private protected ActorSystem()
    {
    }

    public abstract string Name { get; }

    public abstract Settings Settings { get; }

    public abstract ILoggingAdapter Log { get; }

    public abstract EventStream EventStream { get; }

    public abstract IActorRef DeadLetters { get; }

    public abstract IScheduler Scheduler { get; }

    public abstract Serialization.Serialization Serialization { get; }

    /// <summary>Completes when the last actor has ended.</summary>
    public abstract Task WhenTerminated { get; }

    public abstract TimeSpan Uptime { get; }

    public static ActorSystem Create(string name) => Create(name, Setup.ActorSystemSetup.Empty);

    public static ActorSystem Create(string name, Config config) => Create(name, BootstrapSetup.Create().WithConfig(config));

    public static ActorSystem Create(string name, BootstrapSetup setup) => Create(name, Setup.ActorSystemSetup.Create(setup));

    public static ActorSystem Create(string name, Setup.ActorSystemSetup setup)
    {
        var system = new ActorSystemImpl(name, setup, new Dispatch.ThreadPoolDispatcher());
        system.Start();
        return system;
    }

    public abstract IActorRef ActorOf(Props props, string? name = null);

    public abstract ActorSelection ActorSelection(ActorPath actorPath);

    public abstract ActorSelection ActorSelection(string actorPath);

    public abstract void Stop(IActorRef actor);

    public abstract void RegisterOnTermination(Action code);

    public abstract Task Terminate();

    public abstract object? RegisterExtension(IExtensionId extension);

    public abstract object? GetExtension(IExtensionId extensionId);

    public abstract T? GetExtension<T>()
        where T : class, IExtension;

    public abstract bool TryGetExtension<T>([NotNullWhen(true)] out T? extension)
        where T : class, IExtension;

    public abstract bool HasExtension<T>()
        where T : class, IExtension;

    /// <summary>Terminates the system without waiting for it.</summary>
    public void Dispose()
    {
        Terminate();
        GC.SuppressFinalize(this);
    }
}

/// <summary>What extensions may use of a system.</summary>
public abstract class ExtendedActorSystem : ActorSystem
{
    private protected ExtendedActorSystem()
    {
    }

    /// <summary>Creates an actor below /system; it ends after those below /user.</summary>
    public abstract IActorRef SystemActorOf(Props props, string? name = null);

    public abstract IActorRef SystemActorOf<TActor>(string? name = null)
        where TActor : ActorBase, new();
}
