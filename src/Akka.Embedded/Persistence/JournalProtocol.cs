using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

// What persistent actors and journals say to each other. Instance is the actor's incarnation: answers to an earlier one are ignored.
// Failures and successes of single events come with the sender of the command, so that a handler can answer it.

internal sealed record WriteMessages(IReadOnlyList<IPersistentEnvelope> Messages, IActorRef PersistentActor, object Instance);

/// <summary>The write is stored (or some of it rejected); the answers for its messages follow.</summary>
internal sealed record WriteMessagesSuccessful(object Instance);

internal sealed record WriteMessagesFailed(Exception Cause, object Instance);

internal sealed record WriteMessageSuccess(IPersistentRepresentation Persistent, object Instance);

internal sealed record WriteMessageRejected(IPersistentRepresentation Persistent, Exception Cause, object Instance);

internal sealed record WriteMessageFailure(IPersistentRepresentation Persistent, Exception Cause, object Instance);

internal sealed record LoopMessageSuccess(object Message, object Instance);

internal sealed record ReplayMessages(
    long FromSequenceNr, long ToSequenceNr, long Max, string PersistenceId, IActorRef PersistentActor, object Instance);

internal sealed record ReplayedMessage(IPersistentRepresentation Persistent, object Instance) : IDeadLetterSuppression;

internal sealed record RecoverySuccess(long HighestSequenceNr, object Instance) : IDeadLetterSuppression;

internal sealed record ReplayMessagesFailure(Exception Cause, object Instance) : IDeadLetterSuppression;

internal sealed record DeleteMessagesTo(string PersistenceId, long ToSequenceNr, IActorRef PersistentActor);

/// <summary>Answer to DeleteMessages: everything up to the number is gone.</summary>
public sealed class DeleteMessagesSuccess(long toSequenceNr)
{
    public long ToSequenceNr { get; } = toSequenceNr;
}

/// <summary>Answer to DeleteMessages: nothing was deleted, and why.</summary>
public sealed class DeleteMessagesFailure(Exception cause, long toSequenceNr)
{
    public Exception Cause { get; } = cause;

    public long ToSequenceNr { get; } = toSequenceNr;
}
