namespace Akka.Persistence.Snapshot;

/// <summary>A snapshot store that ends with its actor system: for tests, and for what need not last.</summary>
public class MemorySnapshotStore : SnapshotStore
{
    private readonly List<SelectedSnapshot> _snapshots = [];

    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        var matching = _snapshots.Where(snapshot => snapshot.Metadata.PersistenceId == persistenceId && criteria.Matches(snapshot.Metadata));
        return Task.FromResult(matching.MaxBy(snapshot => snapshot.Metadata.SequenceNr));
    }

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        Remove(metadata.PersistenceId, saved => saved.SequenceNr == metadata.SequenceNr);
        _snapshots.Add(new SelectedSnapshot(metadata, snapshot));
        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata)
    {
        Remove(
            metadata.PersistenceId,
            saved => saved.SequenceNr == metadata.SequenceNr
                && (metadata.Timestamp == DateTime.MinValue || saved.Timestamp <= metadata.Timestamp));
        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        Remove(persistenceId, criteria.Matches);
        return Task.CompletedTask;
    }

    private void Remove(string persistenceId, Predicate<SnapshotMetadata> which) =>
        _snapshots.RemoveAll(snapshot => snapshot.Metadata.PersistenceId == persistenceId && which(snapshot.Metadata));
}
