using Akka.Actor;

namespace Akka.Persistence.Snapshot;

/// <summary>A snapshot store as an actor: it takes the requests, calls the plug-in's asynchronous methods, and answers when they have ended.</summary>
public abstract class SnapshotStore : ActorBase
{
    /// <summary>The newest snapshot that meets the criteria, or null.</summary>
    protected abstract Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria);

    /// <summary>Stores a snapshot; one with the same number is replaced.</summary>
    protected abstract Task SaveAsync(SnapshotMetadata metadata, object snapshot);

    /// <summary>Deletes one snapshot; a timestamp other than the least one must not be before that of the snapshot.</summary>
    protected abstract Task DeleteAsync(SnapshotMetadata metadata);

    /// <summary>Deletes all snapshots that meet the criteria.</summary>
    protected abstract Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria);

    protected sealed override bool Receive(object message)
    {
        switch (message)
        {
            case LoadSnapshot load:
                _ = LoadAsync(load);
                return true;
            case SaveSnapshot save:
                _ = AnswerAsync(
                    () => SaveAsync(save.Metadata, save.Snapshot),
                    new SaveSnapshotSuccess(save.Metadata),
                    cause => new SaveSnapshotFailure(save.Metadata, cause),
                    Sender);
                return true;
            case DeleteSnapshot delete:
                _ = AnswerAsync(
                    () => DeleteAsync(delete.Metadata),
                    new DeleteSnapshotSuccess(delete.Metadata),
                    cause => new DeleteSnapshotFailure(delete.Metadata, cause),
                    Sender);
                return true;
            case DeleteSnapshots delete:
                _ = AnswerAsync(
                    () => DeleteAsync(delete.PersistenceId, delete.Criteria),
                    new DeleteSnapshotsSuccess(delete.Criteria),
                    cause => new DeleteSnapshotsFailure(delete.Criteria, cause),
                    Sender);
                return true;
            default:
                return ReceivePluginInternal(message);
        }
    }

    /// <summary>Takes the plug-in's own messages.</summary>
    protected virtual bool ReceivePluginInternal(object message) => false;

    private async Task LoadAsync(LoadSnapshot request)
    {
        object answer;
        try
        {
            var criteria = request.Criteria.Limit(request.ToSequenceNr);
            var selected = criteria.MaxSequenceNr > 0 ? await LoadAsync(request.PersistenceId, criteria) : null;
            answer = new LoadSnapshotResult(selected, request.Instance);
        }
        catch (Exception e)
        {
            answer = new LoadSnapshotFailed(e, request.Instance);
        }
        request.PersistentActor.Tell(answer, ActorRefs.NoSender);
    }

    private static async Task AnswerAsync(Func<Task> work, object success, Func<Exception, object> failure, IActorRef actor)
    {
        object answer;
        try
        {
            await work();
            answer = success;
        }
        catch (Exception e)
        {
            answer = failure(e);
        }
        actor.Tell(answer, ActorRefs.NoSender);
    }
}
