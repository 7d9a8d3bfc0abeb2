using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace Iec102.Acquisition.Tests.Profiles;

/// <summary>What an unreliable journal or snapshot store does with the next requests.</summary>
public enum StoreMode
{
    Work,

    /// <summary>Every request fails.</summary>
    Fail,

    /// <summary>Writes wait until another mode is set.</summary>
    Wait,

    /// <summary>Each write is rejected, as one that cannot be serialised would be; the journal itself works.</summary>
    Reject,
}

/// <summary>Sets the mode; <see cref="ModeSet"/> is the answer.</summary>
/// <param name="Mode">The mode.</param>
/// <param name="Lacking">The number of an event that a journal does not replay.</param>
public sealed record SetMode(StoreMode Mode, long Lacking = 0);

public sealed record ModeSet;

/// <summary>An in-memory journal that can be made to fail, to reject writes, or to let them wait.</summary>
public sealed class UnreliableJournal : MemoryJournal
{
    private readonly List<TaskCompletionSource> _waiting = [];
    private StoreMode _mode;
    private long _lacking;

    public override Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
        Action<IPersistentRepresentation> recoveryCallback) =>
        _mode == StoreMode.Fail
            ? Failed()
            : base.ReplayMessagesAsync(context, persistenceId, fromSequenceNr, toSequenceNr, max, one =>
            {
                if (one.SequenceNr != _lacking)
                    recoveryCallback(one);
            });

    protected override async Task<IImmutableList<Exception?>?> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        if (_mode == StoreMode.Reject)
            return messages.Select(Exception? (_) => new NotSupportedException("not this one")).ToImmutableList();
        if (_mode == StoreMode.Fail)
            await Failed();
        if (_mode == StoreMode.Wait)
        {
            var turn = new TaskCompletionSource();
            _waiting.Add(turn);
            await turn.Task;
        }

        return await base.WriteMessagesAsync(messages, cancellationToken);
    }

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken) =>
        _mode == StoreMode.Fail ? Failed() : base.DeleteMessagesToAsync(persistenceId, toSequenceNr, cancellationToken);

    protected override bool ReceivePluginInternal(object message)
    {
        if (message is not SetMode set)
            return false;
        (_mode, _lacking) = (set.Mode, set.Lacking);
        foreach (var turn in _waiting)
            turn.SetResult();
        _waiting.Clear();
        Sender.Tell(new ModeSet(), Self);
        return true;
    }

    internal static Task Failed() => Task.FromException(new IOException("the disk is full"));
}
