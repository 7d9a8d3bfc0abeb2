using System.Data.Common;

namespace Iec102.Storage.Sql;

/// <summary>Short ways to run SQL on a connection.</summary>
internal static class Statements
{
    public static void Execute(this DbConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Statement(sql, parameters);
        command.ExecuteNonQuery();
    }

    /// <summary>Makes a statement with its parameters.</summary>
    public static DbCommand Statement(
        this DbConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }
        return command;
    }

    /// <summary>
    /// Executes a statement and returns the first column of its first row; null when there is no row or the column is null.
    /// </summary>
    public static object? Scalar(this DbConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Statement(sql, parameters);
        return command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }

    /// <summary>Executes a statement and reads all its rows.</summary>
    public static List<T> Query<T>(
        this DbConnection connection, string sql, Func<DbDataReader, T> read,
        params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Statement(sql, parameters);
        return command.ReadAll(read);
    }

    /// <summary>Executes a statement that has its parameters and reads all its rows.</summary>
    public static List<T> ReadAll<T>(this DbCommand command, Func<DbDataReader, T> read)
    {
        using var rows = command.ExecuteReader();
        return rows.ReadAll(read);
    }

    /// <summary>Reads all rows of a result.</summary>
    public static List<T> ReadAll<T>(this DbDataReader rows, Func<DbDataReader, T> read)
    {
        var result = new List<T>();
        while (rows.Read())
            result.Add(read(rows));
        return result;
    }
}
