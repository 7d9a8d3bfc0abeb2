using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Iec102.Storage.Sql;
using Npgsql;
using NpgsqlTypes;

namespace Iec102.Storage.Upkeep;

/// <summary>
/// A table that both kinds of database have, copied from SQLite to PostgreSQL and read back. What was read on either side is summed up in a
/// number that does not depend on the order of the rows.
/// </summary>
internal sealed class TableCopy
{
    private readonly DbConnection _source;
    private readonly NpgsqlConnection _target;
    private readonly List<(string Name, NpgsqlDbType Type)> _columns;

    /// <param name="name">The name of the table.</param>
    /// <param name="source">The database to copy from.</param>
    /// <param name="target">The database to copy into, which says what columns there are.</param>
    public TableCopy(string name, DbConnection source, NpgsqlConnection target)
    {
        Name = name;
        _source = source;
        _target = target;
        _columns = target.Query(
            """
            SELECT column_name::text, data_type::text FROM information_schema.columns
            WHERE table_schema = current_schema() AND table_name = @name ORDER BY ordinal_position
            """,
            row => (row.GetString(0), TypeOf(row.GetString(1))), ("@name", name));
    }

    public string Name { get; }

    private string Columns => string.Join(", ", _columns.Select(column => column.Name));

    private string Select => $"SELECT {Columns} FROM {Name}";

    /// <summary>Whether the table of the target has no row.</summary>
    public bool IsEmpty => _target.Scalar($"SELECT 1 FROM {Name} LIMIT 1") is null;

    /// <summary>How many rows are to be copied.</summary>
    public long Rows => (long)_source.Scalar($"SELECT count(*) FROM {Name}")!;

    /// <summary>Copies all rows, and calls back for each.</summary>
    public TableSum Copy(Action copied)
    {
        using var import = _target.BeginBinaryImport($"COPY {Name} ({Columns}) FROM STDIN (FORMAT BINARY)");
        import.Timeout = Timeout.InfiniteTimeSpan;
        using var rows = _source.Statement(Select).ExecuteReader();
        var sum = new TableSum(0, 0);
        while (rows.Read())
        {
            import.StartRow();
            var values = ValuesOf(rows);
            for (var i = 0; i < values.Length; i++)
            {
                if (values[i] is { } value)
                    import.Write(value, _columns[i].Type);
                else
                    import.WriteNull();
            }
            sum = sum.With(values);
            copied();
        }
        import.Complete();
        return sum;
    }

    /// <summary>Sums up the rows of the target, and calls back for each.</summary>
    public TableSum ReadBack(Action read)
    {
        using var command = _target.Statement(Select);
        command.CommandTimeout = 0;
        using var rows = command.ExecuteReader();
        var sum = new TableSum(0, 0);
        while (rows.Read())
        {
            sum = sum.With(ValuesOf(rows));
            read();
        }
        return sum;
    }

    private object?[] ValuesOf(DbDataReader row)
    {
        var values = new object?[_columns.Count];
        for (var i = 0; i < values.Length; i++)
        {
            if (row.IsDBNull(i))
                continue;
            values[i] = _columns[i].Type switch
            {
                NpgsqlDbType.Bigint => row.GetInt64(i),
                NpgsqlDbType.Integer => row.GetInt32(i),
                NpgsqlDbType.Boolean => row.GetBoolean(i),
                NpgsqlDbType.Double => row.GetDouble(i),
                NpgsqlDbType.Bytea => row.GetFieldValue<byte[]>(i),
                _ => row.GetString(i),
            };
        }
        return values;
    }

    private static NpgsqlDbType TypeOf(string type) => type switch
    {
        "bigint" => NpgsqlDbType.Bigint,
        "integer" => NpgsqlDbType.Integer,
        "boolean" => NpgsqlDbType.Boolean,
        "double precision" => NpgsqlDbType.Double,
        "bytea" => NpgsqlDbType.Bytea,
        _ => NpgsqlDbType.Text,
    };
}

/// <summary>How many rows a table has, and a checksum of them.</summary>
internal readonly record struct TableSum(long Rows, ulong Checksum)
{
    /// <summary>With one row more.</summary>
    public TableSum With(object?[] row)
    {
        using var octets = new MemoryStream();
        using (var writer = new BinaryWriter(octets, Encoding.UTF8))
        {
            foreach (var value in row)
                Write(writer, value);
        }
        return new TableSum(Rows + 1, unchecked(Checksum + BitConverter.ToUInt64(SHA256.HashData(octets.ToArray()))));
    }

    private static void Write(BinaryWriter writer, object? value)
    {
        writer.Write(value is not null);
        switch (value)
        {
            case byte[] octets:
                writer.Write(octets.Length);
                writer.Write(octets);
                break;
            case string text:
                writer.Write(text);
                break;
            case double number:
                writer.Write(number);
                break;
            case { } number:
                writer.Write(Convert.ToInt64(number));
                break;
        }
    }
}
