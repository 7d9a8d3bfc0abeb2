using Akka.Dispatch;

namespace Akka.Actor;

internal sealed partial class ActorCell
{
    /// <summary>Whom this actor watches, and the message it wants instead of <see cref="Terminated"/>, if any.</summary>
    private OrderedDictionary<IActorRef, object?>? _watching;

    /// <summary>Actors whose end has been noted and whose <see cref="Terminated"/> is still in the mailbox.</summary>
    private Dictionary<IActorRef, object?>? _terminatedQueued;

    private OrderedDictionary<IActorRef, IInternalActorRef>? _watchers;

    public IActorRef Watch(IActorRef subject) => Watch(subject, null);

    public IActorRef WatchWith(IActorRef subject, object message) =>
        Watch(subject, message ?? throw new ArgumentNullException(nameof(message)));

    public IActorRef Unwatch(IActorRef subject)
    {
        if (_watching is not null && _watching.Remove(subject)) subject.SendSystemMessage(new Unwatch(Self));
        _terminatedQueued?.Remove(subject);
        return subject;
    }

    /// <summary>A stashed <see cref="Terminated"/> will be delivered once more, unless the actor unwatches until then.</summary>
    public void ExpectAgain(Terminated terminated)
    {
        _terminatedQueued ??= [];
        _terminatedQueued[terminated.ActorRef] = null;
    }

    private IActorRef Watch(IActorRef subject, object? message)
    {
        if (subject.Equals(Self)) return subject;
        _watching ??= [];
        // The first call decides about the message.
        if (_watching.TryAdd(subject, message)) subject.SendSystemMessage(new Watch(subject, Self));
        return subject;
    }

    private void AddWatcher(Watch watch)
    {
        if (watch.Watcher.Equals(Self)) return;
        _watchers ??= [];
        _watchers.TryAdd(watch.Watcher, watch.Watcher);
    }

    private void OnDeath(DeathWatchNotification notification)
    {
        var actor = notification.Actor;
        if (_watching is not null && _watching.Remove(actor, out var message) && !_children.IsTerminating)
        {
            _terminatedQueued ??= [];
            _terminatedQueued[actor] = message;
            Self.Tell(new Terminated(actor, notification.ExistenceConfirmed, addressTerminated: false), actor);
        }
        if (_children.Find(actor) is { } child) OnChildEnded(child);
    }

    private void ReceiveTerminated(Terminated terminated)
    {
        if (_terminatedQueued is null || !_terminatedQueued.Remove(terminated.ActorRef, out var message)) return;
        CurrentMessage = message ?? terminated;
        Deliver(CurrentMessage);
    }

    private void TellWatchers()
    {
        if (_watchers is null) return;
        foreach (var watcher in _watchers.Values)
        {
            if (!watcher.Equals(_parent)) watcher.SendSystemMessage(new DeathWatchNotification(Self, existenceConfirmed: true));
        }
        _watchers = null;
    }

    private void UnwatchAll()
    {
        if (_watching is not null)
        {
            foreach (var subject in _watching.Keys) subject.SendSystemMessage(new Unwatch(Self));
        }
        _watching = null;
        _terminatedQueued = null;
    }
}
