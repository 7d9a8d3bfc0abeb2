using NodaTime;

namespace Iec102.Acquisition;

/// <summary>
/// How far a meter's clock may be off for its times to be believed. A meter whose clock is further off searches the wrong time for what it
/// is asked: an empty answer proves nothing, and its labels do not show how it labels summer time.
/// </summary>
public static class ClockTrust
{
    /// <summary>The largest difference from our clock at which a meter's clock is believed.</summary>
    public static readonly Duration Limit = Duration.FromMinutes(15);

    /// <summary>Whether a clock that is this far off is believed; one that was not read is not.</summary>
    /// <param name="offset">The meter's clock less ours; null when it was not read in this session.</param>
    public static bool Believes(Duration? offset) => offset is { } known && known <= Limit && known >= -Limit;
}
