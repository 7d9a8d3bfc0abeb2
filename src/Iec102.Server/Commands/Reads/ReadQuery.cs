using Iec102.Acquisition;
using Iec102.Protocol.Application;
using Iec102.Server.Contract;
using NodaTime;

namespace Iec102.Server.Commands.Reads;

/// <summary>What is asked for beside the meter.</summary>
/// <param name="From">Begin of the range as written; null when it was not given.</param>
/// <param name="To">End of the range as written; null when it was not given.</param>
/// <param name="Record">The record, when another than the usual ones was given.</param>
/// <param name="Language">The language of events.</param>
internal sealed record ReadQuery(string? From, string? To, byte? Record, EventLanguage Language)
{
    /// <summary>The range, which ends now and begins where the kind of read usually does when nothing else was given.</summary>
    /// <exception cref="CommandFailure">It is none.</exception>
    public TimeRange RangeOf(DateTimeZone zone, Func<ZonedDateTime, Instant> usualBegin)
    {
        var to = To is not null ? CommonOptions.ReadTime("--to", To, zone, DoubledHour.Second) : SystemClock.Instance.GetCurrentInstant();
        var from = From is not null ? CommonOptions.ReadTime("--from", From, zone, DoubledHour.First) : usualBegin(to.InZone(zone));
        return CommonOptions.CheckRange(from, to);
    }

    /// <summary>The record that was given, or the usual ones.</summary>
    public IReadOnlyList<byte> RecordsOr(IReadOnlyList<byte> usual) => Record is { } one ? [one] : usual;
}
