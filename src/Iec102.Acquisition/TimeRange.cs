using NodaTime;

namespace Iec102.Acquisition;

/// <summary>A range of interval ends: everything after <paramref name="From"/> up to and including <paramref name="To"/>.</summary>
/// <param name="From">Exclusive.</param>
/// <param name="To">Inclusive.</param>
public readonly record struct TimeRange(Instant From, Instant To)
{
    /// <summary>No interval end lies in it.</summary>
    public bool IsEmpty => To <= From;

    /// <summary>Its length.</summary>
    public Duration Length => To - From;

    /// <summary>True when the interval end lies in it.</summary>
    public bool Contains(Instant end) => end > From && end <= To;
}
