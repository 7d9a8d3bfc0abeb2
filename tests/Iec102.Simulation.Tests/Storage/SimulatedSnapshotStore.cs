using Akka.Actor;
using Akka.Persistence;

namespace Iec102.Simulation.Tests;

/// <summary>
/// A snapshot store in memory that outlives its node and can fail. It is on the same disk as the journal and, like the journal, does
/// without Akka.Persistence's base class.
/// </summary>
public sealed class SimulatedSnapshotStore : ReceiveActor
{
    private readonly ActorSystem _system = Context.System;
    private readonly StorageSetup _storage = StorageSetup.Of(Context.System);

    public SimulatedSnapshotStore()
    {
        Receive<LoadSnapshot>(Load);
        Receive<SaveSnapshot>(Save);
        Receive<DeleteSnapshot>(request => Delete(
            request.Metadata.PersistenceId, saved => saved.SequenceNr == request.Metadata.SequenceNr,
            failure => failure is null
                ? new DeleteSnapshotSuccess(request.Metadata)
                : new DeleteSnapshotFailure(request.Metadata, failure)));
        Receive<DeleteSnapshots>(request => Delete(
            request.PersistenceId, saved => Matches(request.Criteria, saved),
            failure => failure is null
                ? new DeleteSnapshotsSuccess(request.Criteria)
                : new DeleteSnapshotsFailure(request.Criteria, failure)));
    }

    private void Load(LoadSnapshot request)
    {
        var asker = Sender;
        _storage.Store.Read(() => Newest(request), (newest, failure) =>
        {
            if (failure is not null)
            {
                asker.Tell(new LoadSnapshotFailed(failure), ActorRefs.NoSender);
                return;
            }

            var selected = newest is null ? null : new SelectedSnapshot(newest.Metadata, StorageSetup.Read(newest.Payload, _system));
            asker.Tell(new LoadSnapshotResult(selected, request.ToSequenceNr), ActorRefs.NoSender);
        });
    }

    /// <summary>
    /// Like Akka.Persistence's base class, this removes whatever may be left of a snapshot that failed, and tells nobody whether that
    /// succeeded.
    /// </summary>
    private void Save(SaveSnapshot request)
    {
        var asker = Sender;
        var metadata = new SnapshotMetadata(request.Metadata.PersistenceId, request.Metadata.SequenceNr, _system.Scheduler.Now.UtcDateTime);
        var payload = StorageSetup.Write(request.Snapshot, metadata.SequenceNr, _system);
        _storage.Store.Commit(() => _storage.Durable.Save(metadata, payload), (_, failure) =>
        {
            if (failure is not null)
                _storage.Store.Commit(
                    () => Remove(metadata.PersistenceId, saved => saved.SequenceNr == metadata.SequenceNr), (_, _) => { });
            asker.Tell(
                failure is null ? new SaveSnapshotSuccess(metadata) : new SaveSnapshotFailure(metadata, failure),
                ActorRefs.NoSender);
        });
    }

    private void Delete(string persistenceId, Predicate<SnapshotMetadata> which, Func<Exception?, object> answer)
    {
        var asker = Sender;
        _storage.Store.Commit(() => Remove(persistenceId, which), (_, failure) => asker.Tell(answer(failure), ActorRefs.NoSender));
    }

    private StoredSnapshot? Newest(LoadSnapshot request) => Snapshots(request.PersistenceId)
        .Where(one => one.Metadata.SequenceNr <= request.ToSequenceNr && Matches(request.Criteria, one.Metadata))
        .MaxBy(one => one.Metadata.SequenceNr);

    private int Remove(string persistenceId, Predicate<SnapshotMetadata> which) =>
        Snapshots(persistenceId).RemoveAll(one => which(one.Metadata));

    private static bool Matches(SnapshotSelectionCriteria criteria, SnapshotMetadata saved) =>
        saved.SequenceNr >= criteria.MinSequenceNr && saved.SequenceNr <= criteria.MaxSequenceNr
        && saved.Timestamp >= (criteria.MinTimestamp ?? DateTime.MinValue) && saved.Timestamp <= criteria.MaxTimeStamp;

    private List<StoredSnapshot> Snapshots(string persistenceId) => _storage.Durable.StreamOf(persistenceId).Snapshots;
}
