using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>
/// Notices when the wall clock of this computer is set: it has then moved on by more, or less, than the monotonic clock. Being suspended
/// looks the same, since the monotonic clock stands still meanwhile.
/// </summary>
/// <param name="begun">The first moment.</param>
internal sealed class ClockSteps(Moment begun)
{
    /// <summary>Smaller steps change a wait by as much; they are noticed once they add up to this.</summary>
    private static readonly Duration Least = Duration.FromSeconds(5);

    private Instant _origin = OriginOf(begun);

    /// <summary>By how much the wall clock has been set since the last step, forward or back; null when it was not.</summary>
    public Duration? Take(Moment moment)
    {
        var by = OriginOf(moment) - _origin;
        if (Duration.Max(by, -by) < Least)
            return null;
        _origin += by;
        return by;
    }

    private static Instant OriginOf(Moment moment) => moment.Now - Duration.FromTimeSpan(moment.Elapsed);
}
