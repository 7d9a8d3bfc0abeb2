using Iec102.Acquisition.Tasks;
using Iec102.Storage.Databases;
using Iec102.Storage.Schema;
using NodaTime;

namespace Iec102.Storage.Writing;

/// <summary>
/// Stores daily closings. A closing from the meter's record of closings is never replaced by a derived one. Otherwise the one that was read
/// later replaces the one before it, by the rule for load profiles.
/// </summary>
internal sealed class ClosingTable(WritingSession session)
{
    private static readonly string Known =
        $"SELECT {LoadProfileColumns.NamesOfClosing} FROM closing WHERE meter = @meter AND at_utc = @at";

    private static readonly string Insert =
        $"""
        INSERT INTO closing (meter, at_utc, label, derived, serial_number, read_at, {LoadProfileColumns.TotalNames})
        VALUES (@meter, @at, @label, @derived, @serial, @read, {string.Join(", ", LoadProfileColumns.TotalParameters)})
        ON CONFLICT (meter, at_utc) DO UPDATE SET label = excluded.label, derived = excluded.derived,
            serial_number = excluded.serial_number, read_at = excluded.read_at, {LoadProfileColumns.TotalAssignments}
        """;

    public void Store(IEnumerable<(long Meter, ClosingsRead Read)> facts)
    {
        var closings = facts.SelectMany(fact => StoredInterval.Of(fact.Read).Select(closing => (fact.Meter, Closing: closing))).ToList();
        var known = new Dictionary<(long Meter, Instant End), StoredInterval>();
        var stored = session.Query(
            Known,
            closings.Select(one => ((string, object?)[])[("@meter", one.Meter), ("@at", one.Closing.End.ToUnixTimeSeconds())]),
            LoadProfileColumns.Read);
        foreach (var (one, found) in closings.Zip(stored).Where(one => one.Second.Count > 0))
            known[(one.Meter, one.Closing.End)] = found[0];
        foreach (var (meter, closing) in closings)
        {
            if (Next(known.GetValueOrDefault((meter, closing.End)), closing) is not { } next)
                continue;
            known[(meter, closing.End)] = next;
            Store(next, meter);
        }
    }

    /// <summary>What is to be stored of a closing; null when it says nothing new.</summary>
    private StoredInterval? Next(StoredInterval? known, StoredInterval closing)
    {
        if (known is null || (known.IsDerived && !closing.IsDerived))
            return closing;
        if (known.IsDerived != closing.IsDerived || (session.MayBeStale && closing.ReceivedAt < known.ReceivedAt))
            return null;
        return RevisionRule.Next(known, closing.Row, closing.PeriodMinutes) is { } row ? closing with { Row = row } : null;
    }

    private void Store(StoredInterval closing, long meter) => session.Execute(
        Insert,
        [
            ("@meter", meter), ("@at", closing.End.ToUnixTimeSeconds()), ("@label", LabelOctets.Of(closing.Row.Time)),
            ("@derived", closing.IsDerived ? 1L : 0L),
            ("@serial", (long)closing.SerialNumber), ("@read", closing.ReceivedAt.ToUnixTimeSeconds()),
            .. LoadProfileColumns.TotalParameters.Zip(LoadProfileColumns.TotalsOf(closing.Row), (name, value) => (name, value)),
        ]);
}
