namespace Iec102.Acquisition.Profiles;

/// <summary>
/// Whether a recovery brings every event: from the first, or from the one after its snapshot, to the last. One that began before another
/// node saved a snapshot, and goes on while that node deletes the events in it, may miss some.
/// </summary>
internal sealed class ReplayedEvents
{
    private long _to;

    /// <summary>The number of the first event that is missing; null when none is.</summary>
    public long? Missing { get; private set; }

    /// <summary>The recovery begins with a snapshot.</summary>
    public void Begin(long snapshotAt) => _to = snapshotAt;

    /// <summary>An event is replayed.</summary>
    public void Add(long sequenceNr)
    {
        End(sequenceNr - 1);
        _to = sequenceNr;
    }

    /// <summary>Everything that the journal has is replayed.</summary>
    public void End(long last) => Missing ??= _to < last ? _to + 1 : null;
}
