using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Simulator.Data;
using NodaTime;

namespace Iec102.Simulator.Meters;

/// <summary>
/// Types 101 and 102 (protocol notes 4.5): the events of a record, all of them or those of a range, with as many in each frame as fit.
/// </summary>
internal static class EventAnswers
{
    private const byte ClockRecord = RecordAddress.StartEvents + 1;

    /// <param name="request">The request.</param>
    /// <param name="meter">The meter.</param>
    /// <param name="clockWrites">The events of record 53 that setting the clock caused.</param>
    public static IAnswer To(in Asdu request, MeterMoment meter, IReadOnlyList<SimulatedEvent> clockWrites)
    {
        if (request.Header.Count > 1 || RangeIn(request) is not var (first, last))
            return meter.Refuse(request, CauseOfTransmission.TypeNotAvailable);
        var (after, until) = (meter.HeldAfter, meter.Clock);
        if (first is { } from && last is { } to)
        {
            if (meter.RangeOf(from, to) is not var (begin, end))
                return meter.Refuse(request, CauseOfTransmission.PeriodNotAvailable);
            (after, until) = (Instant.Max(after, meter.After(begin)), Instant.Min(until, end));
        }

        if (meter.Data.Events(request.Header.RecordAddress, after, until) is not { } told)
            return meter.Refuse(request, CauseOfTransmission.RecordNotKnown);
        var written = request.Header.RecordAddress == ClockRecord ? clockWrites.Where(one => one.At > after && one.At <= until) : [];
        var events = told.Concat(written).OrderBy(one => one.At).Select(one => EventOf(one, meter)).ToList();
        if (events.Count == 0 && first is not null && meter.Behaviour.EmptyRange != EmptyRange.Completed)
            return meter.Refuse(request, (CauseOfTransmission)meter.Behaviour.EmptyRange);
        var answer = request.Header;
        var frames = events.Chunk(MeterEvent.MaxPerFrame)
            .Select(some => MeterMoment.Octets((asdu, header) => MeterEvent.WriteAll(asdu, header, some), answer));
        return new SeriesAnswer(request, frames);
    }

    /// <summary>The range of a 102; two nulls for a 101, which has none; null when the data fits neither.</summary>
    private static (TimeTagA? From, TimeTagA? To)? RangeIn(in Asdu request)
    {
        if (request.Header.Type == TypeIdentification.ReadEvents)
            return request.Data.IsEmpty ? (null, null) : null;
        return TimeRangeRequest.TryRead(request, out var range) ? (range.From, range.To) : null;
    }

    private static MeterEvent EventOf(SimulatedEvent one, MeterMoment meter) =>
        new(one.Spa, one.Spq, one.Spi, meter.Calendar.PreciseLabelOf(one.At));
}
