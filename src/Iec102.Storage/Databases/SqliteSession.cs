using System.Data.Common;
using Iec102.Storage.Sql;
using Microsoft.Data.Sqlite;

namespace Iec102.Storage.Databases;

/// <summary>Writes a file: every statement is executed at once, and prepared only the first time.</summary>
/// <param name="connection">The connection.</param>
/// <param name="held">What is let go when the session ends.</param>
internal sealed class SqliteSession(SqliteConnection connection, IDisposable? held = null) : WritingSession
{
    private readonly StatementCache _statements = new(connection);

    public override DbConnection Connection => connection;

    public override bool MayBeStale => false;

    public override void Begin() => connection.Execute("BEGIN IMMEDIATE");

    public override void Commit() => connection.Execute("COMMIT");

    public override void Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        _statements.Prepared(sql, parameters).ExecuteNonQuery();

    public override void Insert(string table, IReadOnlyList<string> columns, IEnumerable<object?[]> rows)
    {
        var insert = _statements.Prepared(
            $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(name => $"@{name}"))})",
            [.. columns.Select(name => ($"@{name}", (object?)null))]);
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
                insert.Parameters[i].Value = row[i] ?? DBNull.Value;
            insert.ExecuteNonQuery();
        }
    }

    public override IEnumerable<IReadOnlyList<T>> Query<T>(
        string sql, IEnumerable<(string Name, object? Value)[]> sets, Func<DbDataReader, T> read) =>
        sets.Select(parameters => _statements.Prepared(sql, parameters).ReadAll(read));

    public override void Dispose()
    {
        _statements.Dispose();
        connection.Dispose();
        held?.Dispose();
    }
}
