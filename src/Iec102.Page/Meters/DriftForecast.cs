namespace Iec102.Page.Meters;

/// <summary>How a meter's clock drifts, and when it will be off so far that it is a problem.</summary>
/// <param name="SecondsPerDay">By how much it gains in a day; negative when it loses.</param>
/// <param name="Alarm">When it will be off by the limit; null when it already is, or will not be within two years.</param>
/// <param name="IsBeyond">Whether it is off by the limit already.</param>
public sealed record DriftForecast(double SecondsPerDay, DateTimeOffset? Alarm, bool IsBeyond)
{
    private static readonly TimeSpan Least = TimeSpan.FromDays(1);
    private static readonly TimeSpan Looked = TimeSpan.FromDays(30);
    private static readonly TimeSpan Farthest = TimeSpan.FromDays(730);

    /// <summary>
    /// The straight line through the checks of the last thirty days since the clock was set; null when they are fewer than three, or from
    /// less than a day.
    /// </summary>
    /// <param name="checks">The checks in order: when, and the meter's clock less ours in seconds.</param>
    /// <param name="lastSet">When the clock was last set, or may have been; null for never.</param>
    /// <param name="limitSeconds">The limit, clock.alarm.</param>
    public static DriftForecast? Of(
        IReadOnlyList<(DateTimeOffset At, double Seconds)> checks, DateTimeOffset? lastSet, double limitSeconds)
    {
        if (checks.Count == 0)
            return null;
        var last = checks[^1].At;
        var used = checks.Where(check => check.At > (lastSet ?? DateTimeOffset.MinValue) && check.At >= last - Looked).ToList();
        if (used.Count < 3 || last - used[0].At < Least)
            return null;
        var (days, offsets) = (used.Average(check => DaysBefore(check.At)), used.Average(check => check.Seconds));
        var drift = used.Sum(check => (DaysBefore(check.At) - days) * (check.Seconds - offsets))
            / used.Sum(check => Math.Pow(DaysBefore(check.At) - days, 2));
        // The line's own offset at the last check, which has less noise than the check.
        var now = offsets - drift * days;
        if (Math.Abs(now) >= limitSeconds)
            return new DriftForecast(drift, null, IsBeyond: true);
        var left = drift == 0 ? double.PositiveInfinity : ((drift > 0 ? limitSeconds : -limitSeconds) - now) / drift;
        return new DriftForecast(drift, left <= Farthest.TotalDays ? last + TimeSpan.FromDays(left) : null, IsBeyond: false);

        double DaysBefore(DateTimeOffset at) => (at - last).TotalDays;
    }
}
