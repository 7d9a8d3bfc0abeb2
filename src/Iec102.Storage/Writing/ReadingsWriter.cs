using System.Data.Common;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Storage.Databases;
using Iec102.Storage.Files;
using Iec102.Storage.Sql;
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

    private readonly DbConnection _connection;
    private readonly StatementCache _statements;
    private readonly IntervalTable _intervals;
    private readonly MeterTables _meters;
    private readonly FactTables _facts;
    private readonly RetentionSweep _retention;
    private readonly ReadingsDatabase _database;

    public ReadingsWriter(ReadingsDatabase database)
    {
        _database = database;
        _connection = database.OpenForWriting();
        _intervals = new IntervalTable(_connection);
        _statements = new StatementCache(_connection);
        _meters = new MeterTables(_statements);
        _facts = new FactTables(_statements);
        _retention = new RetentionSweep(_connection);
    }

    /// <summary>Stores either everything in a batch or nothing.</summary>
    public BatchStored Write(WriteBatch batch)
    {
        var space = _database.Space;
        var progress = new Dictionary<string, long>(StringComparer.Ordinal);
        var newEvents = new List<EventsStored>();
        if (batch.HasWrites)
        {
            if (space?.FreeBytes < LeastFreeBytes)
                throw new StorageException($"Less than {LeastFreeBytes / MiB} MiB are free on the disk of {_database.Name}: free some.");
            _connection.Execute(_database.BeginWriting);
            Apply(batch, progress, newEvents);
            _connection.Execute("COMMIT");
        }
        return new BatchStored(progress, batch.Questions.ToDictionary(question => question, Answer), newEvents, space);
    }

    /// <summary>Deletes some of the rows that have outlived their retention; returns true when there are more.</summary>
    public bool Sweep(RetentionConfiguration retention, Instant now)
    {
        _connection.Execute(_database.BeginWriting);
        var more = _retention.Step(retention, now);
        _connection.Execute("COMMIT");
        return more;
    }

    /// <summary>Executes the statements of a batch within the open transaction.</summary>
    private void Apply(WriteBatch batch, Dictionary<string, long> progress, List<EventsStored> newEvents)
    {
        foreach (var zone in batch.Zones.Values)
            _meters.Store(zone);
        foreach (var labels in batch.Labels.Values)
            _meters.Store(labels);
        foreach (var identity in batch.Identities.Values)
            _meters.Store(identity);
        foreach (var habit in batch.Habits.Values)
            _meters.Store(habit);
        foreach (var check in batch.ClockChecks.Values)
            _meters.Store(check);
        foreach (var ((meter, _), (value, keepHistory)) in batch.CurrentValues)
            _meters.Store(meter, value, keepHistory);
        foreach (var message in batch.Intervals)
            Store(message, progress);
        foreach (var fact in batch.Facts.Facts)
        {
            if (_facts.Store(fact, _meters.KeyOf(fact.Meter)) is { Count: > 0 } events && fact is EventsRead read)
                newEvents.Add(new EventsStored(read.Meter, read.Record, read.ReadAt, events));
        }
    }

    private object Answer(object question) => question switch
    {
        GetIdentity identity => Identity(identity.Meter),
        CompareCurve curve => _intervals.Compare(curve),
        _ => throw new ArgumentException($"The writer has no answer to {question.GetType().Name}.", nameof(question)),
    };

    /// <summary>
    /// The identity that is recorded for a meter. The facts of a meter that sends no serial number have the serial number 0.
    /// </summary>
    private KnownIdentity Identity(string meter)
    {
        var (serial, habit) = _meters.Identity(meter);
        return new KnownIdentity(meter, serial, habit, _facts.Configuration(meter, serial ?? 0), _facts.Progress(meter, serial ?? 0));
    }

    private void Store(StoreIntervals message, Dictionary<string, long> progress)
    {
        if (!progress.TryGetValue(message.PersistenceId, out var stored))
            stored = _intervals.Progress(message.PersistenceId);
        if (message.SequenceNr > stored || message.Replaces == stored)
        {
            _intervals.Store(message, _meters.KeyOf(message.Meter));
            stored = message.SequenceNr;
        }
        progress[message.PersistenceId] = stored;
    }

    public void Dispose()
    {
        _intervals.Dispose();
        _statements.Dispose();
        _connection.Dispose();
    }
}
