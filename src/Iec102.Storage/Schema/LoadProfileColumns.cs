using Iec102.Protocol;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Iec102.Storage;

/// <summary>The columns of load_profile behind meter and curve, and how an interval stands in them.</summary>
internal static class LoadProfileColumns
{
    /// <summary>The eight totals in the order of their object addresses, 1 to 8; each has a quality octet in the column with _q behind it.</summary>
    public static readonly string[] Totals = ["a_plus", "a_minus", "r1", "r2", "r3", "r4", "res1", "res2"];

    private const string Facts = "end_utc, revision, label, serial_number, record, type, period_minutes, received_at";
    private const int FactCount = 8;

    /// <summary>All of them, for SELECT and INSERT.</summary>
    public static readonly string Names = $"{Facts}, {string.Join(", ", Totals.Select(total => $"{total}, {total}_q"))}";

    /// <summary>How many they are.</summary>
    public static int Count => FactCount + 2 * Totals.Length;

    /// <summary>The interval in a row that begins with these columns.</summary>
    public static StoredInterval Read(SqliteDataReader row)
    {
        var label = new byte[TimeTagA.Length];
        row.GetBytes(2, 0, label, 0, label.Length);
        var totals = new TotalsRow { Time = TimeTagA.Read(label) };
        for (var address = 1; address <= Totals.Length; address++)
        {
            var column = FactCount + 2 * (address - 1);
            if (!row.IsDBNull(column))
                totals.Set(address, (uint)row.GetInt64(column), (Quality)row.GetInt64(column + 1));
        }
        return new StoredInterval(
            Instant.FromUnixTimeSeconds(row.GetInt64(0)), totals, row.GetInt32(6), row.GetInt32(1), (uint)row.GetInt64(3), row.GetByte(4),
            (TypeIdentification)row.GetByte(5), Instant.FromUnixTimeSeconds(row.GetInt64(7)));
    }

    /// <summary>Sets the parameters of a statement, one per column in the same order, beginning at <paramref name="first"/>.</summary>
    public static void Bind(SqliteParameterCollection parameters, int first, StoredInterval interval)
    {
        var label = new byte[TimeTagA.Length];
        interval.Row.Time.Write(label);
        ReadOnlySpan<object> facts =
        [
            interval.End.ToUnixTimeSeconds(), (long)interval.Revision, label, (long)interval.SerialNumber, (long)interval.Record, (long)interval.Type,
            (long)interval.PeriodMinutes, interval.ReceivedAt.ToUnixTimeSeconds(),
        ];
        for (var i = 0; i < facts.Length; i++)
            parameters[first + i].Value = facts[i];
        for (var address = 1; address <= Totals.Length; address++)
        {
            var parameter = first + FactCount + 2 * (address - 1);
            var present = interval.Row.Has(address);
            parameters[parameter].Value = present ? (long)interval.Row.GetValue(address) : DBNull.Value;
            parameters[parameter + 1].Value = present ? (long)interval.Row.GetQuality(address) : DBNull.Value;
        }
    }
}
