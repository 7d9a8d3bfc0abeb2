using NodaTime;

namespace Iec102.Acquisition;

/// <summary>
/// How actors get the time: each is given a <see cref="TimeProvider"/>, since the scheduler's monotonic clock stays real under virtual time
/// and its wall clock may be set back.
/// </summary>
public static class TimeProviderExtensions
{
    /// <summary>The wall clock.</summary>
    public static Instant Now(this TimeProvider time) => Instant.FromDateTimeOffset(time.GetUtcNow());

    /// <summary>Monotonic time since an arbitrary origin, for waits and budgets.</summary>
    public static TimeSpan Elapsed(this TimeProvider time) => time.GetElapsedTime(0, time.GetTimestamp());
}
