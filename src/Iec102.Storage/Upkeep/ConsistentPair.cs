using Iec102.Storage.Files;
using Microsoft.Data.Sqlite;

namespace Iec102.Storage.Upkeep;

/// <summary>
/// Both databases held at moments that fit together, while others write them: a reading transaction is begun in the journal, then one in
/// the tables.
/// <para>The tables must not be older than the journal: a snapshot of the journal stands for events that were deleted because the tables
/// had them. Nor may they be newer: the writer's progress would pass over the events that the journal writes after a restore under numbers
/// it has had already. The order of the two transactions sees to the former; the latter is checked, and both are begun anew if need be: an
/// event would have to be journaled, handed over and committed between the two beginnings.</para>
/// </summary>
internal sealed class ConsistentPair : IDisposable
{
    private const int Attempts = 100;

    private readonly JournalFile _journal;
    private readonly StoredProfiles _stored;
    private readonly List<SqliteTransaction> _transactions = [];

    private ConsistentPair(DataDirectory directory)
    {
        _journal = new JournalFile(directory.JournalFile);
        try
        {
            _stored = new StoredProfiles(directory.ReadingsFile);
        }
        catch
        {
            _journal.Dispose();
            throw;
        }
    }

    public SqliteConnection Journal => _journal.Connection;

    public SqliteConnection Readings => _stored.Connection;

    /// <summary>Opens both; they stay as they are until the pair is disposed.</summary>
    /// <exception cref="StorageException">The tables are ahead of the journal and stay so.</exception>
    public static ConsistentPair Open(DataDirectory directory)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var pair = new ConsistentPair(directory);
            pair.Hold();
            if (pair.Fits())
                return pair;
            pair.Dispose();
        }
        throw new StorageException(
            $"readings.db in {directory.Path} is ahead of journal.db: the two are not of the same moment; run verify.");
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
