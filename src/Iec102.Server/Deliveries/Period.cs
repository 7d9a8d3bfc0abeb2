using System.Globalization;
using Iec102.Acquisition;
using Iec102.Fleet;
using NodaTime;
using NodaTime.Calendars;
using NodaTime.Text;

namespace Iec102.Server.Deliveries;

/// <summary>Whole days that one file holds: a day, a week that begins on Monday, or a month.</summary>
/// <param name="What">Which of them.</param>
/// <param name="First">The first day.</param>
internal readonly record struct Period(DeliveredPeriod What, LocalDate First)
{
    private static readonly LocalDatePattern Month = LocalDatePattern.CreateWithInvariantCulture("uuuu'-'MM");

    /// <summary>The day after the last.</summary>
    public LocalDate End => What switch
    {
        DeliveredPeriod.Yesterday => First.PlusDays(1),
        DeliveredPeriod.Week => First.PlusWeeks(1),
        _ => First.PlusMonths(1),
    };

    /// <summary>The one after it.</summary>
    public Period Next => this with { First = End };

    /// <summary>The one before it.</summary>
    public Period Previous => EndedBy(What, First);

    /// <summary>Such as 2026-03-02, 2026-W10 or 2026-03.</summary>
    public string Name => What switch
    {
        DeliveredPeriod.Yesterday => LocalDatePattern.Iso.Format(First),
        DeliveredPeriod.Week => string.Create(
            CultureInfo.InvariantCulture, $"{WeekYearRules.Iso.GetWeekYear(First):D4}-W{WeekYearRules.Iso.GetWeekOfWeekYear(First):D2}"),
        _ => Month.Format(First),
    };

    /// <summary>Whether a name is that of such a period.</summary>
    public static bool IsName(DeliveredPeriod what, string name) => what switch
    {
        DeliveredPeriod.Yesterday => LocalDatePattern.Iso.Parse(name).Success,
        DeliveredPeriod.Week => name.Contains('W', StringComparison.Ordinal),
        _ => Month.Parse(name).Success,
    };

    /// <summary>The last whole one that has ended when a day begins.</summary>
    public static Period EndedBy(DeliveredPeriod what, LocalDate day) => new(what, what switch
    {
        DeliveredPeriod.Yesterday => day.PlusDays(-1),
        DeliveredPeriod.Week => day.PlusDays(1).Previous(IsoDayOfWeek.Monday).PlusWeeks(-1),
        _ => day.With(DateAdjusters.StartOfMonth).PlusMonths(-1),
    });

    /// <summary>The interval ends in it, in the zone of a meter.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="ofMidnights">Whether the midnight with which it begins belongs to it, as for daily closings.</param>
    public TimeRange RangeIn(DateTimeZone zone, bool ofMidnights)
    {
        var start = zone.AtStartOfDay(First).ToInstant();
        return new TimeRange(ofMidnights ? start - Duration.FromMinutes(1) : start, zone.AtStartOfDay(End).ToInstant());
    }
}
