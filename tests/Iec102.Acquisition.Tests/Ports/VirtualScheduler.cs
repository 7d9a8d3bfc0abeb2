using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>
/// A scheduler whose time moves from one scheduled moment to the next; everything runs at exactly its own moment, on the test's thread.
/// <see cref="Time"/> is the same clock as a <see cref="TimeProvider"/>.
/// </summary>
public sealed class VirtualScheduler : SchedulerBase
{
    public static readonly DateTimeOffset Beginning = new(2024, 3, 27, 10, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly PriorityQueue<Item, (TimeSpan Due, long Sequence)> _items = new();
    private TimeSpan _elapsed;
    private long _sequence;

    public VirtualScheduler(Config schedulerConfig, ILoggingAdapter log)
        : base(schedulerConfig, log) => Time = new Clock(this);

    private sealed record Item(Action Action, TimeSpan? Interval, ICancelable? Cancelable);

    public TimeProvider Time { get; }

    public DateTimeOffset Now => TimeNow;

    public override TimeSpan MonotonicClock
    {
        get
        {
            lock (_gate)
                return _elapsed;
        }
    }

    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    /// <summary>By how much a test has set the wall clock; timers and the monotonic clock do not notice.</summary>
    public TimeSpan SetBy { get; set; }

    protected override DateTimeOffset TimeNow => Beginning + MonotonicClock + SetBy;

    /// <summary>
    /// Moves to the next scheduled moment and runs what is due then; returns false, with time at the limit, when nothing is due up to the
    /// limit.
    /// </summary>
    public bool RunNext(TimeSpan limit)
    {
        Item item;
        lock (_gate)
        {
            while (_items.TryPeek(out var first, out _) && first.Cancelable is { IsCancellationRequested: true })
                _items.Dequeue();
            if (!_items.TryPeek(out _, out var next) || next.Due > limit)
            {
                _elapsed = limit;
                return false;
            }

            item = _items.Dequeue();
            _elapsed = next.Due > _elapsed ? next.Due : _elapsed;
        }

        item.Action();
        if (item.Interval is { } interval)
            Add(interval, item);
        return true;
    }

    protected override void InternalScheduleTellOnce(
        TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) =>
        Add(delay, new Item(() => receiver.Tell(message, sender), null, cancelable));

    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) =>
        Add(initialDelay, new Item(() => receiver.Tell(message, sender), interval, cancelable));

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Add(delay, new Item(action, null, cancelable));

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) =>
        Add(delay, new Item(action.Run, null, cancelable));

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Add(initialDelay, new Item(action, interval, cancelable));

    protected override void InternalScheduleRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable? cancelable) =>
        Add(initialDelay, new Item(action.Run, interval, cancelable));

    private void Add(TimeSpan delay, Item item)
    {
        lock (_gate)
            _items.Enqueue(item, (_elapsed + delay, _sequence++));
    }

    private sealed class Clock(VirtualScheduler scheduler) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => scheduler.TimeNow;

        public override long GetTimestamp() => scheduler.MonotonicClock.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new OneTimer(scheduler, () => callback(state));
            timer.Change(dueTime, period);
            return timer;
        }
    }

    /// <summary>A timer that fires once, which is all that waits and timeouts need.</summary>
    private sealed class OneTimer(VirtualScheduler scheduler, Action action) : ITimer
    {
        private Cancelable? _due;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            period.ShouldBe(Timeout.InfiniteTimeSpan);
            Dispose();
            _due = new Cancelable((IActionScheduler)scheduler);
            if (dueTime != Timeout.InfiniteTimeSpan)
                scheduler.Add(dueTime, new Item(action, null, _due));
            return true;
        }

        public void Dispose() => _due?.Cancel();

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
