using System.Data.Common;
using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Storage.Schema;

/// <summary>The columns of table tariff that hold what the meter sent, and how a tariff period is stored in them.</summary>
internal static class TariffColumns
{
    private static readonly string[] Key = ["object", "start_label", "end_label"];

    private static readonly string[] Said =
    [
        "start_utc", "end_utc", "active", "active_increment", "active_q", "inductive", "inductive_increment", "inductive_q",
        "capacitive", "capacitive_increment", "capacitive_q", "reserve7", "reserve7_q", "reserve8", "reserve8_q",
        "maximum", "maximum_label", "maximum_utc", "maximum_q", "excess", "excess_q",
    ];

    /// <summary>The names of all columns, for SELECT and INSERT.</summary>
    public static readonly string Names = string.Join(", ", [.. Key, .. Said]);

    /// <summary>A statement parameter for each column, in the same order.</summary>
    public static readonly IReadOnlyList<string> Parameters = [.. Key.Concat(Said).Select(name => $"@{name}")];

    /// <summary>The number of columns.</summary>
    public static int Count => Parameters.Count;

    /// <summary>The columns that are not part of the key.</summary>
    public static readonly string Values = string.Join(", ", Said.Select(name => $"tariff.{name}"));

    /// <summary>The columns that are not part of the key, as those of the row that is to be inserted.</summary>
    public static readonly string ExcludedValues = string.Join(", ", Said.Select(name => $"excluded.{name}"));

    /// <summary>Sets each column that is not part of the key to its value in the row that is to be inserted.</summary>
    public static readonly string Assignments = string.Join(", ", Said.Select(name => $"{name} = excluded.{name}"));

    /// <summary>The values of a period, in the order of the columns.</summary>
    public static object?[] Of(TariffPeriodRead period)
    {
        var said = period.Information;
        return
        [
            (long)said.ObjectAddress, LabelOctets.Of(said.From), LabelOctets.Of(said.To), period.Start?.ToUnixTimeSeconds(),
            period.End?.ToUnixTimeSeconds(),
            .. Of(said.Active), .. Of(said.Inductive), .. Of(said.Capacitive),
            (long)said.Reserve7.Value, (long)said.Reserve7.Quality, (long)said.Reserve8.Value, (long)said.Reserve8.Quality,
            (long)said.MaximumDemand.Kilowatts, LabelOctets.Of(said.MaximumDemand.Time), period.MaximumAt?.ToUnixTimeSeconds(),
            (long)said.MaximumDemand.Quality,
            (long)said.Excess.Value, (long)said.Excess.Quality,
        ];
    }

    /// <summary>Reads the period from a row that begins with these columns.</summary>
    public static TariffPeriodRead Read(DbDataReader row)
    {
        var information = new TariffInformation(
            row.GetByte(0), Energy(row, 5), Energy(row, 8), Energy(row, 11), Value(row, 14), Value(row, 16),
            new TariffMaximum((uint)row.GetInt64(18), Label(row, 19), (Quality)row.GetByte(21)), Value(row, 22), Label(row, 1),
            Label(row, 2));
        return new TariffPeriodRead(information, Time(row, 3), Time(row, 4), Time(row, 20));
    }

    private static object?[] Of(TariffEnergy energy) => [(long)energy.Absolute, (long)energy.Increment, (long)energy.Quality];

    private static TariffEnergy Energy(DbDataReader row, int column) =>
        new((uint)row.GetInt64(column), (uint)row.GetInt64(column + 1), (Quality)row.GetByte(column + 2));

    private static TariffValue Value(DbDataReader row, int column) => new((uint)row.GetInt64(column), (Quality)row.GetByte(column + 1));

    private static TimeTagA Label(DbDataReader row, int column) => TimeTagA.Read(row.GetFieldValue<byte[]>(column));

    private static Instant? Time(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : Instant.FromUnixTimeSeconds(row.GetInt64(column));
}
