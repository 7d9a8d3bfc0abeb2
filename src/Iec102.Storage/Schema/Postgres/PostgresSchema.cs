using System.Data.Common;
using Iec102.Storage.Files;
using Iec102.Storage.Sql;

namespace Iec102.Storage.Schema.Postgres;

/// <summary>
/// The version of a PostgreSQL database (table schema_version) and the steps from each version to the next. A released step is never
/// changed; every change is a new step. A step may only add, for servers of the version before it still work while it is carried out.
/// </summary>
internal static class PostgresSchema
{
    private const string Table = "CREATE TABLE IF NOT EXISTS schema_version (version bigint PRIMARY KEY, since timestamptz DEFAULT now())";

    private const string Locked = "SELECT pg_advisory_xact_lock(hashtextextended('iec102 schema', 102))";

    private static readonly string[] Steps = [ReadingsTables.Statements, NodeTables.Statements];

    /// <summary>The version that this program reads and writes.</summary>
    public static int Version => Steps.Length;

    /// <summary>Brings a database to the current version in one transaction; returns the version that it had before.</summary>
    /// <exception cref="StorageException">A newer program has written the database.</exception>
    public static int Migrate(DbConnection connection, string name)
    {
        var found = VersionOf(connection);
        if (found < Version)
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(Locked);
            connection.Execute(Table);
            // Another server may have carried out steps while this one waited for the lock.
            found = VersionOf(connection);
            for (var version = found; version < Version; version++)
            {
                connection.Execute(Steps[version]);
                connection.Execute("INSERT INTO schema_version (version) VALUES (@version)", ("@version", version + 1L));
            }
            transaction.Commit();
        }
        RefuseNewer(found, name);
        return found;
    }

    /// <summary>Checks that a database has the version that this program reads.</summary>
    /// <exception cref="StorageException">The database has another version.</exception>
    public static void EnsurePresent(DbConnection connection, string name)
    {
        var found = VersionOf(connection);
        RefuseNewer(found, name);
        if (found < Version)
            throw new StorageException(
                $"The {name} has version {found}, and this program reads version {Version}: start the server once to bring it up to date.");
    }

    private static void RefuseNewer(int found, string name)
    {
        if (found > Version)
            throw new StorageException(
                $"The {name} has version {found}, and this program supports at most version {Version}: use the newer program that wrote it.");
    }

    private static int VersionOf(DbConnection connection) =>
        connection.Scalar("SELECT to_regclass('schema_version')::text") is null
            ? 0
            : (int)(connection.Scalar("SELECT max(version) FROM schema_version") as long? ?? 0);
}
