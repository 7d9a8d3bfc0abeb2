using Iec102.Storage.Sql;
using Microsoft.Data.Sqlite;

namespace Iec102.Storage.Files;

/// <summary>Opens connections to a database file. They are never pooled, so closing one really closes the file.</summary>
internal static class SqliteFile
{
    /// <summary>How long a statement waits for a lock of another connection before it fails.</summary>
    public const int DefaultBusySeconds = 5;

    // WAL: readers and the one writer do not wait for each other. FULL: a commit survives a power cut. The limit returns the disk space
    // that the log took while a long-running reader kept it from being emptied.
    public const string DurableSettings = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA journal_size_limit = 67108864;
        """;

    // The cache is large enough for the pages that a thousand meters write at once.
    private const string WriterSettings = DurableSettings + "PRAGMA cache_size = -16000;";

    public static SqliteConnection OpenForWriting(string file, int busySeconds = DefaultBusySeconds) =>
        Open(file, SqliteOpenMode.ReadWriteCreate, busySeconds, WriterSettings);

    /// <summary>Opens an existing file; nothing can be changed through this connection.</summary>
    public static SqliteConnection OpenForReading(string file) =>
        Open(file, SqliteOpenMode.ReadOnly, DefaultBusySeconds, "PRAGMA query_only = ON;");

    private static SqliteConnection Open(string file, SqliteOpenMode mode, int busySeconds, string settings)
    {
        var options = new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false, DefaultTimeout = busySeconds };
        var connection = new SqliteConnection(options.ConnectionString);
        try
        {
            connection.Open();
            connection.Execute(settings);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
