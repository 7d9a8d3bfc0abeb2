using Iec102.Acquisition;
using Iec102.Contract;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Server.Api;

/// <summary>The range that a call names by from and to: everything after from up to and including to.</summary>
internal static class QueryRange
{
    /// <summary>Reads a range that must have both ends; otherwise the problem says what is wrong.</summary>
    public static bool TryRead(
        string? from, string? to, MeterConfiguration meter, out TimeRange range, out IResult problem, bool ofMidnights = false)
    {
        range = default;
        problem = Problem.Bad($"Both from and to are needed: {TimeText.Expected}.");
        return !string.IsNullOrWhiteSpace(from) && !string.IsNullOrWhiteSpace(to)
            && TryReadOpen(from, to, meter, out range, out problem, ofMidnights);
    }

    /// <summary>Reads a range that has no beginning or no end where from or to is left out.</summary>
    /// <param name="from">What is given as from.</param>
    /// <param name="to">What is given as to.</param>
    /// <param name="meter">The meter, in whose zone civil times are.</param>
    /// <param name="range">The range.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="ofMidnights">Whether what is asked for lies at midnights: then a date as from includes its own.</param>
    public static bool TryReadOpen(
        string? from, string? to, MeterConfiguration meter, out TimeRange range, out IResult problem, bool ofMidnights = false) =>
        TryReadOpen(from, to, meter.TimeZone, out range, out problem, ofMidnights);

    /// <summary>The same for what belongs to no meter.</summary>
    /// <param name="from">What is given as from.</param>
    /// <param name="to">What is given as to.</param>
    /// <param name="zone">The zone in which civil times are.</param>
    /// <param name="range">The range.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="ofMidnights">Whether what is asked for lies at midnights: then a date as from includes its own.</param>
    public static bool TryReadOpen(
        string? from, string? to, DateTimeZone zone, out TimeRange range, out IResult problem, bool ofMidnights = false)
    {
        range = new TimeRange(Instant.MinValue, Instant.MaxValue);
        problem = Problem.Bad("from must be earlier than to: a range is everything after from up to and including to.");
        if (!string.IsNullOrWhiteSpace(from))
        {
            if (!TimeText.TryParse(from, zone, DoubledHour.First, out var start))
            {
                problem = Problem.Bad($"from = '{from}' is not a valid time: {TimeText.Expected}.");
                return false;
            }

            range = range with { From = ofMidnights ? TimeText.BeforeDate(from, start.Value) : start.Value };
        }

        if (!string.IsNullOrWhiteSpace(to))
        {
            if (!TimeText.TryParse(to, zone, DoubledHour.Second, out var end))
            {
                problem = Problem.Bad($"to = '{to}' is not a valid time: {TimeText.Expected}.");
                return false;
            }

            range = range with { To = end.Value };
        }

        return !range.IsEmpty;
    }
}
