using NodaTime;

namespace Iec102.Acquisition.Live;

/// <summary>
/// How fast the missing intervals of a curve become fewer: counted from the beginning of the present run without a long pause.
/// </summary>
/// <param name="Since">When the run began.</param>
/// <param name="Before">What was missing then, and what has become missing since.</param>
/// <param name="MovedAt">When they last became fewer.</param>
/// <param name="Missing">What is missing now.</param>
internal sealed record CatchingUp(Instant Since, int Before, Instant MovedAt, int Missing)
{
    /// <summary>
    /// After such a pause, because the meter was out of reach for example, the speed is measured anew; also when our clock was set back.
    /// </summary>
    private static readonly Duration Pause = Duration.FromMinutes(10);

    /// <summary>How long the rest will take; null before anything was measured.</summary>
    public Duration? Remaining => Before > Missing && MovedAt > Since ? (MovedAt - Since) * ((double)Missing / (Before - Missing)) : null;

    /// <summary>Nothing is known but what is missing.</summary>
    public static CatchingUp From(int missing, Instant now) => new(now, missing, now, missing);

    /// <summary>So much is missing at a later moment.</summary>
    public CatchingUp With(int missing, Instant now) => missing switch
    {
        _ when missing >= Missing => this with { Before = Before + missing - Missing, Missing = missing },
        _ when now - MovedAt > Pause || now < MovedAt => From(missing, now),
        _ => this with { MovedAt = now, Missing = missing },
    };
}
