using System.Data.Common;
using Iec102.Storage.Sql;
using Npgsql;

namespace Iec102.Storage.Databases;

/// <summary>
/// Writes a PostgreSQL database. Statements are collected and sent together, with whatever is read next or with the commit, so that a batch
/// costs the same few round trips however much is in it.
/// </summary>
internal sealed class PostgresSession(NpgsqlConnection connection) : WritingSession
{
    private NpgsqlBatch _waiting = new(connection);

    public override DbConnection Connection => connection;

    public override bool MayBeStale => true;

    public override void Begin() => Execute("BEGIN");

    public override void Commit()
    {
        Execute("COMMIT");
        using var batch = Take();
        batch.ExecuteNonQuery();
    }

    public override void Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        _waiting.BatchCommands.Add(command);
    }

    public override void Insert(string table, IReadOnlyList<string> columns, IEnumerable<object?[]> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0)
            return;
        var parameters = columns.Select((name, i) => ($"@{name}", (object?)Column(all, i))).ToArray();
        var names = string.Join(", ", columns);
        Execute($"INSERT INTO {table} ({names}) SELECT * FROM unnest({string.Join(", ", columns.Select(name => $"@{name}"))})", parameters);
    }

    public override IEnumerable<IReadOnlyList<T>> Query<T>(
        string sql, IEnumerable<(string Name, object? Value)[]> sets, Func<DbDataReader, T> read)
    {
        var asked = 0;
        foreach (var parameters in sets)
        {
            Execute(sql, parameters);
            asked++;
        }
        if (asked == 0)
            return [];
        using var batch = Take();
        using var rows = batch.ExecuteReader();
        // What was waiting returns no rows, so that the first result is that of the first set.
        var results = new List<IReadOnlyList<T>>(asked);
        do
            results.Add(rows.ReadAll(read));
        while (rows.NextResult());
        return results;
    }

    public override void Dispose()
    {
        _waiting.Dispose();
        connection.Dispose();
    }

    private NpgsqlBatch Take()
    {
        var batch = _waiting;
        _waiting = new NpgsqlBatch(connection);
        return batch;
    }

    private static Array Column(List<object?[]> rows, int column) => rows.Exists(row => row[column] is byte[])
        ? rows.Select(row => (byte[]?)row[column]).ToArray()
        : rows.Select(row => (long?)row[column]).ToArray();
}
