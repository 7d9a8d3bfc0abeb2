using NodaTime;

namespace Iec102.Acquisition;

/// <summary>When a zone changes between winter and summer time.</summary>
internal static class ClockChanges
{
    /// <summary>
    /// The bounds of a request stay this far away from a change of the clock: some meters apply the wrong offset to the hours around it
    /// (protocol notes 3.3).
    /// </summary>
    public static readonly Duration Clear = Duration.FromHours(3);

    /// <summary>The clock change less than <see cref="Clear"/> away from an instant; null when there is none.</summary>
    public static Instant? Near(Instant instant, DateTimeZone zone)
    {
        var interval = zone.GetZoneInterval(instant);
        if (interval.HasStart && instant - interval.Start < Clear)
            return interval.Start;
        return interval.HasEnd && interval.End - instant < Clear ? interval.End : null;
    }
}
