using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>What every journal can do for a recovery.</summary>
public interface IAsyncRecovery
{
    Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback);

    Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr);
}

/// <summary>The root of all journals.</summary>
public abstract class WriteJournalBase : ActorBase
{
}

/// <summary>
/// A journal as an actor: it takes the requests of persistent actors, calls the plug-in's asynchronous methods, and answers when they have ended.
/// The methods are called on the actor's thread, in the order of the requests, and may still run when the next request comes.
/// </summary>
public abstract class AsyncWriteJournal : WriteJournalBase, IAsyncRecovery
{
    /// <summary>
    /// Stores each write, all its events or none. The result is null when all are stored; else it has, for each write, null or why it is rejected.
    /// A failed task means that none may be taken for stored.
    /// </summary>
    protected abstract Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages);

    /// <summary>Deletes the events up to the number; the highest number must stay known.</summary>
    protected abstract Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr);

    /// <summary>Calls back with at most so many events between the numbers, both included, in their order.</summary>
    public abstract Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback);

    /// <summary>The highest number ever stored, from the given one on; waits for a write in progress of the same actor.</summary>
    public abstract Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr);

    protected sealed override bool Receive(object message) => ReceiveWriteJournal(message) || ReceivePluginInternal(message);

    protected bool ReceiveWriteJournal(object message)
    {
        switch (message)
        {
            case WriteMessages write:
                _ = WriteAsync(write);
                return true;
            case ReplayMessages replay:
                _ = ReplayAsync(replay, Context);
                return true;
            case DeleteMessagesTo delete:
                _ = DeleteAsync(delete);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Takes the plug-in's own messages.</summary>
    protected virtual bool ReceivePluginInternal(object message) => false;

    private async Task WriteAsync(WriteMessages request)
    {
        var writes = request.Messages.OfType<AtomicWrite>().ToList();
        IImmutableList<Exception?>? rejections = null;
        Exception? failure = null;
        try
        {
            if (writes.Count > 0) rejections = await WriteMessagesAsync(writes);
            if (rejections is not null && rejections.Count != writes.Count)
                throw new InvalidOperationException($"The journal gave {rejections.Count} results for {writes.Count} writes.");
        }
        catch (Exception e)
        {
            failure = e;
        }
        AnswerWrite(request, failure, rejections);
    }

    private static void AnswerWrite(WriteMessages request, Exception? failure, IImmutableList<Exception?>? rejections)
    {
        var actor = request.PersistentActor;
        actor.Tell(
            failure is null ? new WriteMessagesSuccessful(request.Instance) : new WriteMessagesFailed(failure, request.Instance), ActorRefs.NoSender);
        var index = 0;
        foreach (var message in request.Messages)
        {
            if (message is AtomicWrite write)
            {
                var rejection = rejections?[index++];
                foreach (var stored in write.Events)
                    actor.Tell(AnswerEvent(stored, failure, rejection, request.Instance), stored.Sender);
            }
            else
            {
                actor.Tell(new LoopMessageSuccess(message.Payload, request.Instance), message.Sender);
            }
        }
    }

    private static object AnswerEvent(IPersistentRepresentation stored, Exception? failure, Exception? rejection, object instance)
    {
        if (failure is not null) return new WriteMessageFailure(stored, failure, instance);
        if (rejection is not null) return new WriteMessageRejected(stored, rejection, instance);
        return new WriteMessageSuccess(stored, instance);
    }

    private async Task ReplayAsync(ReplayMessages request, IActorContext context)
    {
        var actor = request.PersistentActor;
        try
        {
            var highest = await ReadHighestSequenceNrAsync(request.PersistenceId, request.FromSequenceNr - 1);
            var to = Math.Min(request.ToSequenceNr, highest);
            if (request.FromSequenceNr <= to && request.Max > 0)
            {
                await ReplayMessagesAsync(context, request.PersistenceId, request.FromSequenceNr, to, request.Max, Replayed);
            }
            actor.Tell(new RecoverySuccess(highest, request.Instance), ActorRefs.NoSender);
        }
        catch (Exception e)
        {
            actor.Tell(new ReplayMessagesFailure(e, request.Instance), ActorRefs.NoSender);
        }

        void Replayed(IPersistentRepresentation stored)
        {
            if (!stored.IsDeleted) actor.Tell(new ReplayedMessage(stored, request.Instance), ActorRefs.NoSender);
        }
    }

    private async Task DeleteAsync(DeleteMessagesTo request)
    {
        object answer;
        try
        {
            await DeleteMessagesToAsync(request.PersistenceId, request.ToSequenceNr);
            answer = new DeleteMessagesSuccess(request.ToSequenceNr);
        }
        catch (Exception e)
        {
            answer = new DeleteMessagesFailure(e, request.ToSequenceNr);
        }
        request.PersistentActor.Tell(answer, ActorRefs.NoSender);
    }
}
