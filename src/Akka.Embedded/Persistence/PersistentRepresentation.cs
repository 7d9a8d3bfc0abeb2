using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence;

/// <summary>What a persistent actor sends to its journal: one thing to be written, or a deferred one that only keeps its place in the order.</summary>
public interface IPersistentEnvelope
{
    object Payload { get; }

    IActorRef? Sender { get; }

    int Size { get; }
}

/// <summary>One event as a journal stores it: the payload, whose it is and its number.</summary>
public interface IPersistentRepresentation
{
    object Payload { get; }

    string Manifest { get; }

    string PersistenceId { get; }

    long SequenceNr { get; }

    string WriterGuid { get; }

    bool IsDeleted { get; }

    /// <summary>Who sent the command that led to the event; known only until it is stored.</summary>
    IActorRef? Sender { get; }

    /// <summary>Ticks (100 ns since 0001-01-01, UTC) when the event was written; 0 as long as it is not.</summary>
    long Timestamp { get; }
}

/// <summary>The representation that actors and journals make.</summary>
public class Persistent : IPersistentRepresentation
{
    public Persistent(
        object payload,
        long sequenceNr = 0,
        string? persistenceId = null,
        string? manifest = null,
        bool isDeleted = false,
        IActorRef? sender = null,
        string? writerGuid = null,
        long timestamp = 0)
    {
        Payload = payload;
        SequenceNr = sequenceNr;
        PersistenceId = persistenceId ?? Undefined;
        Manifest = manifest ?? Undefined;
        IsDeleted = isDeleted;
        Sender = sender ?? ActorRefs.NoSender;
        WriterGuid = writerGuid ?? Undefined;
        Timestamp = timestamp;
    }

    public static string Undefined => "";

    public object Payload { get; }

    public string Manifest { get; }

    public string PersistenceId { get; }

    public long SequenceNr { get; }

    public string WriterGuid { get; }

    public bool IsDeleted { get; }

    public IActorRef? Sender { get; }

    public long Timestamp { get; }
}

/// <summary>Events that are stored together or not at all: those of one Persist or one PersistAll.</summary>
public sealed class AtomicWrite : IPersistentEnvelope
{
    private readonly IImmutableList<IPersistentRepresentation> _events;

    public AtomicWrite(IPersistentRepresentation @event)
        : this(ImmutableList.Create(@event))
    {
    }

    public AtomicWrite(IImmutableList<IPersistentRepresentation> payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        if (payload.Count == 0) throw new ArgumentException("An atomic write needs at least one event.", nameof(payload));
        _events = payload;
    }

    /// <summary>The events, an <see cref="IImmutableList{T}"/> of <see cref="IPersistentRepresentation"/>.</summary>
    public object Payload => _events;

    public IActorRef? Sender => ActorRefs.NoSender;

    public int Size => _events.Count;

    public string PersistenceId => _events[0].PersistenceId;

    public long LowestSequenceNr => _events[0].SequenceNr;

    public long HighestSequenceNr => _events[^1].SequenceNr;

    internal IImmutableList<IPersistentRepresentation> Events => _events;
}

/// <summary>A DeferAsync on its way: it travels with the writes so that its handler runs in order, and is never stored.</summary>
internal sealed record NonPersistentMessage(object Payload, IActorRef? Sender) : IPersistentEnvelope
{
    public int Size => 1;
}
