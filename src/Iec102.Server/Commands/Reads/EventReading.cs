using Iec102.Acquisition;
using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Server.Contract;
using Iec102.Storage.Reading;
using NodaTime;

namespace Iec102.Server.Commands.Reads;

/// <summary>read events: the events of all records in a range (protocol notes 4.5 and 5).</summary>
internal static class EventReading
{
    private static readonly byte[] Records = [52, 53, 54, 55, 128, 129, 130, 131, 132, 133];

    /// <summary>How far back events are read when no range is given.</summary>
    public static Instant UsualBegin(ZonedDateTime now) => now.ToInstant() - Duration.FromDays(30);

    /// <summary>Reads them, one record after the other.</summary>
    public static async Task<IReadOutput?> ReadAsync(Inquiry inquiry, ReadQuery query, TimeRange range)
    {
        var meter = inquiry.Meter;
        var (clock, habit) = await inquiry.ReadClockAsync();
        // A clock that is ahead has labelled its last events later than now; and a tag has no seconds.
        var to = range.To + (query.To is null && clock is { Offset: var offset } && offset > Duration.Zero ? offset : Duration.Zero) + Duration.FromMinutes(1);
        var events = new List<StoredEvent>();
        var records = query.RecordsOr(Records);
        for (var i = 0; i < records.Count; i++)
        {
            inquiry.Progress.Report((double)i / records.Count);
            var request = Request.ReadEventsInRange(
                meter.PointAddress, records[i], CivilTime.ToTagA(range.From, meter.Zone, habit), CivilTime.ToTagA(to, meter.Zone, habit));
            if (await inquiry.AskAsync(request, $"the events of record {records[i]}") is not { } ended)
                break;
            var read = FactAnswers.Events(request, ended.Answers, meter.Zone, habit).Where(one => one.Time is not { } time || IsWanted(time)).ToList();
            events.AddRange(StoredEvent.Of(new EventsRead(meter.Meter, 0, ended.EndedAt, records[i], range.To, read)));
        }

        return ResultOf(meter, events.OrderBy(one => one.Time ?? one.ReadAt).ToList(), query.Language);

        bool IsWanted(Instant time) => time > range.From && (query.To is null || time <= range.To);
    }

    private static ReadResult ResultOf(OneOffMeter meter, List<StoredEvent> events, EventLanguage language)
    {
        var models = EventsModel.Of(meter.Meter, events, meter.Zone, language);
        return new ReadResult(
            [
                new Rows(["time", "about", "code", "event"], [.. events.Select(one => (string[])
                [
                    one.Event.Time.ToString(), EventText.OfRecord(one.Record, language), $"{one.Event.Spa}/{one.Event.Spq}/{(one.Event.Spi ? 1 : 0)}",
                    EventText.Of(one.Event, language),
                ])]),
            ],
            models,
            FactRows.Of(models));
    }
}
