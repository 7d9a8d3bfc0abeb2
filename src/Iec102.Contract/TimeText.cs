using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;

namespace Iec102.Contract;

/// <summary>Which of its two instants a civil time means in the hour that occurs twice in autumn.</summary>
public enum DoubledHour
{
    /// <summary>The one in summer time: used for the beginning of a range.</summary>
    First,

    /// <summary>The one in winter time: used for the end of a range.</summary>
    Second,
}

/// <summary>
/// Times as people write them in queries and options: ISO 8601 with an offset (or with a space where a query string lost its plus sign), a
/// civil time in the meter's zone, or a date, which stands for its 00:00. And times as the server writes them: ISO 8601 with the offset of
/// the zone.
/// </summary>
public static partial class TimeText
{
    /// <summary>No clock on Earth is further from UTC.</summary>
    private static readonly Offset MostOffset = Offset.FromHours(14);

    private static readonly OffsetDateTimePattern[] WithOffset =
    [
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss;FFFFFFFFFo<Z+HH:mm>"),
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mmo<Z+HH:mm>"),
    ];

    private static readonly LocalDateTimePattern[] Civil =
    [
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd' 'HH':'mm':'ss"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd' 'HH':'mm"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd"),
    ];

    private static readonly OffsetDateTimePattern Output = OffsetDateTimePattern.CreateWithInvariantCulture(
        "uuuu'-'MM'-'dd'T'HH':'mm':'sso<+HH:mm>");

    private static readonly OffsetDateTimePattern Milliseconds =
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss'.'fffo<+HH:mm>");

    /// <summary>
    /// Reads a time; false when the text is not a time, or lies outside the years 0 to 9999 in the zone, so that what is accepted can also
    /// be written.
    /// </summary>
    public static bool TryParse(string text, DateTimeZone zone, DoubledHour doubled, [NotNullWhen(true)] out Instant? instant)
    {
        text = LostPlus().Replace(text.Trim(), "$1+$2");
        try
        {
            instant = Parse(text, zone, doubled);
            if (instant?.InZone(zone).Year is >= 0 and <= 9999)
                return true;
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            // The calendar ends within the hours around the year 9999 that this text or its zone reaches.
        }

        instant = null;
        return false;
    }

    private static bool IsReal(Offset offset) => offset >= -MostOffset && offset <= MostOffset;

    private static Instant? Parse(string text, DateTimeZone zone, DoubledHour doubled)
    {
        foreach (var pattern in WithOffset)
        {
            if (pattern.Parse(text) is { Success: true } parsed)
                return IsReal(parsed.Value.Offset) ? parsed.Value.ToInstant() : null;
        }

        foreach (var pattern in Civil)
        {
            if (pattern.Parse(text) is not { Success: true } parsed)
                continue;
            var mapping = zone.MapLocal(parsed.Value);
            return mapping.Count switch
            {
                0 => zone.AtLeniently(parsed.Value).ToInstant(),
                2 when doubled == DoubledHour.Second => mapping.Last().ToInstant(),
                _ => mapping.First().ToInstant(),
            };
        }

        return null;
    }

    /// <summary>
    /// The beginning of a range of what lies at midnights, such as daily closings. Ranges exclude their beginning, but whoever names a day
    /// wants its own midnight too, so a date without a time stands for the moment before.
    /// </summary>
    /// <param name="text">The beginning as it was written.</param>
    /// <param name="start">What it stands for otherwise.</param>
    public static Instant BeforeDate(string text, Instant start) =>
        text.Trim().Length == "2024-10-27".Length ? start - Duration.FromMinutes(1) : start;

    /// <summary>Such as 2024-10-27T02:00:00+01:00, in the zone.</summary>
    public static string Format(Instant instant, DateTimeZone zone) => Output.Format(instant.InZone(zone).ToOffsetDateTime());

    /// <summary>Null for null, else such as 2024-10-27T02:00:00+01:00, in the zone.</summary>
    [return: NotNullIfNotNull(nameof(instant))]
    public static string? Format(Instant? instant, DateTimeZone zone) => instant is { } known ? Format(known, zone) : null;

    /// <summary>Such as 2024-10-27T02:00:00.250+01:00, in the zone.</summary>
    public static string FormatMilliseconds(Instant instant, DateTimeZone zone) =>
        Milliseconds.Format(instant.InZone(zone).ToOffsetDateTime());

    /// <summary>How to write a time, for error sentences.</summary>
    public const string Expected =
        "write ISO 8601 with an offset, 2024-10-27T02:00:00+02:00, or a civil time in the meter's zone, "
        + "2024-10-27T02:00 or 2024-10-27";

    [GeneratedRegex(@"^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?) (\d\d:\d\d)$")]
    private static partial Regex LostPlus();
}
