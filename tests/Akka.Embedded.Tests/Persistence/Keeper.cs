using Akka.Actor;
using Akka.Persistence;

namespace Akka.Embedded.Tests.Persistence;

// What a keeper is told; each test says in these words what its actor does.
public sealed record Add(string Item);

public sealed record AddAll(params string[] Items);

public sealed record AddAsync(string Item);

public sealed record Defer(string Text);

public sealed record AddThenAdd(string First, string Nested);

public sealed record AddThenThrow(string Item);

public sealed record ThrowInHandler(string Item);

public sealed record AddAfterAwait(string Item);

public sealed record Echo(string Text);

public sealed record StashUntilAdded;

public sealed record TakeSnapshot;

public sealed record Delete(long To);

public sealed record DeleteOneSnapshot(long SequenceNr);

public sealed record DeleteManySnapshots(long To);

public sealed record AddUnbound;

public sealed record Ask;

public sealed record State(string Items, long LastSequenceNr);

/// <summary>
/// A persistent actor that keeps items, tells its watcher (a probe) what happens to it, and answers commands. Every item is one event.
/// </summary>
public class Keeper : ReceivePersistentActor
{
    private readonly List<string> _items = [];
    private readonly IActorRef _witness;
    private readonly Recovery _recovery;
    private bool _waitsForAdd;

    public Keeper(string id, IActorRef witness, Recovery recovery)
    {
        PersistenceId = id;
        _witness = witness;
        _recovery = recovery;
        Recover<SnapshotOffer>(offer =>
        {
            _items.AddRange(((Items)offer.Snapshot).All);
            witness.Tell($"offer {offer.Metadata.SequenceNr}: {string.Join(',', _items)}");
        });
        Recover<Added>(added =>
        {
            if (added.Item == "unrecoverable") throw new InvalidOperationException("cannot be recovered");
            _items.Add(added.Item);
            witness.Tell($"recover {added.Item} {(IsRecovering ? "recovering" : "recovered")}");
        });
        Recover<RecoveryCompleted>(_ => witness.Tell($"completed {LastSequenceNr} {(IsRecovering ? "recovering" : "recovered")}"));
        Command<Add>(add => Persist(new Added(add.Item), Stored));
        Command<AddAll>(add => PersistAll(add.Items.Select(item => new Added(item)), Stored));
        Command<AddAsync>(add => PersistAsync(new Added(add.Item), Stored));
        Command<Defer>(defer => DeferAsync(defer.Text, text => Sender.Tell($"deferred {text}")));
        Command<AddThenAdd>(add => Persist(new Added(add.First), first =>
        {
            Stored(first);
            Persist(new Added(add.Nested), Stored);
        }));
        Command<AddThenThrow>(add =>
        {
            Persist(new Added(add.Item), Stored);
            throw new InvalidOperationException("after persist");
        });
        Command<ThrowInHandler>(add => Persist(new Added(add.Item), _ => throw new InvalidOperationException("in handler")));
        CommandAsync<AddAfterAwait>(async add =>
        {
            await Task.Yield();
            Persist(new Added(add.Item), Stored);
        });
        Command<Echo>(echo =>
        {
            if (_waitsForAdd) Stash.Stash();
            else Sender.Tell($"echo {echo.Text}");
        });
        Command<StashUntilAdded>(_ => _waitsForAdd = true);
        Command<TakeSnapshot>(_ => SaveSnapshot(new Items([.. _items])));
        Command<Delete>(delete => DeleteMessages(delete.To));
        Command<DeleteOneSnapshot>(delete => DeleteSnapshot(delete.SequenceNr));
        Command<DeleteManySnapshots>(delete => DeleteSnapshots(new SnapshotSelectionCriteria(delete.To)));
        Command<AddUnbound>(_ => Persist(new Unbound(), _ => witness.Tell("unbound stored")));
        Command<Ask>(_ => Sender.Tell(new State(string.Join(',', _items), LastSequenceNr)));
        Command<SaveSnapshotSuccess>(success => witness.Tell($"saved {success.Metadata.SequenceNr}"));
        Command<DeleteMessagesSuccess>(success => witness.Tell($"deleted to {success.ToSequenceNr}"));
        Command<DeleteMessagesFailure>(failure => witness.Tell($"not deleted to {failure.ToSequenceNr}"));
        Command<DeleteSnapshotSuccess>(success => witness.Tell($"snapshot {success.Metadata.SequenceNr} deleted"));
        Command<DeleteSnapshotsSuccess>(success => witness.Tell($"snapshots to {success.Criteria.MaxSequenceNr} deleted"));
    }

    public override string PersistenceId { get; }

    public override Recovery Recovery => _recovery;

    public static Props For(string id, IActorRef witness, Recovery? recovery = null) => Props.Create(() => new Keeper(id, witness, recovery ?? Recovery.Default));

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        _witness.Tell($"failure {@event} {sequenceNr}: {cause.Message}");

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        _witness.Tell($"rejected {@event} {sequenceNr}: {cause.Message}");

    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        _witness.Tell($"recovery failure {message}: {reason.GetType().Name}");

    private void Stored(Added added)
    {
        _items.Add(added.Item);
        Sender.Tell($"stored {added.Item} {LastSequenceNr}");
        if (!_waitsForAdd) return;
        _waitsForAdd = false;
        Stash.UnstashAll();
    }
}
