using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Akka.Persistence;

// The recovery, in the order of its phases:
//   AwaitingPermit   only a limited number of actors recovers at once
//   LoadingSnapshot  the snapshot store answers within the timeout, or the recovery fails
//   Replaying        the events after the snapshot; a whole silent interval fails the recovery
//   Ready            RecoveryCompleted, then the commands that came in meanwhile, in their order
public abstract partial class Eventsourced
{
    private Phase _phase;
    private ICancelable? _recoveryTimer;
    private RecoveryTick? _tick;
    private bool _eventSeen;

    private enum Phase
    {
        AwaitingPermit,
        LoadingSnapshot,
        Replaying,
        Ready,
        Persisting,
    }

    public override void AroundPreStart()
    {
        RequestPermit();
        base.AroundPreStart();
    }

    [SuppressMessage("Naming", "CA1725", Justification = "The name that Akka.NET gives it here.")]
    public override void AroundPostRestart(Exception reason, object? message)
    {
        RequestPermit();
        base.AroundPostRestart(reason, message);
    }

    private void RequestPermit()
    {
        if (string.IsNullOrEmpty(PersistenceId))
            throw new InvalidOperationException($"{GetType()} at {Self.Path} has no PersistenceId.");
        Extension.RecoveryPermitter.Tell(RequestRecoveryPermit.Instance, Self);
    }

    private void Recover(Receive receive, object message)
    {
        switch (message)
        {
            case RecoveryPermitGranted when _phase == Phase.AwaitingPermit:
                LoadSnapshot();
                break;
            case LoadSnapshotResult loaded when loaded.Instance == _instance && _phase == Phase.LoadingSnapshot:
                OnSnapshot(loaded.Snapshot);
                break;
            case LoadSnapshotFailed failed when failed.Instance == _instance:
                FailRecovery(failed.Cause, null);
                break;
            case ReplayedMessage replayed when replayed.Instance == _instance:
                OnReplayed(replayed.Persistent);
                break;
            case RecoverySuccess success when success.Instance == _instance:
                OnRecovered(success.HighestSequenceNr);
                break;
            case ReplayMessagesFailure failed when failed.Instance == _instance:
                FailRecovery(failed.Cause, null);
                break;
            case RecoveryTick tick when tick == _tick:
                OnTick();
                break;
            default:
                // What is neither ours nor an answer to an earlier incarnation is a command.
                if (!JournalAnswered(message)) InternalStash.Stash();
                break;
        }
    }

    private void LoadSnapshot()
    {
        _phase = Phase.LoadingSnapshot;
        var recovery = Recovery;
        SnapshotStore.Tell(new LoadSnapshot(SnapshotterId, recovery.FromSnapshot, recovery.ToSequenceNr, Self, _instance), Self);
        StartRecoveryTimer();
    }

    private void OnSnapshot(SelectedSnapshot? selected)
    {
        if (selected is not null)
        {
            LastSequenceNr = selected.Metadata.SequenceNr;
            if (!TryRecover(new SnapshotOffer(selected.Metadata, selected.Snapshot))) return;
        }
        _phase = Phase.Replaying;
        var recovery = Recovery;
        Journal.Tell(new ReplayMessages(LastSequenceNr + 1, recovery.ToSequenceNr, recovery.ReplayMax, PersistenceId, Self, _instance), Self);
        StartRecoveryTimer();
    }

    private void OnReplayed(IPersistentRepresentation replayed)
    {
        _eventSeen = true;
        LastSequenceNr = Math.Max(LastSequenceNr, replayed.SequenceNr);
        TryRecover(replayed.Payload);
    }

    private bool TryRecover(object message)
    {
        try
        {
            base.AroundReceive(ReceiveRecover, message);
            return true;
        }
        catch (Exception reason)
        {
            FailRecovery(reason, message);
            return false;
        }
    }

    private void OnRecovered(long highestSequenceNr)
    {
        CancelRecoveryTimer();
        OnReplaySuccess();
        LastSequenceNr = Math.Max(LastSequenceNr, highestSequenceNr);
        _sequenceNr = LastSequenceNr;
        _phase = Phase.Ready;
        try
        {
            base.AroundReceive(ReceiveRecover, RecoveryCompleted.Instance);
        }
        finally
        {
            Extension.RecoveryPermitter.Tell(ReturnRecoveryPermit.Instance, Self);
        }
        Send();
        _phase = _commandsWaitFor > 0 ? Phase.Persisting : Phase.Ready;
        InternalStash.UnstashAll();
    }

    private void OnTick()
    {
        if (_eventSeen)
        {
            _eventSeen = false;
            return;
        }
        var what = _phase == Phase.LoadingSnapshot ? "snapshot" : "event";
        FailRecovery(new RecoveryTimedOutException($"No {what} came within {Extension.RecoveryEventTimeout(JournalPluginId)} after event {LastSequenceNr}."), null);
    }

    private void FailRecovery(Exception reason, object? message)
    {
        CancelRecoveryTimer();
        try
        {
            OnRecoveryFailure(reason, message);
        }
        finally
        {
            Context.Stop(Self);
        }
    }

    private void StartRecoveryTimer()
    {
        CancelRecoveryTimer();
        _tick = new RecoveryTick();
        _eventSeen = false;
        var interval = Extension.RecoveryEventTimeout(JournalPluginId);
        _recoveryTimer = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(interval, interval, Self, _tick, Self);
    }

    private void CancelRecoveryTimer() => _recoveryTimer?.Cancel();

    private static bool IsAnswerToRecovery(object message) =>
        message is RecoveryPermitGranted or LoadSnapshotResult or LoadSnapshotFailed or ReplayedMessage or RecoverySuccess or ReplayMessagesFailure or RecoveryTick;
}
