using System.Data.Common;
using Iec102.Acquisition.Profiles;
using Iec102.Storage.Databases;
using Iec102.Storage.Sql;

namespace Iec102.Storage.Upkeep;

/// <summary>
/// Reads the profiles from the journal: from its tables journal (persistence_id, sequence_number, deleted, message, manifest) and snapshot
/// (persistence_id, sequence_number, snapshot, manifest), as the journal plug-in makes them. Nothing is written.
/// </summary>
internal sealed class StoredJournal : IDisposable
{
    private readonly ReadingsDatabase _database;
    private readonly DbConnection _connection;
    private readonly bool _hasEvents;
    private readonly bool _hasSnapshots;

    /// <summary>Opens a journal.</summary>
    public StoredJournal(ReadingsDatabase database)
    {
        _database = database;
        _connection = database.OpenJournal();
        // The plug-in makes its tables only when it is first used.
        _hasEvents = database.HasTable(_connection, "journal");
        _hasSnapshots = database.HasTable(_connection, "snapshot");
    }

    public DbConnection Connection => _connection;

    /// <summary>The persistence ids of all profiles, in order.</summary>
    public SortedSet<string> Profiles()
    {
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var table in Tables)
        {
            using var command = _connection.Statement($"SELECT DISTINCT persistence_id FROM {table} WHERE persistence_id LIKE 'profile-%'");
            using var row = command.ExecuteReader();
            while (row.Read())
                ids.Add(row.GetString(0));
        }
        return ids;
    }

    /// <summary>The highest sequence number of a profile, deleted events included; 0 when there is none.</summary>
    public long Highest(string persistenceId) => Tables
        .Select(table => $"SELECT max(sequence_number) FROM {table} WHERE persistence_id = @id")
        .Select(highest => _connection.Scalar(highest, ("@id", persistenceId)) as long? ?? 0)
        .DefaultIfEmpty(0).Max();

    /// <summary>A profile as its actor would recover it, without the events after <paramref name="upTo"/>.</summary>
    public ProfileState Recover(string persistenceId, long upTo = long.MaxValue)
    {
        var stored = new List<(string, byte[])>();
        // Everything is read in one transaction: a snapshot and the events after it belong together, and the server may delete events
        // between two statements.
        using var transaction = _database.BeginReading(_connection);
        var snapshotNr = 0L;
        if (_hasSnapshots)
        {
            using var snapshot = _connection.Statement(
                "SELECT sequence_number, manifest, snapshot FROM snapshot WHERE persistence_id = @id ORDER BY sequence_number DESC LIMIT 1",
                ("@id", persistenceId));
            using var row = snapshot.ExecuteReader();
            if (row.Read())
            {
                snapshotNr = row.GetInt64(0);
                stored.Add((row.GetString(1), row.GetFieldValue<byte[]>(2)));
            }
        }
        if (_hasEvents)
            stored.AddRange(EventsBetween(persistenceId, snapshotNr, upTo));
        return ProfileState.Recover(stored);
    }

    public void Dispose() => _connection.Dispose();

    private List<(string Manifest, byte[] Octets)> EventsBetween(string persistenceId, long after, long upTo)
    {
        using var events = _connection.Statement(
            """
            SELECT manifest, message FROM journal
            WHERE persistence_id = @id AND sequence_number > @after AND sequence_number <= @to AND NOT deleted ORDER BY sequence_number
            """,
            ("@id", persistenceId), ("@after", after), ("@to", upTo));
        using var row = events.ExecuteReader();
        var found = new List<(string, byte[])>();
        while (row.Read())
            found.Add((row.GetString(0), row.GetFieldValue<byte[]>(1)));
        return found;
    }

    private IEnumerable<string> Tables
    {
        get
        {
            if (_hasEvents)
                yield return "journal";
            if (_hasSnapshots)
                yield return "snapshot";
        }
    }
}
