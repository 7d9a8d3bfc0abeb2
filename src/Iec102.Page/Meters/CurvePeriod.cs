using NodaTime;

namespace Iec102.Page.Meters;

/// <summary>How much of a curve is shown at once.</summary>
public enum Zoom
{
    /// <summary>A day, interval by interval.</summary>
    Day,

    /// <summary>A week from Monday, by hours.</summary>
    Week,

    /// <summary>A month, by days.</summary>
    Month,

    /// <summary>A year, by months.</summary>
    Year,
}

/// <summary>With which earlier time a period is compared.</summary>
public enum Comparison
{
    /// <summary>None.</summary>
    None,

    /// <summary>The period just before.</summary>
    Before,

    /// <summary>The same dates a year earlier.</summary>
    SameDates,

    /// <summary>52 weeks earlier, so that each day meets the same weekday.</summary>
    SameWeekdays,
}

/// <summary>A stretch of civil days of a meter's zone.</summary>
/// <param name="Zoom">How it is divided.</param>
/// <param name="From">The first day.</param>
/// <param name="To">The day after the last.</param>
public sealed record CurvePeriod(Zoom Zoom, LocalDate From, LocalDate To)
{
    /// <summary>The day, week, month or year that a day belongs to.</summary>
    public static CurvePeriod Of(Zoom zoom, LocalDate day)
    {
        var from = zoom switch
        {
            Zoom.Day => day,
            Zoom.Week => day.PlusDays(1 - (int)day.DayOfWeek),
            Zoom.Month => new LocalDate(day.Year, day.Month, 1),
            _ => new LocalDate(day.Year, 1, 1),
        };
        return new CurvePeriod(zoom, from, Add(zoom, from, 1));
    }

    /// <summary>The period after, or before.</summary>
    public CurvePeriod Move(int by) => Of(Zoom, Add(Zoom, From, by));

    /// <summary>The time with which it is compared; null for none.</summary>
    public CurvePeriod? ComparedWith(Comparison comparison) => comparison switch
    {
        Comparison.Before => Move(-1),
        Comparison.SameDates => this with { From = From.PlusYears(-1), To = To.PlusYears(-1) },
        Comparison.SameWeekdays => this with { From = From.PlusWeeks(-52), To = To.PlusWeeks(-52) },
        _ => null,
    };

    private static LocalDate Add(Zoom zoom, LocalDate day, int count) => zoom switch
    {
        Zoom.Day => day.PlusDays(count),
        Zoom.Week => day.PlusWeeks(count),
        Zoom.Month => day.PlusMonths(count),
        _ => day.PlusYears(count),
    };
}
