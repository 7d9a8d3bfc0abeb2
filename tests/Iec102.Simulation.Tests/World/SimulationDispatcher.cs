using System.Reflection;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Akka.Util;

namespace Iec102.Simulation.Tests;

/// <summary>Tells the plug-ins of a simulated node which life it is.</summary>
internal sealed class LifeSetup(Life life) : Setup
{
    /// <summary>The life of the node that is being made on this thread: a scheduler is told nothing but its configuration.</summary>
    [ThreadStatic]
    public static Life? Starting;

    public Life Life => life;
}

/// <summary>Makes the one dispatcher of a simulated node.</summary>
public sealed class SimulationDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly SimulationDispatcher _one;

    public SimulationDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites) => _one = new SimulationDispatcher(this, prerequisites.Settings.Setup.Get<LifeSetup>().Value.Life);

    public override MessageDispatcher Dispatcher() => _one;
}

/// <summary>The dispatcher of a simulated node: its mailboxes run in the world, one message at a time, in an order that chance decides.</summary>
internal sealed class SimulationDispatcher : MessageDispatcher
{
    private readonly Life _life;

    public SimulationDispatcher(MessageDispatcherConfigurator configurator, Life life)
        : base(configurator)
    {
        _life = life;
        Id = "simulated";
        Throughput = 1;
        ShutdownTimeout = TimeSpan.FromSeconds(1);
    }

    protected override void ExecuteTask(IRunnable run) => _life.Soon(run.Run);

    protected override void Shutdown()
    {
    }
}

/// <summary>Chance, where the runtime itself needs it (the spread of back-off).</summary>
internal sealed class WorldRandom(Chance chance) : Random
{
    private static readonly ThreadLocal<Random> OfThread =
        (ThreadLocal<Random>)typeof(ThreadLocalRandom).GetField("_rng", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;

    public void Use() => OfThread.Value = this;

    public override double NextDouble() => Sample();

    public override int Next() => chance.Below(int.MaxValue);

    protected override double Sample() => (chance.Next() >> 11) * (1.0 / (1UL << 53));
}

/// <summary>The scheduler of a simulated node.</summary>
public sealed class SimulationScheduler : SchedulerBase
{
    private readonly Life _life;

    public SimulationScheduler(Config config, ILoggingAdapter log)
        : base(config, log) => _life = LifeSetup.Starting!;

    public override TimeSpan MonotonicClock => _life.World.Elapsed;

    public override TimeSpan HighResMonotonicClock => _life.World.Elapsed;

    protected override DateTimeOffset TimeNow => _life.World.Now.ToDateTimeOffset();

    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) =>
        _life.After(delay, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) =>
        Repeat(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) => _life.After(delay, action, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) => _life.After(delay, action.Run, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Repeat(initialDelay, interval, action, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable? cancelable) =>
        Repeat(initialDelay, interval, action.Run, cancelable);

    private void Repeat(TimeSpan delay, TimeSpan interval, Action action, ICancelable? cancelable) => _life.After(
        delay,
        () =>
        {
            action();
            Repeat(interval, interval, action, cancelable);
        },
        cancelable);
}
