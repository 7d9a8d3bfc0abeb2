using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence.Sql.Journal;

/// <summary>The journal on SQLite. Serialises on its own thread, writes and reads on those of its database.</summary>
internal sealed class SqlWriteJournal : Akka.Persistence.Journal.AsyncWriteJournal
{
    private const int PageSize = 1000;

    private const string Insert = """
        INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
        VALUES (@created, 0, @id, @number, @message, @manifest, @identifier, @writer)
        """;

    private const string SelectPage = """
        SELECT sequence_number, message, manifest, identifier, writer_uuid, created FROM journal
        WHERE persistence_id = @id AND sequence_number BETWEEN @from AND @to AND deleted = 0
        ORDER BY sequence_number LIMIT @page
        """;

    private const string SelectHighest = "SELECT max(sequence_number) FROM journal WHERE persistence_id = @id AND sequence_number > @from";

    private readonly SqliteDatabase _database;
    private readonly Akka.Serialization.Serialization _serialization = Context.System.Serialization;
    private readonly ITimeProvider _time = Context.System.Scheduler;
    private readonly string _writerUuid = Guid.NewGuid().ToString("N");

    public SqlWriteJournal(Config config)
    {
        _database = SqliteDatabases.Of(Context.System, config);
    }

    protected override async Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        var created = _time.Now.UtcTicks;
        var rows = new List<Row>();
        var rejections = ImmutableList.CreateBuilder<Exception?>();
        foreach (var write in messages)
        {
            try
            {
                rows.AddRange(write.Events.Select(ToRow).ToList());
                rejections.Add(null);
            }
            catch (Exception e)
            {
                rejections.Add(e);
            }
        }
        if (rows.Count > 0) await _database.Write(rows.Count, session => InsertRows(session, rows, created)).ConfigureAwait(false);
        return rejections.Exists(rejection => rejection is not null) ? rejections.ToImmutable() : null;
    }

    public override async Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr)
    {
        await _database.Written().ConfigureAwait(false);
        // Numbers begin at 1: above 0 means all.
        return await _database.Read(
            session => session.Scalar(SelectHighest, ("@id", persistenceId), ("@from", fromSequenceNr)) is long highest ? highest : 0).ConfigureAwait(false);
    }

    public override async Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback)
    {
        var next = fromSequenceNr;
        var left = max;
        while (left > 0 && next <= toSequenceNr)
        {
            // By pages, so that a long recovery does not hold up the others.
            var size = Math.Min(PageSize, left);
            var page = await _database.Read(session => ReadPage(session, persistenceId, next, toSequenceNr, size)).ConfigureAwait(false);
            page.ForEach(recoveryCallback);
            if (page.Count < size) return;
            left -= page.Count;
            next = page[^1].SequenceNr + 1;
        }
    }

    /// <summary>Keeps the last deleted row, as the tombstone that carries the highest number.</summary>
    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr) => _database.Write(1, session =>
    {
        session.Execute("UPDATE journal SET deleted = 1 WHERE persistence_id = @id AND sequence_number <= @to", ("@id", persistenceId), ("@to", toSequenceNr));
        var marked = session.Scalar("SELECT max(sequence_number) FROM journal WHERE persistence_id = @id AND deleted = 1", ("@id", persistenceId));
        session.Execute(
            "DELETE FROM journal WHERE persistence_id = @id AND sequence_number <= @to AND sequence_number < @marked",
            ("@id", persistenceId),
            ("@to", toSequenceNr),
            ("@marked", marked));
        session.Execute("DELETE FROM tags WHERE persistence_id = @id AND sequence_nr <= @to", ("@id", persistenceId), ("@to", toSequenceNr));
    });

    private Row ToRow(IPersistentRepresentation stored) =>
        new(stored.PersistenceId, stored.SequenceNr, stored.Timestamp, StoredPayload.Of(stored.Payload, _serialization));

    private void InsertRows(SqliteSession session, List<Row> rows, long created)
    {
        foreach (var row in rows)
        {
            session.Execute(
                Insert,
                ("@created", row.Timestamp == 0 ? created : row.Timestamp),
                ("@id", row.PersistenceId),
                ("@number", row.SequenceNr),
                ("@message", row.Payload.Bytes),
                ("@manifest", row.Payload.Manifest),
                ("@identifier", row.Payload.Identifier),
                ("@writer", _writerUuid));
        }
    }

    private List<IPersistentRepresentation> ReadPage(SqliteSession session, string persistenceId, long from, long to, long size)
    {
        var page = new List<IPersistentRepresentation>();
        using var row = session.Query(SelectPage, ("@id", persistenceId), ("@from", from), ("@to", to), ("@page", size));
        while (row.Read())
        {
            page.Add(new Persistent(
                StoredPayload.Read(row, 1, 2, 3, _serialization),
                row.GetInt64(0),
                persistenceId,
                row.IsDBNull(2) ? null : row.GetString(2),
                writerGuid: row.IsDBNull(4) ? null : row.GetString(4),
                timestamp: row.GetInt64(5)));
        }
        return page;
    }

    private sealed record Row(string PersistenceId, long SequenceNr, long Timestamp, StoredPayload Payload);
}
