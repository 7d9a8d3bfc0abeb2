using System.Collections.Immutable;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace Iec102.Acquisition.Tests.Profiles;

/// <summary>An in-memory journal whose writes can be made to fail, or to wait until they are let through.</summary>
public sealed class UnreliableJournal : MemoryJournal
{
    private readonly List<TaskCompletionSource> _waiting = [];
    private Mode _mode;

    public enum Mode { Work, Fail, Wait }

    public sealed record SetMode(Mode Mode);

    public sealed record ModeSet;

    protected override async Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        if (_mode == Mode.Fail)
            throw new IOException("the disk is full");
        if (_mode == Mode.Wait)
        {
            var turn = new TaskCompletionSource();
            _waiting.Add(turn);
            await turn.Task;
        }

        return await base.WriteMessagesAsync(messages, cancellationToken);
    }

    protected override bool ReceivePluginInternal(object message)
    {
        if (message is not SetMode set)
            return false;
        _mode = set.Mode;
        foreach (var turn in _waiting)
            turn.SetResult();
        _waiting.Clear();
        Sender.Tell(new ModeSet(), Self);
        return true;
    }
}
