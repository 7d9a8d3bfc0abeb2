using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

/// <summary>Who a persistent actor is, and where its events and snapshots are.</summary>
public interface IPersistentIdentity
{
    string PersistenceId { get; }

    /// <summary>Configuration path of the journal; empty for the one of akka.persistence.journal.plugin.</summary>
    string JournalPluginId { get; }

    /// <summary>Configuration path of the snapshot store; empty for the one of akka.persistence.snapshot-store.plugin.</summary>
    string SnapshotPluginId { get; }
}

/// <summary>How an actor wants to be recovered.</summary>
public interface IPersistenceRecovery
{
    Recovery Recovery { get; }
}

/// <summary>A persistent actor stashes without a limit.</summary>
public interface IPersistenceStash : IWithUnboundedStash
{
}

/// <summary>
/// An actor whose state is the sum of its stored events. This file is what a deriving actor calls and overrides; how it is recovered stands in
/// EventsourcedRecovery.cs, how commands and stored events take turns in EventsourcedProcessing.cs.
/// </summary>
public abstract partial class Eventsourced : ActorBase, IPersistentIdentity, IPersistenceStash, IPersistenceRecovery
{
    // This incarnation: journal answers carry it, so that those to an earlier one can be told apart.
    private readonly object _instance = new();
    private IActorRef? _journal;
    private IActorRef? _snapshotStore;
    private ILoggingAdapter? _log;

    protected Eventsourced()
    {
        Extension = Persistence.Instance.Apply(Context.System);
    }

    public abstract string PersistenceId { get; }

    public string JournalPluginId { get; protected set; } = "";

    public string SnapshotPluginId { get; protected set; } = "";

    public string SnapshotterId => PersistenceId;

    public virtual Recovery Recovery => Recovery.Default;

    /// <summary>The highest number among the events stored or replayed.</summary>
    public long LastSequenceNr { get; private set; }

    public long SnapshotSequenceNr => LastSequenceNr;

    public bool IsRecovering => _phase < Phase.Ready;

    public bool IsRecoveryFinished => !IsRecovering;

    public IStash Stash { get; set; } = null!;

    public IActorRef Journal => _journal ??= Extension.JournalFor(JournalPluginId);

    public IActorRef SnapshotStore => _snapshotStore ??= Extension.SnapshotStoreFor(SnapshotPluginId);

    protected PersistenceExtension Extension { get; }

    protected virtual ILoggingAdapter Log => _log ??= Context.GetLogger();

    protected abstract bool ReceiveRecover(object message);

    protected abstract bool ReceiveCommand(object message);

    /// <summary>Stores the event, then runs the handler; commands wait until it has run.</summary>
    public void Persist<TEvent>(TEvent @event, Action<TEvent> handler) => Write([@event], handler, commandsWait: true);

    /// <summary>Stores all events or none, then runs the handler for each; commands wait until all have run.</summary>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) => Write(events, handler, commandsWait: true);

    /// <summary>Stores the event, then runs the handler; commands go on meanwhile.</summary>
    public void PersistAsync<TEvent>(TEvent @event, Action<TEvent> handler) => Write([@event], handler, commandsWait: false);

    /// <summary>Stores all events or none, then runs the handler for each; commands go on meanwhile.</summary>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) => Write(events, handler, commandsWait: false);

    /// <summary>Runs the handler, without storing anything, after the handlers of everything persisted before; at once when there is none.</summary>
    public void DeferAsync<TEvent>(TEvent evt, Action<TEvent> handler)
    {
        ArgumentNullException.ThrowIfNull(evt);
        ArgumentNullException.ThrowIfNull(handler);
        EnsureRecovered();
        if (_handlers.Count == 0)
        {
            handler(evt);
            return;
        }
        _handlers.Enqueue(new Handler(payload => handler((TEvent)payload), CommandsWait: false));
        _unsent.Add(new NonPersistentMessage(evt, Sender));
    }

    /// <summary>Stores the state; answered with <see cref="SaveSnapshotSuccess"/> or <see cref="SaveSnapshotFailure"/>.</summary>
    public void SaveSnapshot(object snapshot)
    {
        var metadata = new SnapshotMetadata(SnapshotterId, SnapshotSequenceNr, Context.System.Scheduler.Now.UtcDateTime);
        SnapshotStore.Tell(new SaveSnapshot(metadata, snapshot), Self);
    }

    /// <summary>Deletes events up to a number; answered with <see cref="DeleteMessagesSuccess"/> or <see cref="DeleteMessagesFailure"/>.</summary>
    public void DeleteMessages(long toSequenceNr)
    {
        if (toSequenceNr == long.MaxValue) toSequenceNr = LastSequenceNr;
        if (toSequenceNr <= LastSequenceNr)
        {
            Journal.Tell(new DeleteMessagesTo(PersistenceId, toSequenceNr, Self), Self);
        }
        else
        {
            var cause = new InvalidOperationException($"Events cannot be deleted up to {toSequenceNr}: the last stored one is {LastSequenceNr}.");
            Self.Tell(new DeleteMessagesFailure(cause, toSequenceNr), Self);
        }
    }

    /// <summary>Deletes one snapshot; answered with <see cref="DeleteSnapshotSuccess"/> or <see cref="DeleteSnapshotFailure"/>.</summary>
    public void DeleteSnapshot(long sequenceNr) =>
        SnapshotStore.Tell(new DeleteSnapshot(new SnapshotMetadata(SnapshotterId, sequenceNr, DateTime.MinValue)), Self);

    /// <summary>Deletes the matching snapshots; answered with <see cref="DeleteSnapshotsSuccess"/> or <see cref="DeleteSnapshotsFailure"/>.</summary>
    public void DeleteSnapshots(SnapshotSelectionCriteria criteria) =>
        SnapshotStore.Tell(new DeleteSnapshots(SnapshotterId, criteria), Self);

    /// <summary>Called when the events are not stored; the actor stops after it.</summary>
    protected virtual void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Log.Error(cause, "{0} could not be stored as event {1} of {2}; the actor stops.", @event.GetType(), sequenceNr, PersistenceId);

    /// <summary>Called when the journal cannot take this event; the actor goes on.</summary>
    protected virtual void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        Log.Error(cause, "{0} was rejected as event {1} of {2}: {3}", @event.GetType(), sequenceNr, PersistenceId, cause.Message);

    /// <summary>Called when the recovery fails, with the message whose handling failed, if any; the actor stops after it.</summary>
    protected virtual void OnRecoveryFailure(Exception reason, object? message = null)
    {
        if (message is null)
            Log.Error(reason, "The recovery of {0} failed after event {1}; the actor stops.", PersistenceId, LastSequenceNr);
        else
            Log.Error(reason, "The recovery of {0} failed at event {1}, {2}; the actor stops.", PersistenceId, LastSequenceNr, message.GetType());
    }

    /// <summary>Called after the last event, before <see cref="RecoveryCompleted"/>.</summary>
    protected virtual void OnReplaySuccess()
    {
    }

    protected override void Unhandled(object message)
    {
        switch (message)
        {
            case RecoveryCompleted:
                break;
            case SaveSnapshotFailure failure:
                Log.Warning("The snapshot of {0} at {1} was not saved: {2}", PersistenceId, failure.Metadata.SequenceNr, failure.Cause.Message);
                break;
            case DeleteSnapshotFailure failure:
                Log.Warning("The snapshot of {0} at {1} was not deleted: {2}", PersistenceId, failure.Metadata.SequenceNr, failure.Cause.Message);
                break;
            case DeleteSnapshotsFailure failure:
                Log.Warning("Snapshots of {0} were not deleted: {1}", PersistenceId, failure.Cause.Message);
                break;
            case DeleteMessagesFailure failure:
                Log.Warning("Events of {0} up to {1} were not deleted: {2}", PersistenceId, failure.ToSequenceNr, failure.Cause.Message);
                break;
            default:
                base.Unhandled(message);
                break;
        }
    }

    private void Write<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler, bool commandsWait)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(handler);
        EnsureRecovered();
        var representations = events.Select(IPersistentRepresentation (@event) => Represent(@event)).ToImmutableList();
        if (representations.IsEmpty) return;
        foreach (var _ in representations)
            _handlers.Enqueue(new Handler(payload => handler((TEvent)payload), commandsWait));
        if (commandsWait) _commandsWaitFor += representations.Count;
        _unsent.Add(new AtomicWrite(representations));
    }

    private Persistent Represent<TEvent>(TEvent @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        return new Persistent(@event, ++_sequenceNr, PersistenceId, sender: Sender);
    }

    private void EnsureRecovered()
    {
        if (IsRecovering) throw new InvalidOperationException("Nothing can be persisted during the recovery, only from RecoveryCompleted on.");
    }
}
