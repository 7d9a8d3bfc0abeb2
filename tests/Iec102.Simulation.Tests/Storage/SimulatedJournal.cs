using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace Iec102.Simulation.Tests;

/// <summary>
/// A journal in memory that outlives its node and can fail. It implements the journal protocol of Akka.Persistence directly, because the
/// base class for journals uses a circuit breaker whose continuations run on the thread pool. Events to be written are serialized at once;
/// an event that cannot be serialized is treated as a fault of the node, not as a rejection.
/// </summary>
public sealed class SimulatedJournal : ReceiveActor
{
    private readonly IActorContext _context = Context;
    private readonly ActorSystem _system = Context.System;
    private readonly StorageSetup _storage = StorageSetup.Of(Context.System);

    public SimulatedJournal()
    {
        Receive<WriteMessages>(Write);
        Receive<ReplayMessages>(Replay);
        Receive<DeleteMessagesTo>(Delete);
    }

    private void Write(WriteMessages request)
    {
        var writes = request.Messages.OfType<AtomicWrite>()
            .Select(write => (write.PersistenceId, StoredOf(write)))
            .ToList();
        _storage.Store.Commit(() => _storage.Durable.Append(writes), (_, failure) => Answer(request, failure));
    }

    /// <summary>
    /// Answers first about the whole request, then about each event in order. Messages that are not events but must keep their place among
    /// them are returned at that place.
    /// </summary>
    private static void Answer(WriteMessages request, Exception? failure)
    {
        var (actor, instance) = (request.PersistentActor, request.ActorInstanceId);
        if (failure is null)
            actor.Tell(WriteMessagesSuccessful.Instance, ActorRefs.NoSender);
        else
            actor.Tell(new WriteMessagesFailed(failure, request.Messages.OfType<AtomicWrite>().Count()), ActorRefs.NoSender);
        foreach (var message in request.Messages)
        {
            if (message is not AtomicWrite write)
            {
                actor.Tell(new LoopMessageSuccess(message.Payload, instance), message.Sender);
                continue;
            }

            foreach (var one in EventsOf(write))
                actor.Tell(
                    failure is null ? new WriteMessageSuccess(one, instance) : new WriteMessageFailure(one, failure, instance),
                    one.Sender);
        }
    }

    private void Replay(ReplayMessages request) => _storage.Store.Read(() => StoredOf(request), (stored, failure) =>
    {
        var actor = request.PersistentActor;
        if (failure is not null)
        {
            actor.Tell(new ReplayMessagesFailure(failure), ActorRefs.NoSender);
            return;
        }

        if (_storage.FiltersReplays)
            actor = _context.ActorOf(ReplayFilter.Props(actor, ReplayFilterMode.RepairByDiscardOld, 100, 10, false));
        foreach (var one in stored.Events)
        {
            var replayed = new Persistent(
                StorageSetup.Read(one, _system), one.SequenceNr, request.PersistenceId, writerGuid: one.Writer);
            actor.Tell(new ReplayedMessage(replayed), ActorRefs.NoSender);
        }
        actor.Tell(new RecoverySuccess(stored.Highest), ActorRefs.NoSender);
    });

    private (List<StoredPayload> Events, long Highest) StoredOf(ReplayMessages request)
    {
        var stream = _storage.Durable.StreamOf(request.PersistenceId);
        var events = stream.Events.Where(one => one.SequenceNr >= request.FromSequenceNr && one.SequenceNr <= request.ToSequenceNr);
        return ([.. events.Take((int)Math.Min(request.Max, int.MaxValue))], stream.Highest);
    }

    private void Delete(DeleteMessagesTo request) => _storage.Store.Commit(
        () => _storage.Durable.StreamOf(request.PersistenceId).DeleteTo(request.ToSequenceNr),
        (_, failure) => request.PersistentActor.Tell(
            failure is null ? new DeleteMessagesSuccess(request.ToSequenceNr) : new DeleteMessagesFailure(failure, request.ToSequenceNr),
            ActorRefs.NoSender));

    private List<StoredPayload> StoredOf(AtomicWrite write) =>
        [.. EventsOf(write).Select(one => StorageSetup.Write(one.Payload, one.SequenceNr, _system, _storage.Writer))];

    private static IEnumerable<IPersistentRepresentation> EventsOf(AtomicWrite write) =>
        (IEnumerable<IPersistentRepresentation>)write.Payload;
}
