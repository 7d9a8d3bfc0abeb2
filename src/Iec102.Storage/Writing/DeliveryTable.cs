using System.Data.Common;
using Iec102.Storage.Databases;
using Iec102.Storage.Sql;
using NodaTime;

namespace Iec102.Storage.Writing;

/// <summary>The table <c>delivery</c>. Each call has a connection of its own: there are a few calls an hour.</summary>
/// <param name="database">The database.</param>
public sealed class DeliveryTable(ReadingsDatabase database) : IDeliveryTable
{
    private const string Columns = "name, period, version, at_ms, file, part, sha256, intervals, stored, complete, meters";
    private const string Key = "name = @name AND period = @period AND version = @version";

    private static readonly Duration Kept = Duration.FromDays(400);

    private static readonly string Insert =
        $"INSERT INTO delivery ({Columns}) VALUES ({string.Join(", ", Columns.Split(", ").Select(name => $"@{name}"))}) "
        + "ON CONFLICT DO NOTHING RETURNING 1";

    private static readonly string Update =
        $"UPDATE delivery SET {string.Join(", ", Columns.Split(", ").Skip(3).Select(name => $"{name} = @{name}"))} WHERE {Key}";

    /// <inheritdoc/>
    public IReadOnlyList<DeliveredFile> Read() => database.Explain(() => database.Read(
        connection => connection.Query($"SELECT {Columns} FROM delivery ORDER BY name, period, version", ReadRow)));

    /// <inheritdoc/>
    public bool Add(DeliveredFile file) => database.InTransaction(session =>
    {
        session.Execute("DELETE FROM delivery WHERE at_ms < @oldest", ("@oldest", (file.At - Kept).ToUnixTimeMilliseconds()));
        return session.Query(Insert, [ParametersOf(file)], _ => true).Single().Count > 0;
    });

    /// <inheritdoc/>
    public void Replace(DeliveredFile file) => database.InTransaction(session =>
    {
        session.Execute(Update, ParametersOf(file));
        return true;
    });

    /// <inheritdoc/>
    public void Remove(DeliveredFile file) => database.InTransaction(session =>
    {
        session.Execute($"DELETE FROM delivery WHERE {Key}", ParametersOf(file).AsSpan(0, 3));
        return true;
    });

    /// <inheritdoc/>
    public string? Describe(Exception problem) => database.IsAway(problem) ? null : database.Describe(problem);

    private static (string, object?)[] ParametersOf(DeliveredFile file) =>
    [
        ("@name", file.Name), ("@period", file.Period), ("@version", (long)file.Version), ("@at_ms", file.At.ToUnixTimeMilliseconds()),
        ("@file", file.File), ("@part", file.Part), ("@sha256", file.Sha256), ("@intervals", file.Intervals), ("@stored", file.Stored),
        ("@complete", (long?)file.Complete), ("@meters", (long?)file.Meters),
    ];

    private static DeliveredFile ReadRow(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt32(2), Instant.FromUnixTimeMilliseconds(row.GetInt64(3)), row.GetString(4),
        row.IsDBNull(5) ? null : row.GetString(5), row.GetString(6), row.GetInt64(7), row.GetInt64(8),
        row.IsDBNull(9) ? null : row.GetInt32(9), row.IsDBNull(10) ? null : row.GetInt32(10));
}
