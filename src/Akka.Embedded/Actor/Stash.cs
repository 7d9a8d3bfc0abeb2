using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Keeps messages for later.</summary>
public interface IStash
{
    bool IsEmpty { get; }
    bool NonEmpty { get; }
    int Count { get; }

    /// <summary>Puts the current message aside.</summary>
    void Stash();

    /// <summary>Puts the message stashed first at the front of the mailbox.</summary>
    void Unstash();

    /// <summary>Puts all stashed messages at the front of the mailbox, in order.</summary>
    void UnstashAll();
}

/// <summary>An actor that has a stash; it is set between constructor and start.</summary>
public interface IActorStash
{
    IStash Stash { get; set; }
}

/// <summary>An actor with a stash and any mailbox.</summary>
public interface IWithUnrestrictedStash : IActorStash;

/// <summary>An actor with a stash.</summary>
public interface IWithStash : IWithUnrestrictedStash;

/// <summary>An actor with a stash that has no limit.</summary>
public interface IWithUnboundedStash : IWithUnrestrictedStash;

/// <summary>The stash of one actor instance.</summary>
internal sealed class StashSupport(ActorCell cell) : IStash
{
    private readonly Queue<Envelope> _stashed = new();
    private long _lastStashed = -1;

    public bool IsEmpty => _stashed.Count == 0;
    public bool NonEmpty => _stashed.Count > 0;
    public int Count => _stashed.Count;

    public void Stash()
    {
        if (cell.CurrentMessage is not { } message) throw new IllegalActorStateException("There is no current message to stash.");
        if (_lastStashed == cell.CurrentEnvelopeId)
            throw new IllegalActorStateException($"Can't stash the same message {message} more than once");
        _lastStashed = cell.CurrentEnvelopeId;
        _stashed.Enqueue(new Envelope(message, cell.CurrentSender));
        if (message is Terminated terminated) cell.ExpectAgain(terminated);
    }

    public void Unstash()
    {
        if (_stashed.TryDequeue(out var first)) cell.Mailbox.Prepend([first]);
    }

    public void UnstashAll()
    {
        if (IsEmpty) return;
        cell.Mailbox.Prepend([.. _stashed]);
        _stashed.Clear();
    }

    /// <summary>Empties the stash of an actor that has ended.</summary>
    public void ToDeadLetters()
    {
        while (_stashed.TryDequeue(out var envelope))
        {
            var sender = envelope.Sender ?? cell.SystemImpl.DeadLetters;
            cell.SystemImpl.DeadLetters.Tell(new DeadLetter(envelope.Message, sender, cell.Self), sender);
        }
    }
}
