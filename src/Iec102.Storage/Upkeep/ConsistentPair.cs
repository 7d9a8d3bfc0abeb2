using Iec102.Storage.Databases;
using Iec102.Storage.Files;
using Iec102.Storage.Sql;
using Microsoft.Data.Sqlite;

namespace Iec102.Storage.Upkeep;

/// <summary>
/// Holds both databases at moments that fit together while they are being written: a read transaction begins first in journal.db ("the
/// journal"), then in readings.db ("the tables").
/// <para>The tables must not be older than the journal: a snapshot of the journal replaces events that were deleted because the tables had
/// them. Nor may the tables be newer: after a restore the journal would give numbers to new events that the writer's progress has already
/// passed, and the writer would skip those events. The order of the two transactions ensures the first. The second is checked, and both
/// transactions begin again if need be; this is rare, because an event would have to be journaled, handed over and committed between the
/// two beginnings.</para>
/// </summary>
internal sealed class ConsistentPair : IDisposable
{
    private const int Attempts = 100;

    private readonly StoredJournal _journal;
    private readonly StoredProfiles _stored;
    private readonly List<SqliteTransaction> _transactions = [];

    private ConsistentPair(SqliteDatabase database)
    {
        _journal = new StoredJournal(database);
        try
        {
            _stored = new StoredProfiles(database);
        }
        catch
        {
            _journal.Dispose();
            throw;
        }
    }

    public SqliteConnection Journal => (SqliteConnection)_journal.Connection;

    public SqliteConnection Readings => (SqliteConnection)_stored.Connection;

    /// <summary>Opens both databases; what is read from them does not change until the pair is disposed.</summary>
    /// <exception cref="StorageException">The tables are ahead of the journal, and still are when this is tried again.</exception>
    public static ConsistentPair Open(DataDirectory directory)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var pair = new ConsistentPair(new SqliteDatabase(directory));
            pair.Hold();
            if (pair.Fits())
                return pair;
            pair.Dispose();
        }
        throw new StorageException(
            $"readings.db in {directory.Path} is ahead of journal.db: the two files are not from the same moment; start "
            + "the server, which mends this, and make the backup then.");
    }

    public void Dispose()
    {
        foreach (var transaction in _transactions)
            transaction.Dispose();
        _stored.Dispose();
        _journal.Dispose();
    }

    private void Hold()
    {
        foreach (var connection in new[] { Journal, Readings })
        {
            _transactions.Add(connection.BeginTransaction(deferred: true));
            // The transaction begins with the first statement that reads.
            connection.Scalar("SELECT count(*) FROM sqlite_master");
        }
    }

    private bool Fits() => _stored.Progress().All(profile => profile.SequenceNr <= _journal.Highest(profile.PersistenceId));
}
