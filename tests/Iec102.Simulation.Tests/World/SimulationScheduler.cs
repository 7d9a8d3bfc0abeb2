using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Iec102.Simulation.Tests;

/// <summary>The scheduler of a simulated node: its timers are alarms of the world, and its clock is the world's.</summary>
public sealed class SimulationScheduler : SchedulerBase
{
    // Akka.NET makes the scheduler while it creates the system, and gives it only its configuration, so the life is passed through this
    // field.
    [ThreadStatic]
    private static Life? _starting;

    public SimulationScheduler(Config config, ILoggingAdapter log)
        : base(config, log) =>
        Life = _starting ?? throw new InvalidOperationException($"A simulated system is started by {nameof(SimulatedSystem)}.");

    public override TimeSpan MonotonicClock => Life.World.Elapsed;

    public override TimeSpan HighResMonotonicClock => Life.World.Elapsed;

    internal Life Life { get; }

    protected override DateTimeOffset TimeNow => Life.World.Time.GetUtcNow();

    /// <summary>Creates a system whose scheduler belongs to the given life.</summary>
    internal static ActorSystem CreateSystem(Life life, Func<ActorSystem> create)
    {
        _starting = life;
        try
        {
            return create();
        }
        finally
        {
            _starting = null;
        }
    }

    protected override void InternalScheduleTellOnce(
        TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) =>
        Life.After(delay, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) =>
        Repeat(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Life.After(delay, action, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) =>
        Life.After(delay, action.Run, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Repeat(initialDelay, interval, action, cancelable);

    protected override void InternalScheduleRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable? cancelable) =>
        Repeat(initialDelay, interval, action.Run, cancelable);

    private void Repeat(TimeSpan delay, TimeSpan interval, Action action, ICancelable? cancelable) => Life.After(
        delay,
        () =>
        {
            action();
            Repeat(interval, interval, action, cancelable);
        },
        cancelable);
}
