using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The handle of an actor of this process.</summary>
internal sealed class LocalActorRef : InternalActorRefBase
{
    public LocalActorRef(ActorSystemImpl system, Props props, IInternalActorRef parent, ActorPath path)
    {
        Path = path;
        Cell = new ActorCell(system, this, props, parent);
    }

    public override ActorPath Path { get; }

    public ActorCell Cell { get; }

    internal override ActorSystemImpl OwnSystem => Cell.SystemImpl;

    public override void Tell(object message, IActorRef? sender)
    {
        if (message is null) throw new InvalidMessageException("Message is null");
        Cell.Mailbox.Post(new Envelope(message, sender));
    }

    internal override void ReceiveSystemMessage(SystemMessage message) => Cell.Mailbox.Post(message);
}

/// <summary>Where undeliverable messages end: each is published on the event stream.</summary>
internal sealed class DeadLetterActorRef(ActorSystemImpl system, ActorPath path) : MinimalActorRef
{
    public override ActorPath Path { get; } = path;

    internal override ActorSystemImpl OwnSystem => system;

    public override void Tell(object message, IActorRef? sender)
    {
        if (message is null) throw new InvalidMessageException("Message is null");
        var letter = message as DeadLetter ?? new DeadLetter(message, sender ?? this, this);
        if (letter.Message is Identify identify) letter.Sender.Tell(new ActorIdentity(identify.MessageId, null), this);
        if (letter.Message is IDeadLetterSuppression suppressed) system.EventStream.Publish(new SuppressedDeadLetter(suppressed, letter.Sender, letter.Recipient));
        else system.EventStream.Publish(letter);
    }
}

/// <summary>The handle of a path at which there is no actor.</summary>
internal sealed class EmptyLocalActorRef(ActorSystemImpl system, ActorPath path) : MinimalActorRef
{
    public override ActorPath Path { get; } = path;

    internal override ActorSystemImpl OwnSystem => system;

    public override void Tell(object message, IActorRef? sender) =>
        system.DeadLetters.Tell(new DeadLetter(message, sender ?? system.DeadLetters, this), sender);
}
