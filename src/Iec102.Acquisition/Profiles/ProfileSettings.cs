using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>What the fleet file says about one curve of one meter.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="Curve">The curve.</param>
/// <param name="PointAddress">The measurement point.</param>
/// <param name="Zone">The zone of the meter's civil time.</param>
/// <param name="From">From when on intervals are wanted; null: <paramref name="Depth"/> before the meter is first seen.</param>
/// <param name="Depth">How far back the meter keeps the curve.</param>
/// <param name="Settle">How long after its end an interval is ready in the meter.</param>
public sealed record ProfileSettings(
    string Meter, Curve Curve, ushort PointAddress, DateTimeZone Zone, Instant? From, Duration Depth, Duration Settle)
{
    /// <summary>The fleet file names the depth; otherwise a depth that the meter tells takes its place.</summary>
    public bool IsDepthGiven { get; init; }

    /// <summary>
    /// The longest lag of a meter's clock that delays what is expected: a clock that lags more is wrong rather than slow.
    /// </summary>
    private static readonly Duration MaxLag = Duration.FromDays(1);

    /// <summary>The id under which the curve's events are journaled.</summary>
    public string PersistenceId => $"profile-{Meter}-{Curve.Name()}";

    /// <summary>
    /// Where the expected intervals end: when both clocks, ours and the meter's, have passed an interval's end and the time to settle.
    /// </summary>
    /// <param name="now">Our clock.</param>
    /// <param name="clockOffset">The meter's clock less ours; null when it is not known.</param>
    internal Instant ExpectedEnd(Instant now, Duration? clockOffset) => now - Settle - Lag(clockOffset);

    /// <summary>When an interval that ends then is expected: the inverse of <see cref="ExpectedEnd"/>.</summary>
    internal Instant ExpectedAt(Instant end, Duration? clockOffset) => end + Settle + Lag(clockOffset);

    private static Duration Lag(Duration? clockOffset) =>
        Duration.Max(Duration.Zero, Duration.Min(MaxLag, -(clockOffset ?? Duration.Zero)));
}
