using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// The one implementation of an actor system: the guardians of its tree, and everything that it starts by itself through one dispatcher.
/// It ends from below: first all of /user, then all of /system, then the root.
/// </summary>
internal sealed class ActorSystemImpl : ExtendedActorSystem
{
    private readonly ConcurrentDictionary<Type, Lazy<object>> _extensions = new();
    private readonly ConcurrentStack<Action> _onTermination = new();
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeSpan _started;
    private readonly Lazy<Serialization.Serialization> _serialization;
    private long _uid;

    public ActorSystemImpl(string name, Setup.ActorSystemSetup setup, Dispatcher dispatcher)
    {
        if (!IsValidName(name)) throw new ArgumentException($"Invalid ActorSystem name [{name}], must contain only letters, digits, '-' and '_', and start with a letter or digit.", nameof(name));
        Name = name;
        Dispatcher = dispatcher;
        var bootstrap = setup.Get<BootstrapSetup>();
        Settings = new Settings(this, bootstrap.HasValue && bootstrap.Value.Config.HasValue ? bootstrap.Value.Config.Value : Config.Empty, setup);
        EventStream = new EventStream(dispatcher.Time, Logging.LogLevelFor(Settings.LogLevel));
        Log = new BusLogging(EventStream, "ActorSystem(" + name + ")", typeof(ActorSystem));
        Timers = new TimerQueue(dispatcher.Time, failure => Log.Error(failure, "A scheduled action failed"));
        Scheduler = Settings.SchedulerClass.Length == 0 ? new DefaultScheduler(Timers, dispatcher.Time) : CreateScheduler();
        _started = Timers.Elapsed;
        _serialization = new Lazy<Serialization.Serialization>(() => new Serialization.Serialization(this));

        var root = new RootActorPath(new Address("akka", name));
        TempPath = root / "temp";
        DeadLetters = new DeadLetterActorRef(this, root / "deadLetters");
        var strategy = SupervisorStrategy.DefaultStrategy;
        RootGuardian = new LocalActorRef(this, Props.Create(() => new RootGuardian()), new AboveTheRoot(this, root), root);
        Guardian = (LocalActorRef)RootGuardian.Cell.ActorOf(Props.Create(() => new Guardian(), strategy), "user");
        SystemGuardian = (LocalActorRef)RootGuardian.Cell.ActorOf(Props.Create(() => new Guardian(), strategy), "system");
    }

    public Dispatcher Dispatcher { get; }

    /// <summary>Timers of the dispatcher's own clock, whatever the scheduler's clock is.</summary>
    public TimerQueue Timers { get; }

    public ActorPath TempPath { get; }

    public LocalActorRef RootGuardian { get; }

    public LocalActorRef Guardian { get; }

    public LocalActorRef SystemGuardian { get; }

    public override string Name { get; }

    public override Settings Settings { get; }

    public override ILoggingAdapter Log { get; }

    public override EventStream EventStream { get; }

    public override IActorRef DeadLetters { get; }

    public override IScheduler Scheduler { get; }

    public override Serialization.Serialization Serialization => _serialization.Value;

    public override Task WhenTerminated => _terminated.Task;

    public override TimeSpan Uptime => Timers.Elapsed - _started;

    public long NextUid() => Interlocked.Increment(ref _uid);

    public void Start()
    {
        RootGuardian.SendSystemMessage(new Create());
        LoggerStarter.Start(this);
        CoordinatedShutdown.Get(this);
    }

    public override IActorRef ActorOf(Props props, string? name = null) => Guardian.Cell.ActorOf(props, name);

    public override IActorRef SystemActorOf(Props props, string? name = null) => SystemGuardian.Cell.ActorOf(props, name);

    public override IActorRef SystemActorOf<TActor>(string? name = null) => SystemActorOf(Props.Create<TActor>(), name);

    public override ActorSelection ActorSelection(ActorPath actorPath) => new(RootGuardian, actorPath.Elements);

    public override ActorSelection ActorSelection(string actorPath)
    {
        if (ActorPath.TryParse(actorPath, out var absolute)) return ActorSelection(absolute);
        return new ActorSelection(actorPath.StartsWith('/') ? RootGuardian : Guardian, actorPath);
    }

    public override void Stop(IActorRef actor)
    {
        // Through the parent, which has to know that it waits for this child.
        if (actor is LocalActorRef { Cell.Parent: LocalActorRef parent }) parent.Cell.MarkStopping(actor);
        actor.Stop();
    }

    public override void RegisterOnTermination(Action code) => _onTermination.Push(code);

    public override Task Terminate()
    {
        if (Settings.CoordinatedShutdownRunByActorSystemTerminate && Settings.CoordinatedShutdownTerminateActorSystem)
            CoordinatedShutdown.Get(this).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        else FinalTerminate();
        return WhenTerminated;
    }

    /// <summary>Ends the actors, without the phases of the coordinated shutdown.</summary>
    public void FinalTerminate() => Guardian.Stop();

    public void OnRootEnded()
    {
        while (_onTermination.TryPop(out var code))
        {
            try
            {
                code();
            }
            catch (Exception failure)
            {
                Log.Error(failure, "An action registered for the termination of the system failed");
            }
        }
        Timers.Dispose();
        _terminated.TrySetResult();
    }

    public override object RegisterExtension(IExtensionId extension) =>
        _extensions.GetOrAdd(extension.ExtensionType, _ => new Lazy<object>(() => extension.CreateExtension(this))).Value;

    public override object GetExtension(IExtensionId extensionId) =>
        _extensions.TryGetValue(extensionId.ExtensionType, out var extension) ? extension.Value : RegisterExtension(extensionId);

    public override T? GetExtension<T>()
        where T : class => TryGetExtension<T>(out var extension) ? extension : null;

    public override bool TryGetExtension<T>([NotNullWhen(true)] out T? extension)
        where T : class
    {
        extension = _extensions.TryGetValue(typeof(T), out var known) ? (T)known.Value : null;
        return extension is not null;
    }

    public override bool HasExtension<T>() => _extensions.ContainsKey(typeof(T));

    public override string ToString() => $"ActorSystem({Name})";

    private static bool IsValidName(string name) =>
        name.Length > 0 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private IScheduler CreateScheduler() =>
        (IScheduler)Activator.CreateInstance(TypeNames.Find(Settings.SchedulerClass), Settings.Config, Log)!;
}
