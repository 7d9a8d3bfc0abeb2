using Iec102.Acquisition;
using Iec102.Acquisition.Tasks;
using Iec102.Contract;
using Iec102.Protocol.Time;
using Iec102.Storage.Exports;
using Iec102.Storage.Schema;
using NodaTime;

namespace Iec102.Server.Commands.Reads;

/// <summary>
/// read closings: the absolute registers at midnight, 122 on record 21; if the meter has no such record, those of record 11 at 00:00, which
/// are marked as derived (protocol notes 4.4).
/// </summary>
/// <param name="inquiry">Asks the meter.</param>
/// <param name="query">The record.</param>
/// <param name="range">The midnights.</param>
internal sealed class ClosingReading(Inquiry inquiry, ReadQuery query, TimeRange range)
{
    private readonly SortedDictionary<Instant, StoredInterval> _closings = [];

    /// <summary>How far back closings are read when no range is given.</summary>
    public static Instant UsualBegin(ZonedDateTime now) => now.Zone.AtStartOfDay(now.Date.PlusDays(-31)).ToInstant();

    /// <summary>Reads the closings for <c>read closings</c>.</summary>
    public async Task<IReadOutput?> ReadAsync()
    {
        await ReadAllAsync();
        var (meter, closings) = (inquiry.Meter, _closings.Values);
        var model = ClosingsModel.Of(meter.Id, closings, meter.Zone);
        return new ReadResult(
            [
                Rows.Of(
                    ["closing", .. ProfileOutput.Headings.Skip(1), "source"], closings,
                    closing => [.. ProfileOutput.CellsOf(closing, meter.Zone), closing.IsDerived ? "derived" : "closing"]),
            ],
            model,
            Rows.Of(FactRows.Of(model)));
    }

    /// <summary>Reads the closings for <c>read profile --curve daily-closing</c>.</summary>
    public async Task<IReadOutput?> ReadAsProfileAsync()
    {
        await ReadAllAsync();
        if (_closings.Values.Any(closing => closing.IsDerived))
            inquiry.Progress.Say("The meter has no daily closings; these are its registers of record 11 at 00:00.");
        return new ProfileOutput(new ProfileSeries(inquiry.Meter.Id, ProfileSeries.DailyClosing, inquiry.Meter.Zone, _closings.Values));
    }

    private async Task ReadAllAsync()
    {
        var tasks = new FactTasks(inquiry.Meter.Configuration, [], range);
        var task = query.Record is { } record ? tasks.Closings(record) : tasks.Closings();
        await inquiry.AskAsync(task);
        var closings = inquiry.Session.Facts.OfType<ClosingsRead>().SelectMany(StoredInterval.Of);
        foreach (var closing in closings.Where(one => range.Contains(one.End)))
            _closings[closing.End] = closing;
        var expected = Midnights().ToList();
        var missing = expected.Where(midnight => !_closings.ContainsKey(midnight)).ToList();
        if (missing.Count > 0 && (_closings.Count > 0 || task.Refusal is null))
            inquiry.Gap = $"{missing.Count} of {expected.Count} closings are missing, from {Local(missing[0])} to {Local(missing[^1])}";
    }

    /// <summary>The midnights in the range, as the meter labels them.</summary>
    private IEnumerable<Instant> Midnights()
    {
        var zone = inquiry.Meter.Zone;
        for (var date = range.From.InZone(zone).Date; date <= range.To.InZone(zone).Date; date = date.PlusDays(1))
        {
            if (CivilTime.Midnight(date, zone, inquiry.Session.Habit) is var midnight && range.Contains(midnight))
                yield return midnight;
        }
    }

    private string Local(Instant instant) => ValueRead.Local(instant, inquiry.Meter.Zone);
}
