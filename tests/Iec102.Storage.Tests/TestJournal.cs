using System.Data.Common;
using Iec102.Acquisition.Profiles;
using Iec102.Storage.Sql;

namespace Iec102.Storage.Tests;

/// <summary>Writes the journal the way the journal plug-in does: events, snapshots, and deletions that keep the last row.</summary>
internal sealed class TestJournal(DbConnection connection) : IDisposable
{
    /// <summary>The tables that the plug-in makes in a file when it is first used.</summary>
    public const string TablesOfFile = """
        CREATE TABLE IF NOT EXISTS journal (
            ordering INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, created BigInt NOT NULL, deleted Bit NOT NULL,
            persistence_id NVarChar(255) NOT NULL, sequence_number BigInt NOT NULL, message VarBinary NOT NULL, manifest NVarChar(500) NULL,
            identifier INTEGER NULL, writer_uuid NVarChar(128) NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS journal_uq ON journal (persistence_id, sequence_number);
        CREATE TABLE IF NOT EXISTS snapshot (
            persistence_id NVarChar(255) NOT NULL, sequence_number BigInt NOT NULL, created BigInt NOT NULL,
            snapshot VarBinary NULL, manifest NVarChar(500) NULL, serializer_id INTEGER NULL,
            PRIMARY KEY (persistence_id, sequence_number));
        """;

    private readonly Dictionary<string, (long SequenceNr, ProfileState State)> _profiles = [];

    /// <summary>Appends an event; returns its sequence number.</summary>
    public long Append(string id, IProfileEvent @event)
    {
        var (number, state) = _profiles.GetValueOrDefault(id, (0, ProfileState.Empty));
        _profiles[id] = (++number, state.Apply(@event));
        Execute(
            """
            INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest)
            VALUES (0, false, @id, @number, @octets, @manifest)
            """,
            ("@id", id), ("@number", number), ("@octets", ProfileFormat.Write(@event)), ("@manifest", ProfileFormat.Manifest(@event)));
        return number;
    }

    /// <summary>Appends an answer as an event; returns the message with which the writer is told of it.</summary>
    public StoreIntervals Append(IntervalsRecorded answer, string meter = "m-1") =>
        Batch.Store(Append(Batch.Store(0, answer, meter).PersistenceId, answer), answer, meter);

    /// <summary>Saves the state as a snapshot and deletes the events that the snapshot replaces.</summary>
    public void Snapshot(string id)
    {
        var (number, state) = _profiles[id];
        Execute(
            """
            INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest)
            VALUES (@id, @number, 0, @octets, @manifest)
            ON CONFLICT (persistence_id, sequence_number) DO UPDATE SET snapshot = excluded.snapshot
            """,
            ("@id", id), ("@number", number), ("@octets", ProfileFormat.Write(state)), ("@manifest", ProfileFormat.Manifest(state)));
        Execute("UPDATE journal SET deleted = true WHERE persistence_id = @id", ("@id", id));
        Execute("DELETE FROM journal WHERE persistence_id = @id AND sequence_number < @number", ("@id", id), ("@number", number));
    }

    public void Execute(string sql, params ReadOnlySpan<(string, object?)> parameters) => connection.Execute(sql, parameters);

    public void Dispose() => connection.Dispose();
}
