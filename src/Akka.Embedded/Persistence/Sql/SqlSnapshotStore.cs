using Akka.Configuration;

namespace Akka.Persistence.Sql.Snapshot;

/// <summary>The snapshot store on SQLite. Saves and deletions go through the database's one writer, in order with the journal's.</summary>
internal sealed class SqlSnapshotStore : Akka.Persistence.Snapshot.SnapshotStore
{
    private const string Upsert = """
        INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id)
        VALUES (@id, @number, @created, @snapshot, @manifest, @serializer)
        ON CONFLICT (persistence_id, sequence_number) DO UPDATE
        SET created = excluded.created, snapshot = excluded.snapshot, manifest = excluded.manifest, serializer_id = excluded.serializer_id
        """;

    private const string SelectNewest = """
        SELECT sequence_number, created, snapshot, manifest, serializer_id FROM snapshot
        WHERE persistence_id = @id AND sequence_number <= @number AND created <= @created
        ORDER BY sequence_number DESC LIMIT 1
        """;

    private readonly SqliteDatabase _database;
    private readonly Akka.Serialization.Serialization _serialization = Context.System.Serialization;

    public SqlSnapshotStore(Config config)
    {
        _database = SqliteDatabases.Of(Context.System, config);
    }

    protected override async Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        await _database.Written().ConfigureAwait(false);
        return await _database.Read(session => ReadNewest(session, persistenceId, criteria)).ConfigureAwait(false);
    }

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        var payload = StoredPayload.Of(snapshot, _serialization);
        return _database.Write(1, session => session.Execute(
            Upsert,
            ("@id", metadata.PersistenceId),
            ("@number", metadata.SequenceNr),
            ("@created", metadata.Timestamp.Ticks),
            ("@snapshot", payload.Bytes),
            ("@manifest", payload.Manifest),
            ("@serializer", payload.Identifier)));
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata) => _database.Write(1, session => session.Execute(
        "DELETE FROM snapshot WHERE persistence_id = @id AND sequence_number = @number AND created <= @created",
        ("@id", metadata.PersistenceId),
        ("@number", metadata.SequenceNr),
        ("@created", metadata.Timestamp > DateTime.MinValue ? metadata.Timestamp.Ticks : long.MaxValue)));

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) => _database.Write(1, session => session.Execute(
        "DELETE FROM snapshot WHERE persistence_id = @id AND sequence_number <= @number AND created <= @created",
        ("@id", persistenceId),
        ("@number", criteria.MaxSequenceNr),
        ("@created", criteria.MaxTimeStamp.Ticks)));

    private SelectedSnapshot? ReadNewest(SqliteSession session, string persistenceId, SnapshotSelectionCriteria criteria)
    {
        using var row = session.Query(
            SelectNewest, ("@id", persistenceId), ("@number", criteria.MaxSequenceNr), ("@created", criteria.MaxTimeStamp.Ticks));
        if (!row.Read()) return null;
        var metadata = new SnapshotMetadata(persistenceId, row.GetInt64(0), new DateTime(row.GetInt64(1), DateTimeKind.Utc));
        return new SelectedSnapshot(metadata, StoredPayload.Read(row, 2, 3, 4, _serialization));
    }
}
