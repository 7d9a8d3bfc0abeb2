using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>
/// A scheduler whose time passes only when the test says so. What has come due runs on the test's thread; what repeats runs once
/// per advance and is next due one interval after the time advanced to.
/// </summary>
public class TestScheduler : IScheduler, IAdvancedScheduler
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Item, (DateTimeOffset Due, long Sequence)> _items = new();
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private long _sequence;

    public TestScheduler(Config schedulerConfig, ILoggingAdapter log)
    {
    }

    private sealed record Item(Action Action, TimeSpan? Interval, ICancelable? Cancelable);

    public DateTimeOffset Now
    {
        get
        {
            lock (_gate) return _now;
        }
    }

    public TimeSpan MonotonicClock => TimeProvider.System.GetElapsedTime(_start);

    public TimeSpan HighResMonotonicClock => MonotonicClock;

    public IAdvancedScheduler Advanced => this;

    public void Advance(TimeSpan offset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(offset, TimeSpan.Zero);
        foreach (var item in TakeDue(offset))
        {
            if (item.Cancelable is { IsCancellationRequested: true }) continue;
            item.Action();
            if (item.Interval is { } interval) Add(interval, item);
        }
    }

    public void AdvanceTo(DateTimeOffset when)
    {
        if (when < Now) throw new InvalidOperationException("You can't reverse time...");
        Advance(when - Now);
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
        lock (_gate) _items.Enqueue(item, (_now + delay, _sequence++));
    }

    private List<Item> TakeDue(TimeSpan offset)
    {
        var due = new List<Item>();
        lock (_gate)
        {
            _now += offset;
            while (_items.TryPeek(out _, out var priority) && priority.Due <= _now) due.Add(_items.Dequeue());
        }
        return due;
    }
}
