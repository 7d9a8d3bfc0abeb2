using Iec102.Acquisition;
using Iec102.Acquisition.Tasks;
using Iec102.Contract;
using Iec102.Protocol.Application;
using Iec102.Server.OneOff;
using Iec102.Storage.Reading;
using NodaTime;

namespace Iec102.Server.Commands.Reads;

/// <summary>read events: the events of all records in a range (protocol notes 4.5 and 5).</summary>
internal static class EventReading
{
    /// <summary>How far back events are read when no range is given.</summary>
    public static Instant UsualBegin(ZonedDateTime now) => now.ToInstant() - Duration.FromDays(30);

    /// <summary>Reads the events, one record after another.</summary>
    public static async Task<IReadOutput?> ReadAsync(Inquiry inquiry, ReadQuery query, TimeRange range)
    {
        var tasks = new FactTasks(inquiry.Meter.Configuration, [], range);
        await inquiry.AskAllAsync([.. query.RecordsOr(EventsTask.Records).Select(tasks.Events)]);
        var events = inquiry.Session.Facts.OfType<EventsRead>().SelectMany(StoredEvent.Of)
            .Where(one => one.Time is not { } time || IsWanted(time));
        return ResultOf(inquiry.Meter, events.OrderBy(one => one.Time ?? one.ReadAt).ToList(), query.Language);

        // Without --to every event up to the last is wanted, even if the meter's clock is ahead.
        bool IsWanted(Instant time) => time > range.From && (query.To is null || time <= range.To);
    }

    private static ReadResult ResultOf(OneOffMeter meter, List<StoredEvent> events, EventLanguage language)
    {
        var models = EventsModel.Of(meter.Id, events, meter.Zone, language);
        return new ReadResult(
            [
                new Rows(["time", "about", "code", "event"], [.. events.Select(one => (string[])
                [
                    one.Event.Time.ToString(), EventText.OfRecord(one.Record, language),
                    $"{one.Event.Spa}/{one.Event.Spq}/{(one.Event.Spi ? 1 : 0)}",
                    EventText.Of(one.Event, language),
                ])]),
            ],
            models,
            Rows.Of(FactRows.Of(models)));
    }
}
