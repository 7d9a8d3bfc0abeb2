using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Simulator.Data;

/// <summary>The curves of a simulated meter, by record address (protocol notes 2.3).</summary>
public enum SimulatedCurve : byte
{
    /// <summary>Record 11: the increments of each hour, or the registers at its end.</summary>
    Hourly = RecordAddress.LoadCurve1,

    /// <summary>Record 12: the increments of each quarter of an hour, or of another integration period 2.</summary>
    QuarterHour = RecordAddress.LoadCurve2,

    /// <summary>Record 21: the registers at the end of each civil day.</summary>
    DailyClosing = RecordAddress.DailyTotals1,
}

/// <summary>Tells where the intervals of a curve end and which values it holds for them.</summary>
public static class SimulatedCurves
{
    private const int MinutesOfQuarter = 15;
    private const int MinutesOfThird = 5;

    /// <summary>All curves.</summary>
    public static IReadOnlyList<SimulatedCurve> All { get; } =
        [SimulatedCurve.Hourly, SimulatedCurve.QuarterHour, SimulatedCurve.DailyClosing];

    /// <summary>The name of a curve in files and on the command line.</summary>
    public static string NameOf(SimulatedCurve curve) => curve switch
    {
        SimulatedCurve.Hourly => "hourly",
        SimulatedCurve.QuarterHour => "quarter-hour",
        _ => "daily-closing",
    };

    /// <summary>
    /// The first interval end after <paramref name="instant"/>. Hours and quarters are divided in UTC, so that a day of 23 or 25 hours has
    /// 23 or 25 of them (protocol notes 3.3); the zone's offset must therefore be whole hours. Days end at civil midnight.
    /// </summary>
    public static Instant EndAfter(SimulatedCurve curve, Instant instant, DateTimeZone zone, int period2Minutes = MinutesOfQuarter) =>
        curve switch
        {
            SimulatedCurve.Hourly => NextMultiple(instant, 3600),
            SimulatedCurve.QuarterHour => NextMultiple(instant, 60 * period2Minutes),
            _ => zone.AtStartOfDay(instant.InZone(zone).Date.PlusDays(1)).ToInstant(),
        };

    /// <summary>The interval ends in (after, until], in order.</summary>
    public static IEnumerable<Instant> Ends(
        SimulatedCurve curve, Instant after, Instant until, DateTimeZone zone, int period2Minutes = MinutesOfQuarter)
    {
        for (var end = EndAfter(curve, after, zone, period2Minutes); end <= until; end = EndAfter(curve, end, zone, period2Minutes))
            yield return end;
    }

    /// <summary>
    /// What a curve holds for an object, 1 to 8, at the end of one of its intervals. Periods that are not a whole number of quarters are
    /// made of thirds of a quarter (5 minutes); a third is its share of the quarter, rounded so that the three add up to it.
    /// </summary>
    public static Reading Measured(IMeterData data, SimulatedCurve curve, Instant end, int @object, int period2Minutes = MinutesOfQuarter)
    {
        if (curve == SimulatedCurve.DailyClosing)
            return data.Register(end, @object);
        var minutes = curve == SimulatedCurve.Hourly ? 60 : period2Minutes;
        if (minutes % MinutesOfQuarter == 0)
            return data.Increment(end, minutes / MinutesOfQuarter, @object);
        var sum = new Reading(0, Quality.None);
        for (var before = 0; before < minutes; before += MinutesOfThird)
        {
            var third = Third(data, end - Duration.FromMinutes(before), @object);
            sum = new Reading(sum.Value + third.Value, sum.Quality | third.Quality);
        }

        return sum;
    }

    private static Reading Third(IMeterData data, Instant end, int @object)
    {
        var quarter = data.Increment(NextMultiple(end - Duration.FromSeconds(1), 60 * MinutesOfQuarter), 1, @object);
        var before = (uint)((end.ToUnixTimeSeconds() / (60 * MinutesOfThird) + 2) % 3);
        return quarter with { Value = quarter.Value * (before + 1) / 3 - quarter.Value * before / 3 };
    }

    private static Instant NextMultiple(Instant instant, long seconds) =>
        Instant.FromUnixTimeSeconds((Math.DivRem(instant.ToUnixTimeSeconds(), seconds).Quotient + 1) * seconds);
}
