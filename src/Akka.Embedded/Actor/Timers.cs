namespace Akka.Actor;

/// <summary>An actor with timers; they can be used from the constructor on.</summary>
public interface IWithTimers
{
    ITimerScheduler Timers { get; set; }
}

/// <summary>Messages to the actor itself at a later time, by key; all end with the actor instance.</summary>
public interface ITimerScheduler
{
    void StartPeriodicTimer(object key, object msg, TimeSpan interval);

    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

    void StartSingleTimer(object key, object msg, TimeSpan timeout);

    bool IsTimerActive(object key);

    void Cancel(object key);

    void CancelAll();
}

/// <summary>What a timer sends: the message, and whose it is, so that one sent before a cancel or a restart is recognised and dropped.</summary>
internal class TimerMessage(TimerScheduler owner, object key, int generation, object message) : INoSerializationVerificationNeeded
{
    public TimerScheduler Owner { get; } = owner;
    public object Key { get; } = key;
    public int Generation { get; } = generation;
    public object Message { get; } = message;
}

/// <summary>A timer message that, like the message in it, does not count as activity.</summary>
internal sealed class QuietTimerMessage(TimerScheduler owner, object key, int generation, object message)
    : TimerMessage(owner, key, generation, message), INotInfluenceReceiveTimeout;

/// <summary>The timers of one actor instance.</summary>
internal sealed class TimerScheduler(ActorCell cell) : ITimerScheduler
{
    private readonly Dictionary<object, Timer> _timers = [];
    private int _generation;

    private readonly record struct Timer(int Generation, bool Repeats, ICancelable Task);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) => Start(key, msg, interval, interval);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) => Start(key, msg, initialDelay, interval);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) => Start(key, msg, timeout, null);

    public bool IsTimerActive(object key) => _timers.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_timers.Remove(key, out var timer)) timer.Task.Cancel();
    }

    public void CancelAll()
    {
        foreach (var timer in _timers.Values) timer.Task.Cancel();
        _timers.Clear();
    }

    /// <summary>The message of a timer that is still the one that was started last under its key; else null.</summary>
    public object? Accept(TimerMessage message)
    {
        if (message.Owner != this || !_timers.TryGetValue(message.Key, out var timer) || timer.Generation != message.Generation) return null;
        if (!timer.Repeats) _timers.Remove(message.Key);
        return message.Message;
    }

    private void Start(object key, object message, TimeSpan delay, TimeSpan? interval)
    {
        Cancel(key);
        var generation = ++_generation;
        var wrapped = message is INotInfluenceReceiveTimeout
            ? new QuietTimerMessage(this, key, generation, message)
            : new TimerMessage(this, key, generation, message);
        var scheduler = cell.System.Scheduler;
        var task = interval is { } period
            ? scheduler.ScheduleTellRepeatedlyCancelable(delay, period, cell.Self, wrapped, ActorRefs.NoSender)
            : scheduler.ScheduleTellOnceCancelable(delay, cell.Self, wrapped, ActorRefs.NoSender);
        _timers[key] = new Timer(generation, interval is not null, task);
    }
}
