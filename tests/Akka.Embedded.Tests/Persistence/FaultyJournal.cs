using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace Akka.Embedded.Tests.Persistence;

/// <summary>
/// An in-memory journal that fails, rejects and stalls on demand, by the names of items: "fail" fails the write, "reject" is rejected, "stall" waits until
/// <see cref="Release"/> is told. While <see cref="HoldReplays"/> holds, replays wait too.
/// </summary>
public sealed class FaultyJournal : MemoryJournal
{
    private readonly List<Action> _stalled = [];
    private bool _holdReplays;
    private int _writesInFlight;
    private int _writeCalls;
    private int _replaysInFlight;

    public sealed record Release;

    public sealed record HoldReplays;

    public sealed record AskCounters;

    public sealed record Counters(int WriteCalls, int WritesInFlight, int ReplaysInFlight);

    protected override async Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        var writes = messages.ToList();
        var items = writes.ConvertAll(ItemOf);
        _writeCalls++;
        if (items.Contains("stall"))
        {
            _writesInFlight++;
            await Stall();
            _writesInFlight--;
        }
        if (items.Contains("fail")) throw new IOException("the disk is gone");
        await base.WriteMessagesAsync(writes.Where(write => ItemOf(write) != "reject"));
        return items.Contains("reject")
            ? items.Select(item => item == "reject" ? new NotSupportedException("not this one") : null).ToImmutableList<Exception?>()
            : null;
    }

    public override async Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback)
    {
        await base.ReplayMessagesAsync(context, persistenceId, fromSequenceNr, toSequenceNr, max, recoveryCallback);
        if (!_holdReplays) return;
        _replaysInFlight++;
        await Stall();
        _replaysInFlight--;
    }

    protected override bool ReceivePluginInternal(object message)
    {
        switch (message)
        {
            case Release:
                // Each runs to its end inside the call: the journal stays on its own thread.
                foreach (var go in _stalled.ToList()) go();
                _stalled.Clear();
                return true;
            case HoldReplays:
                _holdReplays = true;
                return true;
            case AskCounters:
                Sender.Tell(new Counters(_writeCalls, _writesInFlight, _replaysInFlight));
                return true;
            default:
                return false;
        }
    }

    private Task Stall()
    {
        var stalled = new TaskCompletionSource();
        _stalled.Add(stalled.SetResult);
        return stalled.Task;
    }

    private static string ItemOf(AtomicWrite write) => ((IImmutableList<IPersistentRepresentation>)write.Payload)[0].Payload is Added added ? added.Item : "";
}
