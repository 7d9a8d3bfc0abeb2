using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Live;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Verdicts;

/// <summary>How many meters have complete curves for a day, of those that record any.</summary>
/// <param name="Complete">Of each curve that they record, everything is recorded or absent.</param>
/// <param name="Of">The meters that record a curve and are not disabled.</param>
public readonly record struct CompleteMeters(int Complete, int Of)
{
    /// <summary>Counts them for the day before the present one in each meter's zone.</summary>
    public static CompleteMeters Yesterday(FleetConfiguration fleet, LiveMeters meters, Instant now)
    {
        var recording = FleetPlan.MetersOf(fleet).Where(meter => FleetPlan.CurvesOf(meter).Any()).ToList();
        return new CompleteMeters(recording.Count(IsComplete), recording.Count);

        bool IsComplete(MeterConfiguration meter)
        {
            var yesterday = now.InZone(meter.TimeZone).Date.PlusDays(-1);
            return meters.ById.GetValueOrDefault(meter.Id) is { } live
                && FleetPlan.CurvesOf(meter).All(curve => live.Curves.GetValueOrDefault(curve)?.IsComplete(yesterday) == true);
        }
    }
}
