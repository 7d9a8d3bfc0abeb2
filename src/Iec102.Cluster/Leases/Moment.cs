using Iec102.Acquisition;

namespace Iec102.Cluster.Leases;

/// <summary>
/// A moment by two clocks of this computer. The monotonic one may stand still while the computer is suspended, and the wall clock may be
/// set; so what must end in time ends by whichever clock says so first, and what must wait waits by the monotonic clock, which never runs
/// ahead.
/// </summary>
/// <param name="Elapsed">By the monotonic clock, since an arbitrary origin.</param>
/// <param name="Wall">By the wall clock, since an arbitrary origin.</param>
public readonly record struct Moment(TimeSpan Elapsed, TimeSpan Wall)
{
    /// <summary>This moment.</summary>
    public static Moment Now(TimeProvider time) => new(time.Elapsed(), TimeSpan.FromTicks(time.GetUtcNow().UtcTicks));

    /// <summary>How much time may have passed since an earlier moment: the longer of the two answers.</summary>
    public TimeSpan Since(Moment earlier)
    {
        var (elapsed, wall) = (Elapsed - earlier.Elapsed, Wall - earlier.Wall);
        return elapsed > wall ? elapsed : wall;
    }
}
