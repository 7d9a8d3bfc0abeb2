using Iec102.Acquisition.Tasks;
using Iec102.Storage.Schema;
using Iec102.Storage.Sql;

namespace Iec102.Storage.Writing;

/// <summary>
/// Stores daily closings. A closing from the meter's record of closings is never replaced by a derived one. Otherwise the one that was read
/// later replaces the one before it, by the rule for load profiles.
/// </summary>
internal sealed class ClosingTable(StatementCache statements)
{
    private static readonly string Insert =
        $"""
        INSERT INTO closing (meter, at_utc, label, derived, serial_number, read_at, {LoadProfileColumns.TotalNames})
        VALUES (@meter, @at, @label, @derived, @serial, @read, {string.Join(", ", LoadProfileColumns.TotalParameters)})
        ON CONFLICT (meter, at_utc) DO UPDATE SET label = excluded.label, derived = excluded.derived, serial_number = excluded.serial_number,
            read_at = excluded.read_at, {LoadProfileColumns.TotalAssignments}
        """;

    public void Store(ClosingsRead read, long meter)
    {
        foreach (var closing in StoredInterval.Of(read))
        {
            var next = closing;
            if (Known(meter, closing) is { } known)
            {
                if (closing.IsDerived && !known.IsDerived)
                    continue;
                if (closing.IsDerived == known.IsDerived)
                {
                    if (RevisionRule.Next(known, closing.Row, closing.PeriodMinutes) is not { } row)
                        continue;
                    next = closing with { Row = row };
                }
            }
            Store(next, meter);
        }
    }

    private StoredInterval? Known(long meter, StoredInterval closing)
    {
        using var row = statements.Prepared(
            $"SELECT {LoadProfileColumns.NamesOfClosing} FROM closing WHERE meter = @meter AND at_utc = @at",
            ("@meter", meter), ("@at", closing.End.ToUnixTimeSeconds())).ExecuteReader();
        return row.Read() ? LoadProfileColumns.Read(row) : null;
    }

    private void Store(StoredInterval closing, long meter)
    {
        var parameters = new List<(string, object?)>
        {
            ("@meter", meter), ("@at", closing.End.ToUnixTimeSeconds()), ("@label", LabelOctets.Of(closing.Row.Time)),
            ("@derived", closing.IsDerived ? 1L : 0L),
            ("@serial", (long)closing.SerialNumber), ("@read", closing.ReceivedAt.ToUnixTimeSeconds()),
        };
        parameters.AddRange(
            LoadProfileColumns.TotalParameters.Zip(LoadProfileColumns.TotalsOf(closing.Row), (name, value) => (name, value)));
        statements.Execute(Insert, [.. parameters]);
    }
}
