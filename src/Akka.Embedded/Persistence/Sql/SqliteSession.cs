using Microsoft.Data.Sqlite;

namespace Akka.Persistence.Sql;

/// <summary>
/// A connection that is opened when it is first used and anew after a failure, with the statements prepared on it. For one thread.
/// </summary>
internal sealed class SqliteSession(string connectionString, string onOpen = "") : IDisposable
{
    // WAL lets reads go on beside the writer; FULL makes a commit outlive a power cut.
    private const string Settings = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";

    private readonly Dictionary<string, SqliteCommand> _statements = [];
    private SqliteConnection? _connection;

    public void Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => Statement(sql, parameters).ExecuteNonQuery();

    public SqliteDataReader Query(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => Statement(sql, parameters).ExecuteReader();

    public object? Scalar(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => Statement(sql, parameters).ExecuteScalar();

    public void Dispose() => Close();

    /// <summary>Rolls back what is not committed; the next statement opens the file again.</summary>
    public void Close()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _statements.Clear();
        _connection?.Dispose();
        _connection = null;
    }

    private SqliteCommand Statement(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var connection = _connection ??= Open();
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = connection.CreateCommand();
            statement.CommandText = sql;
            _statements.Add(sql, statement);
        }
        statement.Parameters.Clear();
        foreach (var (name, value) in parameters)
            statement.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return statement;
    }

    private SqliteConnection Open()
    {
        // Unpooled, so that closing it lets go of the file.
        var options = new SqliteConnectionStringBuilder(connectionString) { Pooling = false };
        var connection = new SqliteConnection(options.ConnectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = Settings + onOpen;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
