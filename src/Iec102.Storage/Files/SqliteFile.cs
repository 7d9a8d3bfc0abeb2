using Microsoft.Data.Sqlite;

namespace Iec102.Storage.Files;

/// <summary>Connections to a database file. Never pooled, so that closing one lets go of the file.</summary>
internal static class SqliteFile
{
    /// <summary>How long a statement waits for a lock of another connection before it fails.</summary>
    public const int DefaultBusySeconds = 5;

    // WAL: readers and the one writer do not wait for each other. FULL: a commit outlives a power cut. The limit gives the space back that
    // a long-running reader made the log take.
    public const string DurableSettings = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA journal_size_limit = 67108864;
        """;

    // The cache holds the places where a thousand meters are written at once.
    private const string WriterSettings = DurableSettings + "PRAGMA cache_size = -16000;";

    public static SqliteConnection OpenForWriting(string file, int busySeconds = DefaultBusySeconds) =>
        Open(file, SqliteOpenMode.ReadWriteCreate, busySeconds, WriterSettings);

    /// <summary>Opens a file that exists; it cannot be changed through this connection.</summary>
    public static SqliteConnection OpenForReading(string file) =>
        Open(file, SqliteOpenMode.ReadOnly, DefaultBusySeconds, "PRAGMA query_only = ON;");

    public static void Execute(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>A statement with its parameters.</summary>
    public static SqliteCommand Statement(
        this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    /// <summary>The first column of the first row; null when there is none or it is null.</summary>
    public static object? Scalar(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Statement(sql, parameters);
        return command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }

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
