using Iec102.Acquisition;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Server.Contract;
using Iec102.Storage.Exports;
using Iec102.Storage.Schema;
using NodaTime;

namespace Iec102.Server.Commands.Reads;

/// <summary>
/// read closings: the absolute registers at midnight, 122 on record 21; of a meter that has no such record those of record 11 at 00:00, which are marked as
/// derived (protocol notes 4.4).
/// </summary>
/// <param name="inquiry">What the meter is asked.</param>
/// <param name="query">The record.</param>
/// <param name="range">The midnights.</param>
internal sealed class ClosingReading(Inquiry inquiry, ReadQuery query, TimeRange range)
{
    /// <summary>The closings of a month or so in one request.</summary>
    private static readonly Duration Chunk = Duration.FromDays(31);

    private static readonly Duration OneMinute = Duration.FromMinutes(1);

    private readonly SortedDictionary<Instant, StoredInterval> _closings = [];
    private SummerTimeHabit _habit;

    /// <summary>How far back closings are read when no range is given.</summary>
    public static Instant UsualBegin(ZonedDateTime now) => now.Zone.AtStartOfDay(now.Date.PlusDays(-31)).ToInstant();

    /// <summary>Reads them, for read closings.</summary>
    public async Task<IReadOutput?> ReadAsync()
    {
        await ReadAllAsync();
        var (meter, closings) = (inquiry.Meter, _closings.Values);
        var model = ClosingsModel.Of(meter.Meter, closings, meter.Zone);
        return new ReadResult(
            [
                new Rows([.. ProfileOutput.Headings.Select((heading, at) => at == 0 ? "closing" : heading), "source"],
                    [.. closings.Select(closing => (string[])[.. ProfileOutput.CellsOf(closing, meter.Zone), closing.IsDerived ? "derived" : "closing"])]),
            ],
            model,
            FactRows.Of(model));
    }

    /// <summary>Reads them, for read profile --curve daily-closing.</summary>
    public async Task<IReadOutput?> ReadAsProfileAsync()
    {
        await ReadAllAsync();
        if (_closings.Values.Any(closing => closing.IsDerived))
            inquiry.Progress.Say("The meter has no closings; these are its registers of record 11 at 00:00.");
        return new ProfileOutput(new ProfileSeries(inquiry.Meter.Meter, ProfileSeries.DailyClosing, inquiry.Meter.Zone, _closings.Values));
    }

    private async Task ReadAllAsync()
    {
        (_, _habit) = await inquiry.ReadClockAsync();
        var record = query.Record ?? RecordAddress.DailyTotals1;
        if (!await ReadRecordAsync(record))
            await ReadRegistersAsync();
        var expected = Midnights().ToList();
        var missing = expected.Where(midnight => !_closings.ContainsKey(midnight)).ToList();
        if (missing.Count > 0 && _closings.Count > 0)
            inquiry.Gap = $"{missing.Count} of {expected.Count} closings are missing, from {Local(missing[0])} to {Local(missing[^1])}";
    }

    /// <summary>Reads a record of closings; false when the meter has none and its registers may stand in.</summary>
    private async Task<bool> ReadRecordAsync(byte record)
    {
        for (var from = range.From; from < range.To; from += Chunk)
        {
            inquiry.Progress.Report((from - range.From) / range.Length);
            var part = new TimeRange(from, Instant.Min(from + Chunk, range.To));
            var (request, what) = (RequestFor(record, part), $"its closings, record {record}");
            if (await inquiry.TryAskAsync(request, what) is not { } ended)
                return true;
            Take(request, ended, part);
            if (ended.End != ExchangeEnd.Refused)
                continue;
            // Of a meter that has given some it means that there are none in this part; of another that it has no closings, whatever the range.
            var isEmpty = _closings.Count > 0 || ended.Cause == CauseOfTransmission.PeriodNotAvailable;
            if (!isEmpty && query.Record is null && ended.Cause != CauseOfTransmission.AddressNotKnown)
                return false;
            if (!isEmpty || ended.Cause == CauseOfTransmission.PeriodNotAvailable)
                inquiry.Refused(ended, $"{what}, from {Local(part.From)} to {Local(part.To)}");
            if (!isEmpty)
                return true;
        }

        return true;
    }

    /// <summary>Reads the registers of record 11 at each midnight, one at a time, for in between there are 23 others.</summary>
    private async Task ReadRegistersAsync()
    {
        foreach (var midnight in Midnights())
        {
            inquiry.Progress.Report((midnight - range.From) / range.Length);
            var request = RequestFor(RecordAddress.LoadCurve1, new TimeRange(midnight - Duration.FromHours(1), midnight));
            if (await inquiry.TryAskAsync(request, "its registers at 00:00, record 11") is not { } ended)
                return;
            Take(request, ended, new TimeRange(midnight - Duration.Epsilon, midnight));
            if (ended.End == ExchangeEnd.Refused
                && ended.Cause is CauseOfTransmission.TypeNotAvailable or CauseOfTransmission.RecordNotKnown or CauseOfTransmission.AddressNotKnown)
            {
                inquiry.Refused(ended, "its closings, record 21, and its registers at 00:00, record 11");
                return;
            }
        }
    }

    /// <summary>From the minute after its begin, since some meters count the begin in.</summary>
    private Request RequestFor(byte record, TimeRange part) => Request.ReadIntegratedTotals(
        inquiry.Meter.PointAddress, record, ObjectAddress.FirstTotal, ObjectAddress.LastTotal, Tag(part.From + OneMinute), Tag(part.To));

    private void Take(Request request, ExchangeEnded ended, TimeRange part)
    {
        var closings = FactAnswers.Closings(request, part, ended.Answers, inquiry.Meter.Zone, _habit);
        var isDerived = request.Header.RecordAddress == RecordAddress.LoadCurve1;
        foreach (var closing in StoredInterval.Of(new ClosingsRead(inquiry.Meter.Meter, 0, ended.EndedAt, isDerived, part.To, closings)))
            _closings[closing.End] = closing;
    }

    /// <summary>The midnights of the range by the meter's own labels.</summary>
    private IEnumerable<Instant> Midnights()
    {
        var zone = inquiry.Meter.Zone;
        for (var date = range.From.InZone(zone).Date; date <= range.To.InZone(zone).Date; date = date.PlusDays(1))
        {
            var isSummer = zone.AtStartOfDay(date).GetZoneInterval().Savings > Offset.Zero;
            if (CivilTime.ToInstant(new TimeTagA(date.AtMidnight(), isSummer), zone, _habit) is { } midnight && range.Contains(midnight))
                yield return midnight;
        }
    }

    private TimeTagA Tag(Instant instant) => CivilTime.ToTagA(instant, inquiry.Meter.Zone, _habit);

    private string Local(Instant instant) => ValueRead.Local(instant, inquiry.Meter.Zone);
}
