using System.Data.Common;

namespace Iec102.Storage.Sql;

/// <summary>The statements of a connection, each prepared once and found by its text.</summary>
internal sealed class StatementCache(DbConnection connection) : IDisposable
{
    private readonly Dictionary<string, DbCommand> _statements = [];

    /// <summary>
    /// The prepared statement for a text, with its parameters set. Every call with the same text must name the same parameters.
    /// </summary>
    public DbCommand Prepared(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            _statements[sql] = statement = connection.Statement(sql, parameters);
            return statement;
        }
        foreach (var (name, value) in parameters)
            statement.Parameters[name].Value = value ?? DBNull.Value;
        return statement;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
    }
}
