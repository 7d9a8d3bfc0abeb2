using Iec102.Acquisition;
using Iec102.Protocol.Application;
using Iec102.Server.Commands.Common;
using Iec102.Server.Contract;
using NodaTime;

namespace Iec102.Server.Commands.Reads;

/// <summary>What to read: range, record and language.</summary>
/// <param name="From">Beginning of the range as written; null when it was not given.</param>
/// <param name="To">End of the range as written; null when it was not given.</param>
/// <param name="Record">The record, if one other than the usual ones was given.</param>
/// <param name="Language">The language of events.</param>
internal sealed record ReadQuery(string? From, string? To, byte? Record, EventLanguage Language)
{
    /// <summary>The range as given; without --to it ends now, without --from it begins where this kind of read usually does.</summary>
    /// <exception cref="CommandFailure">A text is not a time, or the range is empty.</exception>
    public TimeRange RangeOf(DateTimeZone zone, Func<ZonedDateTime, Instant> usualBegin)
    {
        var to = To is not null ? CommonOptions.ReadTime("--to", To, zone, DoubledHour.Second) : SystemClock.Instance.GetCurrentInstant();
        var from = From is not null ? CommonOptions.ReadTime("--from", From, zone, DoubledHour.First) : usualBegin(to.InZone(zone));
        return CommonOptions.CheckRange(from, to);
    }

    /// <summary>The record that was given, otherwise the usual ones.</summary>
    public IReadOnlyList<byte> RecordsOr(IReadOnlyList<byte> usual) => Record is { } one ? [one] : usual;
}
