using Iec102.Acquisition;
using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;

namespace Iec102.Storage.Writing;

/// <summary>
/// Holds what is to be written while a batch is in flight. It stays bounded however long the database fails: a profile sends nothing more
/// until it gets an answer, and a repetition replaces the original; of current values, identities and the like only the latest wait; facts
/// from meters are joined (<see cref="FactQueue"/>), and of the audit log, which the log of the server has too, only the newest lines wait.
/// The queue survives a restart of the writer: an interval that is forgotten here would
/// be missing for good once a later one is stored.
/// </summary>
internal sealed class WriteQueue
{
    /// <summary>The most intervals in a batch: a few hundred milliseconds of work for a slow disk.</summary>
    public const int MaxIntervals = 20_000;

    /// <summary>The most rows for the facts of a batch.</summary>
    public const int MaxFactRows = 10_000;

    /// <summary>The most lines of the audit log that wait, and that a batch has.</summary>
    public const int MaxAudit = 10_000;

    private readonly HashSet<(string PersistenceId, long SequenceNr)> _pending = [];
    private WriteBatch _waiting = new();

    /// <summary>The batch that the database is working on.</summary>
    public WriteBatch? InFlight { get; private set; }

    /// <summary>About how many rows wait, or are in flight.</summary>
    public int Count => _waiting.Rows + (InFlight?.Rows ?? 0);

    public bool IsEmpty => !_waiting.HasWrites && !_waiting.IsAwaited;

    /// <summary>Whether someone waits for an answer to something in this queue.</summary>
    public bool IsAwaited => _waiting.IsAwaited;

    /// <summary>The events that wait for a later batch than the one in flight.</summary>
    public IEnumerable<EventsRead> Events => _waiting.Facts.Facts.OfType<EventsRead>();

    public void Add(StoreIntervals message)
    {
        if (_pending.Add((message.PersistenceId, message.SequenceNr)))
            _waiting.Intervals.Add(message);
    }

    public void Add(StoreCurrentValues message)
    {
        foreach (var value in message.Values)
        {
            var key = (message.Meter, value.Id);
            var keep = message.KeepHistory || (_waiting.CurrentValues.TryGetValue(key, out var known) && known.KeepHistory);
            _waiting.CurrentValues[key] = (value, keep);
        }
    }

    public void Add(StoreIdentity message) => _waiting.Identities[message.Meter] = message;

    public void Add(StoreHabit message) => _waiting.Habits[message.Meter] = message;

    public void Add(StoreMeterZone message) => _waiting.Zones[message.Meter] = message;

    public void Add(StoreMeterLabels message) => _waiting.Labels[message.Meter] = message;

    public void Add(StoreClockCheck message) => _waiting.ClockChecks[message.Meter] = message;

    public void Add(MeterFact fact) => _waiting.Facts.Add(fact);

    public void Add(AuditEntry entry)
    {
        _waiting.Audit.Add(entry);
        KeepNewest(_waiting.Audit);
    }

    public void Add(GetIdentity question) => _waiting.Questions.Add(question);

    public void Add(CompareCurve question) => _waiting.Questions.Add(question);

    /// <summary>Takes the next batch; what does not fit into it waits for the one after it.</summary>
    public WriteBatch Take()
    {
        if (InFlight is not null)
            throw new InvalidOperationException("A batch is already in flight.");
        InFlight = _waiting;
        var count = CountWithin(InFlight.Intervals);
        _waiting = new WriteBatch { Intervals = InFlight.Intervals[count..], Facts = InFlight.Facts.TakeBeyond(MaxFactRows) };
        InFlight.Intervals.RemoveRange(count, InFlight.Intervals.Count - count);
        return InFlight;
    }

    /// <summary>Notes that the batch in flight was committed.</summary>
    public WriteBatch Stored()
    {
        var stored = EndFlight();
        foreach (var message in stored.Intervals)
            _pending.Remove((message.PersistenceId, message.SequenceNr));
        return stored;
    }

    /// <summary>Notes that the batch in flight was not committed: it waits again, before everything that has arrived since.</summary>
    public void GiveBack()
    {
        var batch = EndFlight();
        _waiting.Intervals.InsertRange(0, batch.Intervals);
        _waiting.Questions.UnionWith(batch.Questions);
        _waiting.NewEvents.AddRange(batch.NewEvents);
        foreach (var (key, (value, keepHistory)) in batch.CurrentValues)
        {
            var (newer, keepNewer) = _waiting.CurrentValues.GetValueOrDefault(key, (value, false));
            _waiting.CurrentValues[key] = (newer, keepNewer || keepHistory);
        }
        AddOlder(_waiting.Identities, batch.Identities);
        AddOlder(_waiting.Habits, batch.Habits);
        AddOlder(_waiting.Zones, batch.Zones);
        AddOlder(_waiting.Labels, batch.Labels);
        AddOlder(_waiting.ClockChecks, batch.ClockChecks);
        _waiting.Facts.AddOlder(batch.Facts);
        _waiting.Audit.InsertRange(0, batch.Audit);
        KeepNewest(_waiting.Audit);
    }

    private static void KeepNewest(List<AuditEntry> entries) => entries.RemoveRange(0, Math.Max(0, entries.Count - MaxAudit));

    private WriteBatch EndFlight()
    {
        var batch = InFlight ?? throw new InvalidOperationException("No batch is in flight.");
        InFlight = null;
        return batch;
    }

    private static void AddOlder<T>(Dictionary<string, T> waiting, Dictionary<string, T> older)
    {
        foreach (var (meter, message) in older)
            waiting.TryAdd(meter, message);
    }

    /// <summary>
    /// How many of the waiting messages go into a batch: at least one, with no more than <see cref="MaxIntervals"/> intervals in total.
    /// </summary>
    private static int CountWithin(List<StoreIntervals> waiting)
    {
        var intervals = 0;
        for (var i = 0; i < waiting.Count; i++)
        {
            intervals += waiting[i].Intervals.Intervals.Count;
            if (i > 0 && intervals > MaxIntervals)
                return i;
        }
        return waiting.Count;
    }
}
