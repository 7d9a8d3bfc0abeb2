using Akka.Persistence;
using Akka.Persistence.Snapshot;

namespace Iec102.Acquisition.Tests.Profiles;

/// <summary>An in-memory snapshot store that can be made to fail; in the mode Reject only deletions fail.</summary>
public sealed class UnreliableSnapshotStore : MemorySnapshotStore
{
    private StoreMode _mode;

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken) =>
        _mode == StoreMode.Fail ? UnreliableJournal.Failed() : base.SaveAsync(metadata, snapshot, cancellationToken);

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) =>
        _mode is StoreMode.Fail or StoreMode.Reject
            ? UnreliableJournal.Failed()
            : base.DeleteAsync(persistenceId, criteria, cancellationToken);

    protected override bool ReceivePluginInternal(object message)
    {
        if (message is not SetMode set)
            return false;
        _mode = set.Mode;
        Sender.Tell(new ModeSet(), Self);
        return true;
    }
}
