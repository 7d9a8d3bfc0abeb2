using System.Collections.Immutable;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Persistence.Snapshot;
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

/// <summary>A journal in memory that outlives its node and can fail, like the one on SQLite: octets at once, commits in order, reads after them.</summary>
public sealed class SimulatedJournal : AsyncWriteJournal
{
    private readonly StorageSetup _storage = StorageSetup.Of(Context.System);
    private readonly Serialization _serialization = Context.System.Serialization;

    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr) =>
        _storage.Journal.Read(() => _storage.Durable.StreamOf(persistenceId).Highest);

    public override async Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback)
    {
        var events = await _storage.Journal.Read(() =>
            _storage.Durable.StreamOf(persistenceId).Events.Where(one => one.SequenceNr >= fromSequenceNr && one.SequenceNr <= toSequenceNr).ToList());
        foreach (var one in events)
            recoveryCallback(new Persistent(StorageSetup.Read(one, _serialization), one.SequenceNr, persistenceId, one.Manifest));
    }

    protected override async Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        var writes = messages.Select(write =>
            (write.PersistenceId, Events: write.Events.Select(one => StorageSetup.Write(one.Payload, one.SequenceNr, _serialization)).ToList())).ToList();
        await _storage.Journal.Commit(() => writes.ForEach(write => _storage.Durable.Append(write.PersistenceId, write.Events)));
        return null;
    }

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr) =>
        _storage.Journal.Commit(() => _storage.Durable.StreamOf(persistenceId).Events.RemoveAll(one => one.SequenceNr <= toSequenceNr));
}

/// <summary>A snapshot store in memory that outlives its node and can fail.</summary>
public sealed class SimulatedSnapshotStore : SnapshotStore
{
    private readonly StorageSetup _storage = StorageSetup.Of(Context.System);
    private readonly Serialization _serialization = Context.System.Serialization;

    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria) => _storage.Journal.Read(() =>
    {
        var matching = _storage.Durable.StreamOf(persistenceId).Snapshots.Where(one => criteria.Matches(one.Metadata)).ToList();
        if (matching.Count == 0)
            return null;
        var (metadata, payload) = matching.MaxBy(one => one.Metadata.SequenceNr);
        return new SelectedSnapshot(metadata, StorageSetup.Read(payload, _serialization));
    });

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        var payload = StorageSetup.Write(snapshot, metadata.SequenceNr, _serialization);
        return _storage.Journal.Commit(() => _storage.Durable.Save(metadata, payload));
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata) =>
        _storage.Journal.Commit(() => Remove(metadata.PersistenceId, saved => saved.SequenceNr == metadata.SequenceNr));

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
        _storage.Journal.Commit(() => Remove(persistenceId, criteria.Matches));

    private void Remove(string persistenceId, Predicate<SnapshotMetadata> which) =>
        _storage.Durable.StreamOf(persistenceId).Snapshots.RemoveAll(one => which(one.Metadata));
}
