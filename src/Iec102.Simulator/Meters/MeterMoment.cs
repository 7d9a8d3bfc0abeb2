using System.Diagnostics.CodeAnalysis;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Simulator.Data;
using NodaTime;

namespace Iec102.Simulator.Meters;

/// <summary>Writes an ASDU with the given header; returns its length.</summary>
internal delegate int AsduWriter(Span<byte> asdu, AsduHeader header);

/// <summary>The state of a meter when a request arrives, from which the answer is made.</summary>
/// <param name="Options">The meter's options.</param>
/// <param name="Behaviour">The meter's behaviour.</param>
/// <param name="Data">What the meter measured at the requested point.</param>
/// <param name="Clock">The meter's clock.</param>
/// <param name="Counters">Counts the requests to the meter.</param>
internal sealed record MeterMoment(MeterOptions Options, MeterBehaviour Behaviour, IMeterData Data, Instant Clock, MeterCounters Counters)
{
    /// <summary>The meter's time labels.</summary>
    public MeterCalendar Calendar { get; } = new(Options.Zone, Behaviour.SummerTime, Behaviour.HasWrongDayOfWeek);

    /// <summary>The instant up to which the meter no longer holds anything: intervals that ended before it or at it are gone.</summary>
    public Instant HeldAfter => Calendar.DaysBefore(Clock, Behaviour.HeldDays ?? Options.HistoryDays);

    /// <summary>Mirrors a request with the cause of a refusal.</summary>
    public SingleAnswer Refuse(in Asdu request, CauseOfTransmission cause)
    {
        Counters.CountRefusal(cause);
        return SingleAnswer.Mirror(request, cause, Behaviour.RefusesNegatively);
    }

    /// <summary>Answers a request with one ASDU.</summary>
    public static SingleAnswer One(AsduWriter write, in Asdu request) => new(Octets(write, request.Header));

    /// <summary>The octets of an ASDU that answers a request, with cause 5 and the request's point and record.</summary>
    public static byte[] Octets(AsduWriter write, AsduHeader request)
    {
        Span<byte> asdu = stackalloc byte[Asdu.MaxLength];
        var length = write(asdu, request with { Cause = CauseOfTransmission.Request });
        return asdu[..length].ToArray();
    }

    /// <summary>Whether a request has no data, in which case N is 0 or 1 (protocol notes 2.1).</summary>
    public static bool IsBare(in Asdu request) => request.Data.IsEmpty && request.Header.Count <= 1;

    /// <summary>
    /// Reads the objects listed in a request, one octet each; false when there are none, not as many as N says, or some are out of range.
    /// </summary>
    public static bool TryReadObjects(in Asdu request, byte first, byte last, [NotNullWhen(true)] out byte[]? wanted)
    {
        var isList = !request.Data.IsEmpty && request.Data.Length == request.Header.Count
            && !request.Data.ContainsAnyExceptInRange(first, last);
        wanted = isList ? request.Data.ToArray() : null;
        return isList;
    }

    /// <summary>The limits of a requested range as the meter understands them; null when one of them is not a date.</summary>
    public (Instant From, Instant To)? RangeOf(TimeTagA from, TimeTagA to) =>
        Calendar.LimitOf(from) is { } begin && Calendar.LimitOf(to) is { } end ? (begin, end) : null;

    /// <summary>Intervals that end after this instant belong to a range with the given beginning.</summary>
    public Instant After(Instant from) => Behaviour.IncludesRangeStart ? from - Duration.Epsilon : from;
}
