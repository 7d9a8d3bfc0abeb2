using Iec102.Acquisition.Profiles;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tasks;

/// <summary>
/// What the answers of an exchange say: events, tariff periods and closings, with the instants of their labels. An answer of another type,
/// point or record than was asked, or one whose length does not fit, is ignored (promise R3).
/// </summary>
public static class FactAnswers
{
    /// <summary>The events of the answers to a request of type 102, in their order (protocol notes 4.5).</summary>
    /// <param name="request">The request.</param>
    /// <param name="answers">Its answers.</param>
    /// <param name="zone">The zone of the meter's civil time.</param>
    /// <param name="habit">How the meter labels summer time.</param>
    public static IReadOnlyList<EventRead> Events(Request request, IReadOnlyList<byte[]> answers, DateTimeZone zone, SummerTimeHabit habit)
    {
        var events = new List<EventRead>();
        var equals = new Dictionary<(byte Spa, byte Spq, bool Spi, Instant? Time, TimeTagB Label), int>();
        foreach (var answer in answers)
        {
            if (!TryRead(request, answer, out var asdu) || !MeterEvent.TryReadAll(asdu, out var read))
                continue;
            foreach (var each in read)
            {
                var time = CivilTime.ToInstant(each.Time, zone, habit);
                var key = (each.Spa, each.Spq, each.Spi, time, time is null ? each.Time : default);
                var ordinal = equals.GetValueOrDefault(key);
                equals[key] = ordinal + 1;
                events.Add(new EventRead(each, time, ordinal));
            }
        }

        return events;
    }

    /// <summary>The periods of the answers to a request of type 133 or 134, in their order (protocol notes 4.7).</summary>
    /// <param name="request">The request.</param>
    /// <param name="answers">Its answers.</param>
    /// <param name="zone">The zone of the meter's civil time.</param>
    /// <param name="habit">How the meter labels summer time.</param>
    public static IReadOnlyList<TariffPeriodRead> Tariff(
        Request request, IReadOnlyList<byte[]> answers, DateTimeZone zone, SummerTimeHabit habit)
    {
        var periods = new List<TariffPeriodRead>();
        foreach (var answer in answers)
        {
            if (!TryRead(request, answer, out var asdu) || !TariffInformation.TryReadAll(asdu, out var read))
                continue;
            foreach (var each in read)
                periods.Add(new TariffPeriodRead(each, InstantOf(each.From), InstantOf(each.To), InstantOf(each.MaximumDemand.Time)));
        }

        return periods;

        Instant? InstantOf(TimeTagA tag) => CivilTime.ToInstant(tag, zone, habit);
    }

    /// <summary>
    /// The registers of the answers to a request of type 122 within a range, ascending, each instant once (protocol notes 4.4). Objects
    /// that a meter sends in separate frames are put together.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="range">The instants asked for; what a meter sends from outside it is dropped.</param>
    /// <param name="answers">Its answers.</param>
    /// <param name="zone">The zone of the meter's civil time.</param>
    /// <param name="habit">How the meter labels summer time.</param>
    public static IReadOnlyList<RecordedInterval> Closings(
        Request request, TimeRange range, IReadOnlyList<byte[]> answers, DateTimeZone zone, SummerTimeHabit habit)
    {
        var closings = new SortedDictionary<Instant, TotalsRow>();
        foreach (var answer in answers)
        {
            if (!TryRead(request, answer, out var asdu) || !TotalsCodec.TryReadRow(asdu, 0, out var row) || row.Objects == 0
                || CivilTime.ToInstant(row.Time, zone, habit) is not { } at || !range.Contains(at))
            {
                continue;
            }

            closings[at] = closings.TryGetValue(at, out var earlier) ? earlier.With(row) : row;
        }

        return [.. closings.Select(closing => new RecordedInterval(closing.Key, closing.Value))];
    }

    private static bool TryRead(Request request, byte[] answer, out Asdu asdu) =>
        Asdu.TryRead(answer, out asdu) && request.IsAnsweredBy(asdu.Header);
}
