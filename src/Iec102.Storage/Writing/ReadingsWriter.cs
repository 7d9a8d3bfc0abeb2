using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Storage.Databases;
using Iec102.Storage.Files;
using NodaTime;

namespace Iec102.Storage.Writing;

/// <summary>
/// The one connection of this server that writes the readings. After any failure it is disposed, which rolls back, and a new one is opened.
/// </summary>
internal sealed class ReadingsWriter : IDisposable
{
    private const long MiB = 1024 * 1024;

    /// <summary>
    /// With less free space than this nothing is stored: the rest is left for the journal, the logs and the person who has to tidy up.
    /// </summary>
    public const long LeastFreeBytes = 200 * MiB;

    private readonly WritingSession _session;
    private readonly IntervalTable _intervals;
    private readonly MeterTables _meters;
    private readonly FactTables _facts;
    private readonly AuditTable _audit;
    private readonly RetentionSweep _retention;
    private readonly ReadingsDatabase _database;

    public ReadingsWriter(ReadingsDatabase database)
    {
        _database = database;
        _session = database.OpenForWriting();
        _intervals = new IntervalTable(_session);
        _meters = new MeterTables(_session);
        _facts = new FactTables(_session);
        _audit = new AuditTable(_session);
        _retention = new RetentionSweep(_session);
    }

    /// <summary>Stores either everything in a batch or nothing.</summary>
    public BatchStored Write(WriteBatch batch)
    {
        var space = _database.Space;
        var progress = new Dictionary<string, long>();
        if (batch.HasWrites)
        {
            if (space?.FreeBytes < LeastFreeBytes)
                throw new StorageException($"Less than {LeastFreeBytes / MiB} MiB are free on the disk of {_database.Name}: free some.");
            _session.Begin();
            progress = Apply(batch);
            _session.Commit();
        }
        var answers = Answers(batch.Questions);
        var newEvents = batch.NewEvents.GroupBy(one => (one.Meter, one.Record))
            .Select(events => events.Last() with { Events = [.. events.SelectMany(one => one.Events).Distinct()] });
        return new BatchStored(progress, answers, [.. newEvents], space);
    }

    /// <summary>Deletes some of the rows that have outlived their retention; returns true when there are more.</summary>
    public bool Sweep(RetentionConfiguration retention, Instant now)
    {
        _session.Begin();
        var more = _retention.Step(retention, now);
        _session.Commit();
        return more;
    }

    public void Dispose() => _session.Dispose();

    /// <summary>
    /// Executes the statements of a batch within the open transaction. Profiles and meters come in the order of their ids, as in every
    /// writer, so that of two that meet one waits for the other.
    /// </summary>
    private Dictionary<string, long> Apply(WriteBatch batch)
    {
        var meters = batch.Meters.Distinct().Order(StringComparer.Ordinal).ToList();
        var keys = _meters.Keys(meters);
        var progress = _intervals.Store(batch.Intervals, keys);
        var values = batch.CurrentValues.OrderBy(one => one.Key.Signal, StringComparer.Ordinal)
            .ToLookup(one => one.Key.Meter, one => one.Value);
        foreach (var meter in meters)
            _meters.Store(meter, batch, values[meter]);
        var facts = batch.Facts.Facts.OrderBy(fact => fact.Meter, StringComparer.Ordinal).Select(fact => (keys[fact.Meter], fact));
        batch.NewEvents.AddRange(_facts.Store([.. facts]));
        _audit.Store(batch.Audit);
        return progress;
    }

    private Dictionary<object, object> Answers(IReadOnlyCollection<object> questions)
    {
        var answers = new Dictionary<object, object>();
        var identities = questions.OfType<GetIdentity>().ToList();
        foreach (var (question, answer) in identities.Zip(Identities([.. identities.Select(one => one.Meter)])))
            answers.Add(question, answer);
        var curves = questions.OfType<CompareCurve>().ToList();
        foreach (var (question, answer) in curves.Zip(CurveComparison.Of(curves, _session)))
            answers.Add(question, answer);
        return answers;
    }

    /// <summary>
    /// The identities that are recorded for meters. The facts of a meter that sends no serial number have the serial number 0.
    /// </summary>
    private IEnumerable<KnownIdentity> Identities(IReadOnlyList<string> meters)
    {
        var known = meters.Zip(_meters.Identities(meters)).ToList();
        var devices = known.Select(one => (one.First, one.Second.SerialNumber ?? 0)).ToList();
        return known.Zip(
            _facts.Configuration(devices).Zip(_facts.Progress(devices)),
            (one, facts) => new KnownIdentity(one.First, one.Second.SerialNumber, one.Second.Habit, facts.First, facts.Second));
    }
}
