using System.Diagnostics.CodeAnalysis;
using Iec102.Protocol;
using NodaTime;

namespace Iec102.Simulator;

/// <summary>Writes an ASDU behind a header; answers its length.</summary>
internal delegate int AsduWriter(Span<byte> asdu, AsduHeader header);

/// <summary>A meter as it is when a request comes: what the answer is made of.</summary>
/// <param name="Options">What it is.</param>
/// <param name="Behaviour">How it behaves.</param>
/// <param name="Data">What it measured at the point that is asked.</param>
/// <param name="Clock">Its clock.</param>
/// <param name="Counters">What it was asked.</param>
internal sealed record MeterMoment(MeterOptions Options, MeterBehaviour Behaviour, IMeterData Data, Instant Clock, MeterCounters Counters)
{
    /// <summary>Its labels.</summary>
    public MeterCalendar Calendar { get; } = new(Options.Zone, Behaviour.SummerTime, Behaviour.HasWrongDayOfWeek);

    /// <summary>The end of what it does not hold any more.</summary>
    public Instant HeldAfter => Calendar.DaysBefore(Clock, Behaviour.HeldDays ?? Options.HistoryDays);

    /// <summary>Mirrors a request with the cause of a refusal.</summary>
    public SingleAnswer Refuse(in Asdu request, CauseOfTransmission cause)
    {
        Counters.CountRefusal(cause);
        return SingleAnswer.Mirror(request, cause, Behaviour.RefusesNegatively);
    }

    /// <summary>The one ASDU that answers a request.</summary>
    public static SingleAnswer One(AsduWriter write, in Asdu request) => new(Octets(write, request.Header));

    /// <summary>The octets of an ASDU that answers a request: cause 5, its point and record.</summary>
    public static byte[] Octets(AsduWriter write, AsduHeader request)
    {
        Span<byte> asdu = stackalloc byte[Frame.MaxAsduLength];
        var length = write(asdu, request with { Cause = CauseOfTransmission.Request });
        return asdu[..length].ToArray();
    }

    /// <summary>A request without data, in which N is 0 or 1 (protocol notes 2.1).</summary>
    public static bool IsBare(in Asdu request) => request.Data.IsEmpty && request.Header.Count <= 1;

    /// <summary>The wanted objects of a request that lists them, an octet each; false when they are not as many as N says, none, or not within the limits.</summary>
    public static bool TryReadObjects(in Asdu request, byte first, byte last, [NotNullWhen(true)] out byte[]? wanted)
    {
        var isList = !request.Data.IsEmpty && request.Data.Length == request.Header.Count && !request.Data.ContainsAnyExceptInRange(first, last);
        wanted = isList ? request.Data.ToArray() : null;
        return isList;
    }

    /// <summary>The limits of an asked range as the meter understands them; null when one is no date.</summary>
    public (Instant From, Instant To)? RangeOf(TimeTagA from, TimeTagA to) =>
        Calendar.LimitOf(from) is { } begin && Calendar.LimitOf(to) is { } end ? (begin, end) : null;

    /// <summary>What ends later than this belongs to a range with this begin.</summary>
    public Instant After(Instant from) => Behaviour.IncludesRangeStart ? from - Duration.Epsilon : from;
}
