using System.Data.Common;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Storage.Schema;

/// <summary>
/// The columns of table load_profile after meter and curve, and how an interval is stored in them. The columns of table closing are read in
/// the same way.
/// </summary>
internal static class LoadProfileColumns
{
    /// <summary>
    /// The eight totals in the order of their object addresses, 1 to 8; the quality octet of each is in the column of the same name with _q
    /// appended.
    /// </summary>
    public static readonly string[] Totals = ["a_plus", "a_minus", "r1", "r2", "r3", "r4", "res1", "res2"];

    private const string Facts = "end_utc, revision, label, serial_number, record, type, period_minutes, received_at";
    private const int FactCount = 8;

    /// <summary>The totals with their quality octets.</summary>
    public static readonly string TotalNames = string.Join(", ", Totals.Select(total => $"{total}, {total}_q"));

    /// <summary>Sets each total and quality octet to that of the row that is to be inserted.</summary>
    public static readonly string TotalAssignments = string.Join(
        ", ", Totals.Select(total => $"{total} = excluded.{total}, {total}_q = excluded.{total}_q"));

    /// <summary>A statement parameter for each column of <see cref="TotalNames"/>, in the same order.</summary>
    public static readonly IReadOnlyList<string> TotalParameters = [.. Totals.SelectMany(total => (string[])[$"@{total}", $"@{total}_q"])];

    /// <summary>The names of all columns, for SELECT.</summary>
    public static readonly string Names = $"{Facts}, {TotalNames}";

    /// <summary>The names of all columns, meter and curve included, for INSERT.</summary>
    public static readonly IReadOnlyList<string> All = ["meter", "curve", .. Names.Split(", ")];

    /// <summary>The expressions that are selected from table closing in place of the columns of load_profile.</summary>
    public static readonly string NamesOfClosing =
        $"""
        at_utc, 0, label, serial_number,
        CASE derived WHEN 0 THEN {RecordAddress.DailyTotals1} ELSE {RecordAddress.LoadCurve1} END,
        {(byte)TypeIdentification.ReadIntegratedTotals}, {StoredInterval.MinutesOfDay}, read_at, {TotalNames}
        """;

    /// <summary>Reads the interval from a row that begins with these columns.</summary>
    public static StoredInterval Read(DbDataReader row)
    {
        // GetBytes would look up the row a second time.
        var totals = new TotalsRow { Time = TimeTagA.Read(row.GetFieldValue<byte[]>(2)) };
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

    /// <summary>The values of an interval, in the order of <see cref="All"/>.</summary>
    public static object?[] Of(long meter, long curve, StoredInterval interval) =>
    [
        meter, curve, interval.End.ToUnixTimeSeconds(), (long)interval.Revision, LabelOctets.Of(interval.Row.Time),
        (long)interval.SerialNumber, (long)interval.Record, (long)interval.Type, (long)interval.PeriodMinutes,
        interval.ReceivedAt.ToUnixTimeSeconds(), .. TotalsOf(interval.Row),
    ];

    /// <summary>The values of the totals with their quality octets; null for those that were not delivered.</summary>
    public static IEnumerable<object?> TotalsOf(TotalsRow row)
    {
        for (var address = 1; address <= Totals.Length; address++)
        {
            var present = row.Has(address);
            yield return present ? (long)row.GetValue(address) : null;
            yield return present ? (long)row.GetQuality(address) : null;
        }
    }
}
