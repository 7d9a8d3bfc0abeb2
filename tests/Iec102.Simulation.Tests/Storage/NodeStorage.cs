using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Persistence;
using Akka.Serialization;

namespace Iec102.Simulation.Tests;

/// <summary>Tells the plug-ins of a node where they store.</summary>
internal sealed class StorageSetup(Durable durable, Disk journal) : Setup
{
    public Durable Durable => durable;

    public Disk Journal => journal;

    public static StorageSetup Of(ActorSystem system) => system.Settings.Setup.Get<StorageSetup>().Value;

    public static StoredPayload Write(object payload, long sequenceNr, Serialization serialization)
    {
        var serializer = serialization.FindSerializerFor(payload);
        return new StoredPayload(sequenceNr, serializer.Identifier, Serialization.ManifestFor(serializer, payload), serializer.ToBinary(payload));
    }

    public static object Read(StoredPayload payload, Serialization serialization) =>
        serialization.Deserialize(payload.Octets, payload.Serializer, payload.Manifest);
}

/// <summary>A journal in memory that outlives its node and can fail, like the one on SQLite: octets at once, commits in order, reads after them, answers in order.</summary>
public sealed class SimulatedJournal : ReceiveActor
{
    private readonly StorageSetup _storage = StorageSetup.Of(Context.System);
    private readonly Serialization _serialization = ((ExtendedActorSystem)Context.System).Serialization;
    private readonly Queue<Answer> _answers = new();

    public SimulatedJournal()
    {
        Receive<WriteMessages>(OnWrite);
        Receive<ReplayMessages>(OnReplay);
        Receive<DeleteMessagesTo>(delete => Later(
            _storage.Journal.Commit(() => _storage.Durable.StreamOf(delete.PersistenceId).Events.RemoveAll(one => one.SequenceNr <= delete.ToSequenceNr)),
            failure => delete.PersistentActor.Tell(failure is null ? new DeleteMessagesSuccess(delete.ToSequenceNr) : new DeleteMessagesFailure(failure, delete.ToSequenceNr), Self)));
    }

    private sealed class Answer(Action<Exception?> tell)
    {
        public bool IsKnown { get; set; }

        public Exception? Failure { get; set; }

        public void Tell() => tell(Failure);
    }

    private void OnWrite(WriteMessages message)
    {
        var self = Self;
        var messages = message.Messages.ToList();
        var writes = messages.OfType<AtomicWrite>().Select(write =>
            (write.PersistenceId, Events: ((IEnumerable<IPersistentRepresentation>)write.Payload).Select(one => StorageSetup.Write(one.Payload, one.SequenceNr, _serialization)).ToList())).ToList();
        Later(_storage.Journal.Commit(() => writes.ForEach(write => _storage.Durable.Append(write.PersistenceId, write.Events))), failure =>
        {
            var to = message.PersistentActor;
            to.Tell(failure is null ? WriteMessagesSuccessful.Instance : new WriteMessagesFailed(failure, writes.Count), self);
            foreach (var one in messages)
            {
                if (one is AtomicWrite write)
                {
                    foreach (var stored in (IEnumerable<IPersistentRepresentation>)write.Payload)
                        to.Tell(failure is null ? new WriteMessageSuccess(stored, message.ActorInstanceId) : new WriteMessageFailure(stored, failure, message.ActorInstanceId), stored.Sender);
                }
                else
                    to.Tell(new LoopMessageSuccess(one.Payload, message.ActorInstanceId), one.Sender);
            }
        });
    }

    private void OnReplay(ReplayMessages replay)
    {
        var self = Self;
        var to = replay.PersistentActor;
        _storage.Journal.Read(() => _storage.Durable.StreamOf(replay.PersistenceId)).ContinueWith(
            stream => _storage.Journal.Read(() => stream.Result.Events.Where(one => one.SequenceNr >= replay.FromSequenceNr && one.SequenceNr <= replay.ToSequenceNr).ToList())
                .ContinueWith(
                    events =>
                    {
                        foreach (var one in events.Result)
                            to.Tell(new ReplayedMessage(new Persistent(StorageSetup.Read(one, _serialization), one.SequenceNr, replay.PersistenceId, one.Manifest)), self);
                        to.Tell(new RecoverySuccess(stream.Result.Highest), self);
                    },
                    TaskContinuationOptions.ExecuteSynchronously),
            TaskContinuationOptions.ExecuteSynchronously);
    }

    private void Later(Task commit, Action<Exception?> tell)
    {
        var answer = new Answer(tell);
        _answers.Enqueue(answer);
        commit.ContinueWith(
            done =>
            {
                (answer.IsKnown, answer.Failure) = (true, done.Exception?.InnerException);
                while (_answers.TryPeek(out var first) && first.IsKnown)
                    _answers.Dequeue().Tell();
            },
            TaskContinuationOptions.ExecuteSynchronously);
    }
}

/// <summary>A snapshot store in memory that outlives its node and can fail.</summary>
public sealed class SimulatedSnapshotStore : ReceiveActor
{
    private readonly StorageSetup _storage = StorageSetup.Of(Context.System);
    private readonly Serialization _serialization = ((ExtendedActorSystem)Context.System).Serialization;

    public SimulatedSnapshotStore()
    {
        Receive<LoadSnapshot>(load =>
        {
            var (asker, self) = (Sender, Self);
            _storage.Journal.Read(() => Newest(load)).ContinueWith(
                found => asker.Tell(found.Exception is { } failure ? new LoadSnapshotFailed(failure.InnerException) : new LoadSnapshotResult(found.Result, load.ToSequenceNr), self),
                TaskContinuationOptions.ExecuteSynchronously);
        });
        Receive<SaveSnapshot>(save =>
        {
            var payload = StorageSetup.Write(save.Snapshot, save.Metadata.SequenceNr, _serialization);
            Answer(
                _storage.Journal.Commit(() => _storage.Durable.Save(save.Metadata, payload)),
                failure => failure is null ? new SaveSnapshotSuccess(save.Metadata) : new SaveSnapshotFailure(save.Metadata, failure));
        });
        Receive<DeleteSnapshot>(delete => Answer(
            _storage.Journal.Commit(() => Remove(delete.Metadata.PersistenceId, saved => saved.SequenceNr == delete.Metadata.SequenceNr)),
            failure => failure is null ? new DeleteSnapshotSuccess(delete.Metadata) : new DeleteSnapshotFailure(delete.Metadata, failure)));
        Receive<DeleteSnapshots>(delete => Answer(
            _storage.Journal.Commit(() => Remove(delete.PersistenceId, saved => Matches(delete.Criteria, saved))),
            failure => failure is null ? new DeleteSnapshotsSuccess(delete.Criteria) : new DeleteSnapshotsFailure(delete.Criteria, failure)));
    }

    private static bool Matches(SnapshotSelectionCriteria criteria, SnapshotMetadata metadata) =>
        metadata.SequenceNr <= criteria.MaxSequenceNr && metadata.SequenceNr >= criteria.MinSequenceNr;

    private void Answer(Task commit, Func<Exception?, object> answer)
    {
        var (asker, self) = (Sender, Self);
        commit.ContinueWith(done => asker.Tell(answer(done.Exception?.InnerException), self), TaskContinuationOptions.ExecuteSynchronously);
    }

    private SelectedSnapshot? Newest(LoadSnapshot load)
    {
        var matching = _storage.Durable.StreamOf(load.PersistenceId).Snapshots
            .Where(one => Matches(load.Criteria, one.Metadata) && one.Metadata.SequenceNr <= load.ToSequenceNr).ToList();
        if (matching.Count == 0)
            return null;
        var (metadata, payload) = matching.MaxBy(one => one.Metadata.SequenceNr);
        return new SelectedSnapshot(metadata, StorageSetup.Read(payload, _serialization));
    }

    private void Remove(string persistenceId, Predicate<SnapshotMetadata> which) =>
        _storage.Durable.StreamOf(persistenceId).Snapshots.RemoveAll(one => which(one.Metadata));
}
