using System.Data.Common;
using Iec102.Storage.Files;
using Iec102.Storage.Schema;
using Iec102.Storage.Sql;
using Microsoft.Data.Sqlite;

namespace Iec102.Storage.Databases;

/// <summary>The SQLite files of a data directory: readings.db, and journal.db beside it.</summary>
/// <param name="directory">The data directory.</param>
public sealed class SqliteDatabase(DataDirectory directory) : ReadingsDatabase
{
    /// <summary>The data directory.</summary>
    public DataDirectory Directory => directory;

    /// <inheritdoc/>
    public override string Name => directory.ReadingsFile;

    /// <summary>How long a statement that writes waits for a lock of another connection before it fails.</summary>
    internal int BusySeconds { get; init; } = SqliteFile.DefaultBusySeconds;

    internal Func<long> FreeBytes { get; init; } = () => directory.FreeBytes;

    internal override DiskSpace? Space => new DiskSpace(directory.Path, FreeBytes());

    /// <inheritdoc/>
    public override DbConnection OpenForReading() => WithTables(SqliteFile.OpenForReading(Name));

    /// <inheritdoc/>
    public override string Describe(Exception problem) => StorageProblem.Describe(problem, Name);

    /// <inheritdoc/>
    public override StoreSize Size() => Explain(() => new StoreSize(
        "sqlite",
        // With the write-ahead logs beside the two files.
        new DirectoryInfo(directory.Path).EnumerateFiles("*.db*").Sum(file => file.Length),
        FreeBytes()));

    internal override WritingSession OpenForWriting() => new SqliteSession(WithTables(SqliteFile.OpenForWriting(Name, BusySeconds)));

    internal override WritingSession OpenAlone()
    {
        var held = directory.Lock();
        try
        {
            return new SqliteSession(WithTables(SqliteFile.OpenForWriting(Name, BusySeconds)), held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    internal override DbConnection OpenJournal() => SqliteFile.OpenForReading(directory.JournalFile);

    internal override DbTransaction BeginReading(DbConnection connection) =>
        ((SqliteConnection)connection).BeginTransaction(deferred: true);

    internal override bool HasTable(DbConnection journal, string name) =>
        journal.Scalar("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = @name", ("@name", name)) is not null;

    internal override IEnumerable<(string File, string Sentence)> Damage() =>
        new[] { directory.JournalFile, directory.ReadingsFile }.SelectMany(file => Damage(file).Select(sentence => (file, sentence)));

    private SqliteConnection WithTables(SqliteConnection connection)
    {
        try
        {
            ReadingsSchema.EnsurePresent(connection, Name);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static List<string> Damage(string file)
    {
        try
        {
            using var connection = SqliteFile.OpenForReading(file);
            return
            [
                .. connection.Query("PRAGMA integrity_check(10)", row => row.GetString(0)).Where(found => found != "ok")
                    .Select(found => $"{file} is damaged: {found}"),
            ];
        }
        catch (SqliteException e)
        {
            return [StorageProblem.Describe(e, file)];
        }
    }
}
