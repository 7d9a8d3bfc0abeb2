using Iec102.Protocol.Application;
using Iec102.Protocol.Time;

namespace Iec102.Protocol.Description;

/// <summary>Explains events and the requests that contain only a range of time (protocol notes 4.5, 4.7 and 5).</summary>
internal static class EventDescription
{
    /// <summary>Divides the data into fields; does nothing and returns false when it is of another type or malformed.</summary>
    public static bool TryExplain(in Asdu asdu, ref FieldList fields)
    {
        if (TimeRangeRequest.TryRead(asdu, out var range))
        {
            fields.Add(TimeTagA.Length, "from", Words.Of(range.From));
            fields.Add(TimeTagA.Length, "to", Words.Of(range.To));
            return true;
        }

        if (!MeterEvent.TryReadAll(asdu, out var events))
            return false;
        for (var i = 0; i < events.Length; i++)
        {
            fields.Add(2, $"event {i + 1}", Numbered(events[i]));
            fields.Add(TimeTagB.Length, "time", Words.Of(events[i].Time));
        }

        return true;
    }

    /// <summary>Summarizes the data; null when it is of another type or malformed.</summary>
    public static string? Summarize(in Asdu asdu)
    {
        if (TimeRangeRequest.TryRead(asdu, out var range))
            return $"{range.From} .. {range.To}";
        if (!MeterEvent.TryReadAll(asdu, out var events))
            return null;
        return events.Length switch
        {
            0 => "no events",
            1 => $"{events[0].Time}, {EventText.Of(events[0], EventLanguage.English)}",
            _ => $"{events.Length} events, {events[0].Time} .. {events[^1].Time}",
        };
    }

    /// <summary>The event's text, followed by its numbers unless the text shows them.</summary>
    private static string Numbered(MeterEvent each)
    {
        var (text, numbers) = (EventText.Of(each, EventLanguage.English), $"{each.Spa}/{each.Spq} (SPI {(each.Spi ? 1 : 0)})");
        return text.Contains(numbers, StringComparison.Ordinal) ? text : $"{numbers}, {text}";
    }
}
