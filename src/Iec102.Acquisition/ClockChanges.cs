using NodaTime;

namespace Iec102.Acquisition;

/// <summary>Where a zone changes between winter and summer time.</summary>
internal static class ClockChanges
{
    /// <summary>
    /// The bounds of a request stay this far away from a change of the clock: some meters take the hours around it by the wrong offset
    /// (protocol notes 3.3).
    /// </summary>
    public static readonly Duration Clear = Duration.FromHours(3);

    /// <summary>The change that an instant is closer to than <see cref="Clear"/>; null when there is none.</summary>
    public static Instant? Near(Instant instant, DateTimeZone zone)
    {
        var interval = zone.GetZoneInterval(instant);
        if (interval.HasStart && instant - interval.Start < Clear)
            return interval.Start;
        return interval.HasEnd && interval.End - instant < Clear ? interval.End : null;
    }
}
