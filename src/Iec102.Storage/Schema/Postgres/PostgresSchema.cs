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
    private const string Table =
        "CREATE TABLE IF NOT EXISTS schema_version "
        + "(version bigint PRIMARY KEY, oldest bigint NOT NULL, since timestamptz NOT NULL DEFAULT now())";

    // A program of this version can still use the tables as this one leaves them, so servers are brought to a new version one after the
    // other, and back. Raised by a step that removes what that program needs.
    private const long Oldest = 1;

    private const string Locked = "SELECT pg_advisory_xact_lock(hashtextextended('iec102 schema', 102))";

    private static readonly string[] Steps =
    [
        ReadingsTables.Statements, JournalTables.Statements, NodeTables.Statements, Version4.Statements, Version5.Statements,
        Version6.Statements,
    ];

    /// <summary>The version that this program reads and writes.</summary>
    public static int Version => Steps.Length;

    /// <summary>Brings a database to the current version in one transaction; returns the version that it had before.</summary>
    /// <exception cref="StorageException">A newer program has brought the database to a version that this one cannot use.</exception>
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
                connection.Execute(
                    "INSERT INTO schema_version (version, oldest) VALUES (@version, @oldest)",
                    ("@version", version + 1L), ("@oldest", Oldest));
            }
            transaction.Commit();
        }
        RefuseNewer(connection, found, name);
        return found;
    }

    /// <summary>Checks that a database has a version that this program can use.</summary>
    /// <exception cref="StorageException">It has another version.</exception>
    public static void EnsurePresent(DbConnection connection, string name)
    {
        var found = VersionOf(connection);
        RefuseNewer(connection, found, name);
        if (found < Version)
            throw new StorageException(
                $"The {name} has version {found}, and this program reads version {Version}: start the server once to bring it up to date.");
    }

    private static void RefuseNewer(DbConnection connection, int found, string name)
    {
        if (found > Version && connection.Scalar("SELECT max(oldest) FROM schema_version") is long oldest && oldest > Version)
            throw new StorageException(
                $"The {name} has version {found}, which needs a program for version {oldest} or newer, and this one is for version "
                + $"{Version}: use the newer program.");
    }

    private static int VersionOf(DbConnection connection) =>
        connection.Scalar("SELECT to_regclass('schema_version')::text") is null
            ? 0
            : (int)(connection.Scalar("SELECT max(version) FROM schema_version") as long? ?? 0);
}
