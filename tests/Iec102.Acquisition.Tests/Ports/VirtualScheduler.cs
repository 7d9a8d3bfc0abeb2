using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>
/// A scheduler whose time moves from one scheduled moment to the next, each thing being run at exactly its own moment, on the test's thread.
/// As a <see cref="TimeProvider"/> see <see cref="Time"/>.
/// </summary>
public sealed partial class VirtualScheduler : IScheduler, IAdvancedScheduler
{
    public static readonly DateTimeOffset Beginning = new(2024, 3, 27, 10, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly PriorityQueue<Item, (TimeSpan Due, long Sequence)> _items = new();
    private TimeSpan _elapsed;
    private long _sequence;

    public VirtualScheduler(Config schedulerConfig, ILoggingAdapter log) => Time = new Clock(this);

    private sealed record Item(Action Action, TimeSpan? Interval, ICancelable? Cancelable);

    public TimeProvider Time { get; }

    public DateTimeOffset Now => Beginning + MonotonicClock;

    public TimeSpan MonotonicClock
    {
        get
        {
            lock (_gate)
                return _elapsed;
        }
    }

    public TimeSpan HighResMonotonicClock => MonotonicClock;

    public IAdvancedScheduler Advanced => this;

    /// <summary>Moves to the next scheduled moment and runs what is due; false, and time at the limit, when nothing is due up to the limit.</summary>
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

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTellOnce(delay, receiver, message, sender, null);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        ScheduleOnce(delay, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, null);

    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        ScheduleRepeatedly(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action) => ScheduleOnce(delay, action, null);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) => Add(delay, new Item(action, null, cancelable));

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        ScheduleRepeatedly(initialDelay, interval, action, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Add(initialDelay, new Item(action, interval, cancelable));

    private void Add(TimeSpan delay, Item item)
    {
        lock (_gate)
            _items.Enqueue(item, (_elapsed + delay, _sequence++));
    }

    private sealed class Clock(VirtualScheduler scheduler) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => scheduler.Now;

        public override long GetTimestamp() => scheduler.MonotonicClock.Ticks;
    }
}
