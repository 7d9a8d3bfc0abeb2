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

    private ServerStore(ReadingsDatabase database, IDisposable held, ServerPlace? place, string? away)
    {
        (Database, _lock, Place, Away) = (database, held, place, away);
    }

    /// <summary>The database.</summary>
    public ReadingsDatabase Database { get; }

    /// <summary>The server's place at a PostgreSQL database; null for the files of its data directory, which are locked.</summary>
    public ServerPlace? Place { get; }

    /// <summary>Why the database did not answer when it was opened; null when it did.</summary>
    public string? Away { get; }

    /// <summary>
    /// Takes the data directory, and the place at a PostgreSQL database, and brings the tables to the current version. A PostgreSQL
    /// database that is away is not waited for.
    /// </summary>
    /// <exception cref="StorageException">Another server uses the directory or the database, or the database cannot be used.</exception>
    public static ServerStore Open(DataDirectory data, FleetConfiguration fleet)
    {
        if (fleet.Store is not { } store)
            return new ServerStore(new SqliteDatabase(data), data.Lock(), place: null, away: null);
        var held = data.Hold();
        var database = new PostgresDatabase(store.Postgres);
        var place = new ServerPlace(database, fleet.Node is not null, TimeProvider.System);
        try
        {
            return new ServerStore(database, held, place, Begin(database, place));
        }
        catch
        {
            place.Dispose();
            database.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Place?.Dispose();
        (Database as IDisposable)?.Dispose();
        _lock.Dispose();
    }

    /// <summary>Returns why the database is away, in one sentence; null when it is not.</summary>
    private static string? Begin(PostgresDatabase database, ServerPlace place)
    {
        try
        {
            place.Keep();
            database.Migrate();
            return null;
        }
        catch (StorageException e) when (database.IsAway(e))
        {
            return e.Message;
        }
    }
}
