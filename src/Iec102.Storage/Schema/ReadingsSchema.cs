using System.Globalization;
using Iec102.Storage.Files;
using Iec102.Storage.Sql;
using Microsoft.Data.Sqlite;

namespace Iec102.Storage.Schema;

/// <summary>
/// The version of readings.db (PRAGMA user_version) and the steps from each version to the next. A released step is never changed; every
/// change is a new step.
/// </summary>
internal static class ReadingsSchema
{
    private static readonly string[] Steps =
    [
        Version1.Statements, Version2.Statements, Version3.Statements, Version4.Statements, Version5.Statements, Version6.Statements,
    ];

    /// <summary>The version that this program reads and writes.</summary>
    public static int Version => Steps.Length;

    /// <summary>Brings a database to the current version, each step in one transaction; returns the version that it had before.</summary>
    /// <exception cref="StorageException">A newer program has written the database.</exception>
    public static int Migrate(SqliteConnection connection, string file)
    {
        var found = VersionOf(connection);
        RefuseNewer(found, file);
        for (var version = found; version < Version; version++)
        {
            connection.Execute("BEGIN IMMEDIATE");
            // Another program may have carried out the step while this one waited for the lock.
            if (VersionOf(connection) == version)
                connection.Execute($"{Steps[version]}\nPRAGMA user_version = {(version + 1).ToString(CultureInfo.InvariantCulture)};");
            connection.Execute("COMMIT");
        }
        return found;
    }

    /// <summary>Checks that a database has the version that this program reads.</summary>
    /// <exception cref="StorageException">The database has another version.</exception>
    public static void EnsurePresent(SqliteConnection connection, string file)
    {
        var found = VersionOf(connection);
        RefuseNewer(found, file);
        if (found < Version)
            throw new StorageException(
                $"{file} has version {found}, and this program reads version {Version}: start the server once to bring it up to date.");
    }

    private static void RefuseNewer(int found, string file)
    {
        if (found > Version)
            throw new StorageException(
                $"{file} has version {found}, and this program supports at most version {Version}: use the newer program that wrote it.");
    }

    private static int VersionOf(SqliteConnection connection) => (int)(long)connection.Scalar("PRAGMA user_version")!;
}
