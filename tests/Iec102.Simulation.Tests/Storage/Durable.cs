using Akka.Persistence;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Simulation.Tests;

/// <summary>An event or a snapshot as a journal keeps it.</summary>
internal sealed record StoredPayload(long SequenceNr, int Serializer, string Manifest, byte[] Octets, string Writer);

/// <summary>A snapshot with its metadata in the store.</summary>
internal sealed record StoredSnapshot(SnapshotMetadata Metadata, StoredPayload Payload);

/// <summary>
/// What outlives a node: the journal, the snapshots and the tables. Only commits change it, each of them completely or not at all. When
/// several nodes share it, the number of an event that exists is refused, as by PostgreSQL.
/// </summary>
internal sealed class Durable(World world, Truth truth, bool isShared, Weakness weakness)
{
    private readonly SortedDictionary<string, JournalStream> _streams = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(string Meter, Curve Curve), SortedDictionary<Instant, TotalsRow>> _tables = [];
    private readonly Dictionary<string, uint> _serials = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SummerTimeHabit> _habits = new(StringComparer.Ordinal);

    private readonly Dictionary<string, Facts> _facts = new(StringComparer.Ordinal);
    private readonly List<Moment> _moments = [];
    private bool _wasPutBack;

    /// <summary>The intervals stored so far.</summary>
    public long Intervals { get; private set; }

    public int Snapshots { get; private set; }

    /// <summary>How often events were refused because another writer had used their number.</summary>
    public int Refused { get; private set; }

    public JournalStream StreamOf(string persistenceId)
    {
        if (!_streams.TryGetValue(persistenceId, out var stream))
            _streams.Add(persistenceId, stream = new JournalStream(persistenceId));
        return stream;
    }

    /// <summary>Appends events of some persistent actors, all or none; returns how many.</summary>
    public int Append(IReadOnlyList<(string PersistenceId, List<StoredPayload> Events)> writes)
    {
        if (isShared && !weakness.HasFlag(Weakness.EqualNumbers)
            && writes.FirstOrDefault(write => write.Events.Any(StreamOf(write.PersistenceId).Has)) is { PersistenceId: { } other })
        {
            Refused++;
            world.Note($"journal: {other} is refused, because another writer has used its number");
            throw new StoreException($"The journal has an event of {other} with this number.");
        }

        foreach (var (persistenceId, events) in writes)
            Append(persistenceId, events);
        return writes.Sum(write => write.Events.Count);
    }

    private void Append(string persistenceId, IReadOnlyList<StoredPayload> events)
    {
        StreamOf(persistenceId).Append(events, isShared);
        foreach (var one in events)
        {
            world.Trace.Fold((ulong)one.SequenceNr);
            world.Trace.Fold(one.Octets);
            if (world.Trace.IsRead)
                world.Note($"journal: {persistenceId} {one.SequenceNr} {one.Manifest}");
        }

        // Only some commits are checked, because checking each one would cost more than the run.
        if (world.Chance.Is(0.05))
            Check(StreamOf(persistenceId));
    }

    /// <summary>Saves a snapshot in place of one with the same number; returns how many there are of its actor.</summary>
    public int Save(SnapshotMetadata metadata, StoredPayload snapshot)
    {
        var stream = StreamOf(metadata.PersistenceId);
        stream.Snapshots.RemoveAll(saved => saved.Metadata.SequenceNr == metadata.SequenceNr);
        stream.Snapshots.Add(new StoredSnapshot(metadata, snapshot));
        Snapshots++;
        world.Trace.Fold(snapshot.Octets);
        Check(stream);
        return stream.Snapshots.Count;
    }

    public IReadOnlyDictionary<Instant, TotalsRow> Table(string meter, Curve curve) => TableOf(meter, curve);

    public KnownIdentity Identity(string meter) => new(
        meter, _serials.TryGetValue(meter, out var serial) ? serial : null, _habits.TryGetValue(meter, out var habit) ? habit : null,
        [.. FactsOf(meter).Configuration.Values], [.. FactsOf(meter).Progress.Values]);

    public void Store(StoreHabit habit) => _habits[habit.Meter] = habit.Habit;

    public void Store(StoreIdentity identity)
    {
        truth.Check(identity);
        _serials[identity.Meter] = identity.Identification.SerialNumber;
    }

    public void Store(MeterFact fact)
    {
        var (configuration, progress) = FactsOf(fact.Meter);
        switch (fact)
        {
            case EventsRead events:
                Move(FactKind.Events, events.Record, events.ReadTo);
                break;
            case TariffRead { IsClosed: true } tariff:
                Move(FactKind.ClosedTariff, tariff.Record, tariff.ReadTo);
                break;
            case ClosingsRead closings:
                truth.Check(closings);
                Move(FactKind.Closings, closings.IsDerived ? RecordAddress.LoadCurve1 : RecordAddress.DailyTotals1, closings.ReadTo);
                break;
            case ConfigurationRead read:
                // Type, record and, where an answer holds only some of the objects, its first object.
                var first = read.Asdu.Length > AsduHeader.Length ? read.Asdu[AsduHeader.Length] : (byte)0;
                configuration[(read.Asdu[0], read.Asdu[5], first)] = read;
                break;
        }

        void Move(FactKind kind, byte record, Instant to) => progress[(kind, record)] = new FactProgress(kind, record, to);
    }

    public void Store(StoreCurrentValues values) => truth.Check(values);

    /// <summary>Compares what a profile says of its journal with the tables.</summary>
    public StoredCurve Compare(CompareCurve journal)
    {
        var (stream, table) = (StreamOf(journal.PersistenceId), TableOf(journal.Meter, journal.Curve));
        var agrees = journal.Agrees(stream.Progress, deletedBefore: null, table.ContainsKey);
        stream.IsOfTwoMoments &= !agrees;
        var minutes = journal.Curve == Curve.Hourly ? 60 : 15;
        return new StoredCurve(
            journal.PersistenceId, stream.Progress,
            agrees ? null : new CurveContents(null, StoredRun.Of(table.Keys.Select(end => (end, minutes)))));
    }

    /// <summary>Makes a copy that <see cref="PutBack"/> may use later.</summary>
    public void Remember() => _moments.Add(new Moment(
        _streams.Values.ToDictionary(stream => stream.PersistenceId, stream => stream.Copy()),
        _tables.ToDictionary(table => table.Key, table => new SortedDictionary<Instant, TotalsRow>(table.Value))));

    /// <summary>
    /// While the node is down, the journal or the tables are lost, or somebody puts back an older copy of one of them without the other.
    /// </summary>
    public void PutBack()
    {
        _wasPutBack = true;
        var isJournal = world.Chance.Is(0.5);
        var moment = world.Chance.Is(0.3) ? Moment.Nothing : _moments[world.Chance.Below(_moments.Count)];
        world.Note($"{(isJournal ? "the journal is" : "the tables are")} {(moment == Moment.Nothing ? "lost" : "an older copy")}");
        foreach (var stream in _streams.Values.ToList())
        {
            var older = moment.Streams.GetValueOrDefault(stream.PersistenceId) ?? new JournalStream(stream.PersistenceId);
            var mixed = (isJournal ? older : stream).Copy();
            (mixed.Progress, mixed.IsOfTwoMoments) = ((isJournal ? stream : older).Progress, true);
            _streams[stream.PersistenceId] = mixed;
            var table = truth.Owner(stream.PersistenceId);
            if (!isJournal)
                _tables[table] = moment.Tables.TryGetValue(table, out var rows) ? new(rows) : [];
        }
    }

    /// <summary>Stores an event unless it was stored before; returns the highest number stored.</summary>
    public long Store(StoreIntervals message)
    {
        var stream = StreamOf(message.PersistenceId);
        if (message.SequenceNr <= stream.Progress && message.Replaces != stream.Progress)
            return stream.Progress;
        stream.Progress = message.SequenceNr;
        stream.IsOfTwoMoments &= message.Replaces is null;
        if (message.Intervals.Intervals.Count == 0)
            return stream.Progress;
        var table = TableOf(message.Meter, message.Curve);
        foreach (var interval in message.Intervals.Intervals)
        {
            truth.Check(message.Meter, message.Curve, interval, message.Intervals);
            world.Trace.Fold((ulong)interval.End.ToUnixTimeSeconds());
            if (table.TryAdd(interval.End, interval.Row))
                Intervals++;
        }

        if (world.Trace.IsRead)
            world.Note(
                $"tables: {message.PersistenceId} {message.SequenceNr}, "
                + $"{message.Intervals.Intervals.Count} intervals from {message.Intervals.Intervals[0].End}");
        return stream.Progress;
    }

    /// <summary>
    /// Checks that nothing is claimed that is in neither the journal nor the tables, that nothing is in the tables that was never in the
    /// journal, and that everything that the writer has not stored yet can be sent to it again (promise R2).
    /// </summary>
    public void Check()
    {
        foreach (var stream in _streams.Values)
            Check(stream);
    }

    /// <summary>A curve whose journal and table are not from the same moment and were not mended yet; null when there is none.</summary>
    public string? NotMended() => _streams.Values.FirstOrDefault(stream => stream.IsOfTwoMoments) is { } stream
        ? $"the mending of {stream.PersistenceId}"
        : null;

    /// <summary>Checks one profile. It must hold wherever a node may be killed, which is everywhere.</summary>
    public void Check(JournalStream stream)
    {
        if (stream.IsOfTwoMoments)
            return;
        var (meter, curve) = truth.Owner(stream.PersistenceId);
        var table = TableOf(meter, curve);
        var pending = stream.Pending().ToHashSet();
        var state = stream.Recover();
        Demand(
            stream.Progress <= stream.Highest,
            $"{stream.PersistenceId}: the writer is at {stream.Progress}, the journal at {stream.Highest}");
        foreach (var end in state.RecordedEnds())
            Demand(
                table.ContainsKey(end) || pending.Contains(end),
                $"{stream.PersistenceId}: {end} is claimed and neither in the tables nor in the journal");
        // When the numbers of two histories happen to fit, this difference is not noticed: the interval is read once more, and that is all.
        foreach (var end in table.Keys.Where(end => !_wasPutBack && state.IsCounted(end)))
            Demand(state.IsRecorded(end), $"{stream.PersistenceId}: {end} is in the tables and not in the coverage");

        static void Demand(bool rule, string otherwise)
        {
            if (!rule)
                throw new ViolationException(otherwise);
        }
    }

    private Facts FactsOf(string meter)
    {
        if (!_facts.TryGetValue(meter, out var facts))
            _facts.Add(meter, facts = new Facts([], []));
        return facts;
    }

    private SortedDictionary<Instant, TotalsRow> TableOf(string meter, Curve curve)
    {
        if (!_tables.TryGetValue((meter, curve), out var table))
            _tables.Add((meter, curve), table = []);
        return table;
    }

    /// <summary>The configuration of a meter, and how far each kind of fact about it has been read.</summary>
    private sealed record Facts(
        SortedDictionary<(byte, byte, byte), ConfigurationRead> Configuration, SortedDictionary<(FactKind, byte), FactProgress> Progress);

    /// <summary>A copy of journal and tables.</summary>
    private sealed record Moment(
        Dictionary<string, JournalStream> Streams, Dictionary<(string Meter, Curve Curve), SortedDictionary<Instant, TotalsRow>> Tables)
    {
        public static Moment Nothing { get; } = new([], []);
    }
}

/// <summary>The events and snapshots of one persistent actor, and how far the writer has carried its events into the tables.</summary>
internal sealed class JournalStream(string persistenceId)
{
    private long _lastDeleted;

    public string PersistenceId => persistenceId;

    public List<StoredPayload> Events { get; } = [];

    public List<StoredSnapshot> Snapshots { get; } = [];

    /// <summary>The highest number ever used; deleting events does not lower it.</summary>
    public long Highest { get; private set; }

    /// <summary>The highest number that the writer has stored in the tables.</summary>
    public long Progress { get; set; }

    /// <summary>Whether journal and tables were put together from two moments and the node has not mended that yet.</summary>
    public bool IsOfTwoMoments { get; set; }

    /// <summary>The same stream, for another moment.</summary>
    public JournalStream Copy()
    {
        var copy = new JournalStream(persistenceId)
        {
            Highest = Highest,
            Progress = Progress,
            IsOfTwoMoments = IsOfTwoMoments,
            _lastDeleted = _lastDeleted,
        };
        copy.Events.AddRange(Events);
        copy.Snapshots.AddRange(Snapshots);
        return copy;
    }

    /// <summary>Whether there is an event with the number of this one.</summary>
    public bool Has(StoredPayload @event) => @event.SequenceNr == _lastDeleted || Events.Any(one => one.SequenceNr == @event.SequenceNr);

    /// <summary>
    /// Appends events. In a store with several writers, a late one may use a number that another has used and deleted: nobody will ever
    /// read such an event, because a newer snapshot exists.
    /// </summary>
    public void Append(IReadOnlyList<StoredPayload> events, bool isShared)
    {
        foreach (var one in events)
        {
            if (isShared ? one.SequenceNr > Highest + 1 : one.SequenceNr != Highest + 1)
                throw new ViolationException($"{persistenceId}: event {one.SequenceNr} comes after {Highest}.");
            if (Events.Any(other => other.SequenceNr == one.SequenceNr && !other.Octets.SequenceEqual(one.Octets)))
                throw new ViolationException($"{persistenceId}: event {one.SequenceNr} is replaced by another one.");
            Events.RemoveAll(other => other.SequenceNr == one.SequenceNr);
            Events.Insert(Events.FindLastIndex(earlier => earlier.SequenceNr < one.SequenceNr) + 1, one);
            Highest = Math.Max(Highest, one.SequenceNr);
        }
    }

    /// <summary>
    /// Deletes events and returns how many are left. As in the journal of Akka.Persistence.Sql, the row of the last one stays, marked as
    /// deleted, so that its number is known.
    /// </summary>
    public int DeleteTo(long sequenceNr)
    {
        foreach (var one in Events.Where(one => one.SequenceNr <= sequenceNr))
            _lastDeleted = Math.Max(_lastDeleted, one.SequenceNr);
        Events.RemoveAll(one => one.SequenceNr <= sequenceNr);
        return Events.Count;
    }

    /// <summary>The state that a profile actor would have if it recovered now.</summary>
    public ProfileState Recover()
    {
        var snapshot = Snapshots.MaxBy(one => one.Metadata.SequenceNr)?.Payload;
        var events = Events.Where(one => one.SequenceNr > (snapshot?.SequenceNr ?? 0)).Select(one => (one.Manifest, one.Octets));
        return ProfileState.Recover(snapshot is null ? events : events.Prepend((snapshot.Manifest, snapshot.Octets)));
    }

    /// <summary>The interval ends in the events that a recovering actor would send to the writer.</summary>
    public IEnumerable<Instant> Pending()
    {
        var snapshot = Snapshots.Count == 0 ? 0 : Snapshots.Max(one => one.Metadata.SequenceNr);
        return Events
            .Where(one => one.SequenceNr > Progress && one.SequenceNr > snapshot && one.Manifest == ProfileFormat.IntervalsManifest)
            .SelectMany(one => ((IntervalsRecorded)ProfileFormat.Read(one.Octets, one.Manifest)).Intervals)
            .Select(interval => interval.End);
    }
}
