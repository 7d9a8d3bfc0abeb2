using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>A journal that ends with its actor system: for tests, and for what need not last.</summary>
public class MemoryJournal : AsyncWriteJournal
{
    private readonly Dictionary<string, Stream> _streams = [];

    protected override Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        foreach (var write in messages)
        {
            var stream = Of(write.PersistenceId);
            stream.Events.AddRange(write.Events);
            stream.Highest = write.HighestSequenceNr;
        }
        return Task.FromResult<IImmutableList<Exception?>?>(null);
    }

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr)
    {
        Of(persistenceId).Events.RemoveAll(stored => stored.SequenceNr <= toSequenceNr);
        return Task.CompletedTask;
    }

    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr) => Task.FromResult(Of(persistenceId).Highest);

    public override Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback)
    {
        var wanted = Of(persistenceId).Events.Where(stored => stored.SequenceNr >= fromSequenceNr && stored.SequenceNr <= toSequenceNr);
        foreach (var stored in wanted.Take((int)Math.Min(max, int.MaxValue)))
            recoveryCallback(stored);
        return Task.CompletedTask;
    }

    private Stream Of(string persistenceId)
    {
        if (!_streams.TryGetValue(persistenceId, out var stream))
            _streams.Add(persistenceId, stream = new Stream());
        return stream;
    }

    private sealed class Stream
    {
        public List<IPersistentRepresentation> Events { get; } = [];

        /// <summary>Stays when events are deleted.</summary>
        public long Highest { get; set; }
    }
}
