using Iec102.Acquisition;
using Iec102.Contract;
using Iec102.Protocol.Application;
using Iec102.Server.Commands.Common;
using NodaTime;

namespace Iec102.Server.Commands.Reads;

/// <summary>What to read: range, record and language.</summary>
/// <param name="From">Beginning of the range as written; null when it was not given.</param>
/// <param name="To">End of the range as written; null when it was not given.</param>
/// <param name="Record">The record, if one other than the usual ones was given.</param>
/// <param name="Language">The language of events.</param>
internal sealed record ReadQuery(string? From, string? To, byte? Record, EventLanguage Language)
{
    // A day inside what two digits of a year can say, since requests may begin a little earlier than the range.
    private static readonly Instant FirstDay = Instant.FromUtc(2000, 1, 2, 0, 0);
    private static readonly Instant LastDay = Instant.FromUtc(2099, 12, 30, 0, 0);

    /// <summary>The range as given; without --to it ends now, without --from it begins where this kind of read usually does.</summary>
    /// <param name="zone">The meter's zone, in which civil times are.</param>
    /// <param name="usualBegin">Where this kind of read usually begins.</param>
    /// <param name="ofMidnights">Whether what is read lies at midnights: then a date as --from includes its own.</param>
    /// <exception cref="CommandFailure">A text is not a time, or the range is empty.</exception>
    public TimeRange RangeOf(DateTimeZone zone, Func<ZonedDateTime, Instant> usualBegin, bool ofMidnights = false)
    {
        var to = To is not null ? CommonOptions.ReadTime("--to", To, zone, DoubledHour.Second) : SystemClock.Instance.GetCurrentInstant();
        var from = From is not null ? CommonOptions.ReadTime("--from", From, zone, DoubledHour.First) : usualBegin(to.InZone(zone));
        var range = Check(ofMidnights && From is not null ? TimeText.BeforeDate(From, from) : from, to);
        return range.From < SystemClock.Instance.GetCurrentInstant()
            ? range
            : throw new CommandFailure(CommandFailure.WrongUsage, "The range has not begun yet.");
    }

    /// <summary>Checks that a meter can be asked for a range.</summary>
    /// <exception cref="CommandFailure">The range is empty, or no label of a meter reaches so far.</exception>
    public static TimeRange Check(Instant from, Instant to)
    {
        var range = CommonOptions.CheckRange(from, to);
        return range.From >= FirstDay && range.To <= LastDay
            ? range
            : throw new CommandFailure(
                CommandFailure.WrongUsage, "The dates of a meter go from 2000 to 2099: --from or --to is outside them.");
    }

    /// <summary>The record that was given, otherwise the usual ones.</summary>
    public IReadOnlyList<byte> RecordsOr(IReadOnlyList<byte> usual) => Record is { } one ? [one] : usual;
}
