using Iec102.Fleet;
using Iec102.Storage;
using Iec102.Storage.Databases;
using Iec102.Storage.Files;

namespace Iec102.Server.Hosting;

/// <summary>
/// Where a server keeps what it records: in the files of its data directory, or in a PostgreSQL database. The data directory is its own in
/// either case.
/// </summary>
internal sealed class ServerStore : IDisposable
{
    private readonly IDisposable _lock;

    private ServerStore(ReadingsDatabase database, IDisposable held, string? away)
    {
        (Database, _lock, Away) = (database, held, away);
    }

    /// <summary>The database.</summary>
    public ReadingsDatabase Database { get; }

    /// <summary>Why the database did not answer when it was opened; null when it did.</summary>
    public string? Away { get; }

    /// <summary>
    /// Takes the data directory and brings the tables to the current version. A PostgreSQL database that is away is not waited for.
    /// </summary>
    /// <exception cref="StorageException">Another server uses the directory, or the database cannot be used.</exception>
    public static ServerStore Open(DataDirectory data, StoreConfiguration? store)
    {
        if (store is null)
            return new ServerStore(new SqliteDatabase(data), data.Lock(), away: null);
        var held = data.Hold();
        var database = new PostgresDatabase(store.Postgres);
        try
        {
            return new ServerStore(database, held, database.MigrateUnlessAway());
        }
        catch
        {
            database.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        (Database as IDisposable)?.Dispose();
        _lock.Dispose();
    }
}
