using System.Diagnostics;
using System.Linq.Expressions;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>
/// A test's own place among the actors: a test actor whose messages the test looks at, and everything to wait for what should happen.
/// The test actor is the sender of what the test tells. Times here are the machine's, whatever the scheduler's clock is.
/// </summary>
public abstract partial class TestKitBase : IActorRefFactory
{
    private static readonly long Start = Stopwatch.GetTimestamp();
    private static int _testActors;

    private readonly ITestKitAssertions _assertions;
    private readonly ReceivedMessages _received = new();
    private MessageEnvelope _last = NoEnvelope.Instance;
    private ReceivedEnvelope? _peeked;

    protected TestKitBase(ITestKitAssertions assertions, ActorSystem? system = null, string? testActorName = null)
        : this(assertions, system, ActorSystemSetup.Empty, null, testActorName)
    {
    }

    protected TestKitBase(ITestKitAssertions assertions, ActorSystemSetup setup, string? actorSystemName = null, string? testActorName = null)
        : this(assertions, null, setup, actorSystemName, testActorName)
    {
    }

    protected TestKitBase(ITestKitAssertions assertions, Config config, string? actorSystemName = null, string? testActorName = null)
        : this(assertions, null, ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config)), actorSystemName, testActorName)
    {
    }

    private TestKitBase(ITestKitAssertions assertions, ActorSystem? system, ActorSystemSetup setup, string? actorSystemName, string? testActorName)
    {
        _assertions = assertions;
        if (system is null)
        {
            var bootstrap = setup.Get<BootstrapSetup>().GetOrElse(BootstrapSetup.Create()).WithConfigFallback(DefaultConfig);
            system = ActorSystem.Create(actorSystemName ?? "test", setup.WithSetup(bootstrap));
        }
        Sys = system;
        TestKitSettings = TestKitExtension.For(system);
        TestActor = CreateTestActor(_received, testActorName);
        if (this is not INoImplicitSender) ActorRefImplicitSenderExtensions.SenderOutsideActors.Value = TestActor;
    }

    /// <summary>Tests are silent unless they have an output.</summary>
    public static Config DefaultConfig { get; } = ConfigurationFactory.ParseString("akka.loggers = []");

    /// <summary>Time since the tests began.</summary>
    public static TimeSpan Now => Stopwatch.GetElapsedTime(Start);

    public ActorSystem Sys { get; }

    public IActorRef TestActor { get; }

    public TestKitSettings TestKitSettings { get; }

    public ILoggingAdapter Log => Logging.GetLogger(Sys, GetType());

    public EventFilterFactory EventFilter => new(this);

    public IActorRef LastSender => _last.Sender;

    public object LastMessage => _last.Message;

    public bool HasMessages => _peeked is not null || _received.Any;

    public EventFilterFactory CreateEventFilter(ActorSystem system) => new(this, system);

    public IActorRef ActorOf(Props props) => Sys.ActorOf(props);

    public IActorRef ActorOf(Props props, string? name) => Sys.ActorOf(props, name);

    public IActorRef ActorOf<TActor>()
        where TActor : ActorBase, new() => Sys.ActorOf(Props.Create<TActor>());

    public IActorRef ActorOf<TActor>(string name)
        where TActor : ActorBase, new() => Sys.ActorOf(Props.Create<TActor>(), name);

    public IActorRef ActorOf<TActor>(Expression<Func<TActor>> factory)
        where TActor : ActorBase => Sys.ActorOf(Props.Create(factory));

    public IActorRef ActorOf<TActor>(Expression<Func<TActor>> factory, string name)
        where TActor : ActorBase => Sys.ActorOf(Props.Create(factory), name);

    public ActorSelection ActorSelection(ActorPath actorPath) => Sys.ActorSelection(actorPath);

    public ActorSelection ActorSelection(string actorPath) => Sys.ActorSelection(actorPath);

    public ActorSelection ActorSelection(IActorRef anchorRef, string actorPath) => Sys.ActorSelection(anchorRef, actorPath);

    public virtual TestProbe CreateTestProbe(string? name = null) => CreateTestProbe(Sys, name);

    public virtual TestProbe CreateTestProbe(ActorSystem system, string? name = null) => new(system, _assertions, name);

    public IActorRef CreateTestActor(string name) => CreateTestActor(new ReceivedMessages(), name);

    public IActorRef Watch(IActorRef actorToWatch)
    {
        TestActor.Tell(new TestActor.StartWatching(actorToWatch), TestActor);
        return actorToWatch;
    }

    public IActorRef Unwatch(IActorRef actorToUnwatch)
    {
        TestActor.Tell(new TestActor.StopWatching(actorToUnwatch), TestActor);
        return actorToUnwatch;
    }

    public Task<IActorRef> WatchAsync(IActorRef actorToWatch) => Task.FromResult(Watch(actorToWatch));

    public Task<IActorRef> UnwatchAsync(IActorRef actorToUnwatch) => Task.FromResult(Unwatch(actorToUnwatch));

    public void IgnoreMessages(Func<object, bool> shouldIgnoreMessage) => TestActor.Tell(new TestActor.SetIgnore(shouldIgnoreMessage), TestActor);

    public void IgnoreMessages<TMsg>() => IgnoreMessages(message => message is TMsg);

    public void IgnoreMessages<TMsg>(Func<TMsg, bool> shouldIgnoreMessage) =>
        IgnoreMessages(message => message is TMsg typed && shouldIgnoreMessage(typed));

    public void IgnoreNoMessages() => TestActor.Tell(new TestActor.SetIgnore(null), TestActor);

    public void SetAutoPilot(AutoPilot pilot) => TestActor.Tell(new TestActor.SetPilot(pilot), TestActor);

    /// <summary>Ends the system of the test and waits for it.</summary>
    public virtual void Shutdown(TimeSpan? duration = null, bool verifySystemShutdown = false) => Shutdown(Sys, duration, verifySystemShutdown);

    protected virtual void Shutdown(ActorSystem system, TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
        var limit = duration ?? Dilated(TimeSpan.FromSeconds(10));
        if (!system.Terminate().Wait(limit) && verifySystemShutdown)
            throw new TimeoutException($"The actor system {system.Name} did not end within {limit}.");
    }

    internal void Fail(string message, string? hint) => _assertions.Fail("{0}", hint is null ? message : $"{message} [{hint}]");

    private IActorRef CreateTestActor(ReceivedMessages received, string? name) => ((ActorSystemImpl)Sys).SystemActorOf(
        Props.Create(() => new TestActor(received)).WithDispatcher(InlineDispatcher.Instance), name ?? "testActor" + Interlocked.Increment(ref _testActors));

    /// <summary>Completes what was run without awaiting anything.</summary>
    private static T Result<T>(ValueTask<T> done) => done.IsCompleted ? done.GetAwaiter().GetResult() : done.AsTask().GetAwaiter().GetResult();
}
