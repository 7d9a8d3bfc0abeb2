using System.Collections.Concurrent;
using Akka.Actor;

namespace Akka.Event;

/// <summary>A bus that also carries log events, from a level up.</summary>
public class LoggingBus
{
    private protected LoggingBus(LogLevel logLevel) => LogLevel = logLevel;

    public LogLevel LogLevel { get; private set; }

    public void SetLogLevel(LogLevel logLevel) => LogLevel = logLevel;

    public virtual void Publish(object @event) => throw new NotSupportedException();
}

/// <summary>Brings what is published to all who subscribed to its type or a base of it, in the order of their subscriptions.</summary>
public class EventStream : LoggingBus
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly List<(IActorRef Subscriber, Type Channel)> _subscriptions = [];

    /// <summary>Who gets events of a type; made anew after a change.</summary>
    private ConcurrentDictionary<Type, IActorRef[]> _receivers = new();

    internal EventStream(TimeProvider time, LogLevel logLevel)
        : base(logLevel) => _time = time;

    public bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        lock (_gate)
        {
            if (_subscriptions.Contains((subscriber, channel))) return false;
            _subscriptions.Add((subscriber, channel));
            _receivers = new();
            return true;
        }
    }

    public bool Unsubscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        return RemoveWhere(subscription => subscription.Channel == channel && subscription.Subscriber.Equals(subscriber));
    }

    public bool Unsubscribe(IActorRef subscriber)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        return RemoveWhere(subscription => subscription.Subscriber.Equals(subscriber));
    }

    public override void Publish(object @event)
    {
        if (@event is LogEvent log) log.Stamp(_time.GetUtcNow().UtcDateTime);
        var receivers = _receivers;
        if (!receivers.TryGetValue(@event.GetType(), out var subscribers))
        {
            lock (_gate) subscribers = [.. _subscriptions.Where(s => s.Channel.IsInstanceOfType(@event)).Select(s => s.Subscriber).Distinct()];
            receivers.TryAdd(@event.GetType(), subscribers);
        }
        foreach (var subscriber in subscribers) subscriber.Tell(@event, ActorRefs.NoSender);
    }

    private bool RemoveWhere(Predicate<(IActorRef Subscriber, Type Channel)> match)
    {
        lock (_gate)
        {
            if (_subscriptions.RemoveAll(match) == 0) return false;
            _receivers = new();
            return true;
        }
    }
}

/// <summary>Subscribing by type argument.</summary>
public static class EventStreamExtensions
{
    public static bool Subscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) => eventStream.Subscribe(subscriber, typeof(TChannel));

    public static bool Unsubscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) => eventStream.Unsubscribe(subscriber, typeof(TChannel));
}
