using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace Iec102.Acquisition.Profiles;

/// <summary>
/// The first use of a journal takes more than a second: tables are made, statements compiled. Here it is used once in every way in which
/// profiles use it, so that it is warm when they all begin at once. What is written, under an id that no profile has, is deleted again.
/// </summary>
public static class JournalWarmUp
{
    /// <summary>
    /// Returns when the journal is warm, when it fails, or after the limit: profiles cope with a journal that fails, so nothing has to wait
    /// for it.
    /// </summary>
    /// <param name="system">The actor system whose journal and snapshot store are used.</param>
    /// <param name="limit">How long to wait at most.</param>
    /// <param name="node">The node whose journal this is; nodes that share one use an id each.</param>
    public static async Task RunAsync(ActorSystem system, TimeSpan limit, string? node = null)
    {
        var id = node is null ? "journal-warm-up" : $"journal-warm-up-{node}";
        using var patience = new CancellationTokenSource(limit);
        try
        {
            // The second run recovers what the first has written.
            if (!await RunAsync(system, id, isToDelete: false, patience.Token)
                || !await RunAsync(system, id, isToDelete: true, patience.Token))
                system.Log.Warning(LogEvents.JournalFailedAtStart);
        }
        catch (OperationCanceledException)
        {
            system.Log.Warning(LogEvents.JournalSlowAtStart, limit.TotalSeconds);
        }
    }

    private static Task<bool> RunAsync(ActorSystem system, string id, bool isToDelete, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        system.ActorOf(Props.Create(() => new ThrowAway(id, isToDelete, done)));
        return done.Task.WaitAsync(cancellation);
    }

    /// <summary>
    /// Writes one event, a snapshot, and two events together, or deletes what it has recovered; then stops, as it does when something
    /// fails.
    /// </summary>
    private sealed class ThrowAway : ReceivePersistentActor
    {
        private readonly TaskCompletionSource<bool> _done;

        public ThrowAway(string id, bool isToDelete, TaskCompletionSource<bool> done)
        {
            PersistenceId = id;
            _done = done;
            var left = 2;
            Recover<RecoveryCompleted>(_ =>
            {
                if (isToDelete)
                    DeleteMessages(LastSequenceNr);
                else
                    Persist(new MeterSeen(0), _ => SaveSnapshot(ProfileState.Empty));
            });
            RecoverAny(_ => { });
            Command<SaveSnapshotSuccess>(_ => PersistAll([new MeterSeen(0), new MeterSeen(0)], _ =>
            {
                if (--left == 0)
                    End();
            }));
            Command<DeleteMessagesSuccess>(_ => DeleteSnapshots(SnapshotSelectionCriteria.Latest));
            Command<DeleteSnapshotsSuccess>(_ => End());
            Command<SaveSnapshotFailure>(_ => Context.Stop(Self));
            Command<DeleteMessagesFailure>(_ => Context.Stop(Self));
            Command<DeleteSnapshotsFailure>(_ => Context.Stop(Self));
        }

        public override string PersistenceId { get; }

        protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
        {
            base.OnPersistRejected(cause, @event, sequenceNr);
            Context.Stop(Self);
        }

        protected override void PostStop()
        {
            _done.TrySetResult(false);
            base.PostStop();
        }

        private void End()
        {
            _done.SetResult(true);
            Context.Stop(Self);
        }
    }
}
