using System.Globalization;
using Iec102.Contract;
using NodaTime;

namespace Iec102.Page.Meters;

/// <summary>One energy in a stretch of time.</summary>
/// <param name="Start">When it begins, in the meter's zone.</param>
/// <param name="To">When it ends.</param>
/// <param name="IsSecond">Whether it is the second of two that begin at the same civil time, in the autumn.</param>
/// <param name="Sum">The sum of the valid intervals, kWh or kvarh; null when there is none.</param>
/// <param name="Covered">For how long there are valid intervals; with less than the whole time the sum is partial.</param>
/// <param name="Remarks">The quality bits of its intervals, together.</param>
/// <param name="Revisions">How many of its intervals were read again with another result.</param>
public sealed record CurveBar(
    LocalDateTime Start, Instant To, bool IsSecond, long? Sum, Duration Covered, int Remarks, int Revisions)
{
    private const int Invalid = 0x80;

    /// <summary>When it begins.</summary>
    public Instant From { get; private init; }

    /// <summary>An interval of it is missing or invalid.</summary>
    public bool IsPartial => Covered < To - From;

    /// <summary>Whether some of it was marked invalid, and so is not in the sum.</summary>
    public bool HasInvalid => (Remarks & Invalid) != 0;

    /// <summary>The bars of a period.</summary>
    /// <param name="period">The period.</param>
    /// <param name="zone">The meter's zone.</param>
    /// <param name="intervals">The newest revisions of its intervals, in order.</param>
    /// <param name="energy">The energy: 0 for A+, 1 for A-, 2 to 5 for R1 to R4.</param>
    public static IReadOnlyList<CurveBar> Of(
        CurvePeriod period, DateTimeZone zone, IReadOnlyList<IntervalModel> intervals, int energy)
    {
        var edges = Edges(period, zone, intervals.Count > 0 ? intervals.Min(interval => interval.PeriodMinutes) : 60);
        var ended = intervals.Select(interval => (End: EndOf(interval), interval)).OrderBy(one => one.End).ToList();
        var bars = new List<CurveBar>();
        var next = 0;
        for (var i = 1; i < edges.Count; i++)
        {
            var inside = new List<IntervalModel>();
            for (; next < ended.Count && ended[next].End <= edges[i]; next++)
            {
                if (ended[next].End > edges[i - 1])
                    inside.Add(ended[next].interval);
            }

            bars.Add(Of(edges[i - 1], edges[i], zone, inside, energy));
        }

        return bars;
    }

    /// <summary>
    /// The bars of another period, in the places of those with the same day of the period and time of day; null where there is none. In the
    /// hour that occurs twice the first meets the first.
    /// </summary>
    public static IReadOnlyList<CurveBar?> Align(
        CurvePeriod period, IReadOnlyList<CurveBar> bars, CurvePeriod other, IReadOnlyList<CurveBar> others)
    {
        var byPlace = others.ToDictionary(bar => bar.PlaceIn(other));
        return [.. bars.Select(bar => byPlace.GetValueOrDefault(bar.PlaceIn(period)))];
    }

    private static CurveBar Of(Instant from, Instant to, DateTimeZone zone, List<IntervalModel> inside, int energy)
    {
        var valid = inside.Where(one => Value(one, energy) is not null && (QualityOf(one, energy) & Invalid) == 0).ToList();
        var start = from.InZone(zone);
        return new CurveBar(
            start.LocalDateTime, to, zone.MapLocal(start.LocalDateTime) is { Count: 2 } twice && twice.Last() == start,
            valid.Count > 0 ? valid.Sum(one => (long)Value(one, energy)!.Value) : null,
            Duration.FromMinutes(valid.Sum(one => one.PeriodMinutes)), inside.Aggregate(0, (all, one) => all | QualityOf(one, energy)),
            inside.Count(one => one.Revision > 0))
        {
            From = from,
        };
    }

    private static Instant EndOf(IntervalModel interval) =>
        Instant.FromDateTimeOffset(DateTimeOffset.Parse(interval.End, CultureInfo.InvariantCulture));

    private static int QualityOf(IntervalModel interval, int energy) => interval.Quality.ElementAtOrDefault(energy) ?? 0;

    private static uint? Value(IntervalModel interval, int energy) => energy switch
    {
        0 => interval.APlus,
        1 => interval.AMinus,
        2 => interval.R1,
        3 => interval.R2,
        4 => interval.R3,
        _ => interval.R4,
    };

    /// <summary>Where the bars begin and end.</summary>
    private static List<Instant> Edges(CurvePeriod period, DateTimeZone zone, int minutes)
    {
        var (from, to) = (zone.AtStartOfDay(period.From).ToInstant(), zone.AtStartOfDay(period.To).ToInstant());
        var edges = new List<Instant> { from };
        if (period.Zoom is Zoom.Day or Zoom.Week)
        {
            var step = Duration.FromMinutes(period.Zoom == Zoom.Day ? minutes : 60);
            while (edges[^1] < to)
                edges.Add(Instant.Min(edges[^1] + step, to));
            return edges;
        }

        for (var day = period.From; day < period.To;)
        {
            day = period.Zoom == Zoom.Month ? day.PlusDays(1) : new LocalDate(day.Year, day.Month, 1).PlusMonths(1);
            edges.Add(zone.AtStartOfDay(LocalDate.Min(day, period.To)).ToInstant());
        }

        return edges;
    }

    private (int Step, LocalTime Time, bool IsSecond) PlaceIn(CurvePeriod period) => period.Zoom == Zoom.Year
        ? (12 * (Start.Year - period.From.Year) + Start.Month, LocalTime.Midnight, false)
        : (Period.DaysBetween(period.From, Start.Date), Start.TimeOfDay, IsSecond);
}
