using Iec102.Acquisition.Profiles;
using NodaTime;
using NodaTime.Text;

namespace Iec102.Contract;

/// <summary>How much of a civil day of a curve is recorded; revised intervals are among the recorded ones.</summary>
public sealed record CurveDayModel(string Day, int Expected, int Recorded, int Revised, int Absent, int Missing, int Lost);

/// <summary>How much of each day of a range is recorded.</summary>
public sealed record DaysModel(string Meter, string Curve, IReadOnlyList<CurveDayModel> Days)
{
    /// <summary>The days of a report, with the interval ends that were revised.</summary>
    public static DaysModel Of(
        string meter, string curve, IEnumerable<DayCoverage> days, IEnumerable<Instant> revised, DateTimeZone zone)
    {
        // An interval belongs to the day in which it begins: one that ends at 00:00 to the day before.
        var byDay = revised.CountBy(end => (end - Duration.Epsilon).InZone(zone).Date).ToDictionary();
        return new DaysModel(meter, curve,
        [
            .. days.Select(day => new CurveDayModel(
                LocalDatePattern.Iso.Format(day.Day), day.Expected, day.Recorded, byDay.GetValueOrDefault(day.Day), day.Absent, day.Missing,
                day.Lost)),
        ]);
    }
}
