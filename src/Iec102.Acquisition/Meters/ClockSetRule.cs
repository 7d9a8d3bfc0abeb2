using System.Globalization;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>What to do about a meter's clock.</summary>
public enum ClockVerdict
{
    /// <summary>It is right, or near enough.</summary>
    Leave,

    /// <summary>Set it now.</summary>
    Set,

    /// <summary>Set it later: an interval ends now, or an attempt was made less than an hour ago.</summary>
    Wait,

    /// <summary>It is off, and is never set.</summary>
    Never,

    /// <summary>It is further off than the largest difference that is corrected.</summary>
    TooFar,

    /// <summary>Our own clock is not known to be right.</summary>
    HostUnsynchronised,

    /// <summary>The line is so slow that the difference is not known well enough.</summary>
    TooUncertain,

    /// <summary>Between two interval ends there is no moment that is far enough from both.</summary>
    PeriodTooShort,
}

/// <summary>What to do about the clock, and why.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Alarm">Why a clock that is off is not set, in one sentence; null when it is in order, or will be set.</param>
/// <param name="NotBefore">When to look again, if that is known.</param>
public sealed record ClockJudgement(ClockVerdict Verdict, string? Alarm = null, Instant? NotBefore = null);

/// <summary>
/// When a meter's clock is set (clock.set of the fleet file). A clock that jumps over the end of an interval leaves that interval out or
/// records it twice, so the setting keeps two minutes away from every end, by the meter's clock and by ours, and never jumps over one.
/// </summary>
/// <param name="limits">The smallest and the largest difference that is corrected.</param>
/// <param name="zone">The zone of the meter's civil time.</param>
public sealed class ClockSetRule(ClockSetConfiguration limits, DateTimeZone zone)
{
    /// <summary>How long the command may take to be sent and confirmed.</summary>
    public static readonly Duration SendWithin = Duration.FromSeconds(15);

    private static readonly Duration Clear = Duration.FromMinutes(2);
    private static readonly Duration BetweenAttempts = Duration.FromHours(1);

    /// <summary>The period assumed until the meter's own are known.</summary>
    private static readonly Duration UsualPeriod = Duration.FromMinutes(15);

    private readonly Duration _min = Duration.FromTimeSpan(limits.Min);
    private readonly Duration _max = Duration.FromTimeSpan(limits.Max);

    /// <summary>Judges a check of a clock that is never set: it is only reported.</summary>
    /// <param name="reading">The check.</param>
    /// <param name="alarm">The difference from which on it is reported.</param>
    public static ClockJudgement NeverSet(ClockReading reading, Duration alarm) =>
        Duration.Max(reading.Offset, -reading.Offset) < alarm
            ? new ClockJudgement(ClockVerdict.Leave)
            : new ClockJudgement(
                ClockVerdict.Never,
                $"the clock is {InWords(reading.Offset)} off and is not set: clock.set is never; set it with sync-clock");

    /// <summary>Judges a clock check.</summary>
    /// <param name="reading">The check, made just now.</param>
    /// <param name="periods">The meter's integration periods; null while they are not known.</param>
    /// <param name="hostIsSynchronised">Whether our own clock is known to be right.</param>
    /// <param name="lastAttempt">When the clock was last written, successfully or not; null for never.</param>
    /// <param name="now">The moment, by our clock.</param>
    public ClockJudgement Judge(ClockReading reading, CurvePeriods? periods, bool hostIsSynchronised, Instant? lastAttempt, Instant now)
    {
        var off = Duration.Max(reading.Offset, -reading.Offset);
        var clock = $"the clock is {InWords(reading.Offset)} off";
        if (off < _min)
            return new ClockJudgement(ClockVerdict.Leave);
        if (off > _max)
            return new ClockJudgement(
                ClockVerdict.TooFar, $"{clock}, more than clock.set.max ({Seconds(_max)} s): find out why, then set it with sync-clock");
        if (!hostIsSynchronised)
            return new ClockJudgement(
                ClockVerdict.HostUnsynchronised, $"{clock} and is not set: the clock of this machine is not synchronised; run NTP on it");
        if (reading.Uncertainty > _min)
        {
            return new ClockJudgement(
                ClockVerdict.TooUncertain,
                $"{clock} and is not set: the line is so slow that this offset is known only to within {Seconds(reading.Uncertainty)} s; "
                + "raise clock.set.min");
        }

        if (lastAttempt is { } last && now < last + BetweenAttempts)
            return new ClockJudgement(ClockVerdict.Wait, NotBefore: last + BetweenAttempts);
        return GoodMoment(now, reading.Offset, periods, zone) switch
        {
            null => new ClockJudgement(
                ClockVerdict.PeriodTooShort,
                $"{clock} and is not set: the meter's intervals are too short to set it between two ends; set it with sync-clock"),
            { } moment when moment > now => new ClockJudgement(ClockVerdict.Wait, NotBefore: moment),
            _ => new ClockJudgement(ClockVerdict.Set),
        };
    }

    /// <summary>
    /// The first moment, by our clock, from which both clocks and the jump between them stay clear of every end; null when there is none.
    /// </summary>
    /// <param name="now">The moment, by our clock.</param>
    /// <param name="offset">The meter's clock less ours.</param>
    /// <param name="periods">The meter's integration periods; null while they are not known.</param>
    /// <param name="zone">The zone of the meter's civil time.</param>
    public static Instant? GoodMoment(Instant now, Duration offset, CurvePeriods? periods, DateTimeZone zone)
    {
        var from = Instant.Min(now, now + offset) - Clear;
        var to = Instant.Max(now, now + offset) + Clear + SendWithin;
        var known = PeriodsOf(periods);
        var shift = Duration.Zero;
        while (shift <= known.Max() + known.Max())
        {
            if (LastEnd(from + shift, to + shift, known, zone) is not { } end)
                return now + shift;
            shift = end - from + Duration.FromMilliseconds(1);
        }

        return null;
    }

    /// <summary>An offset, such as +90.2 s or -40 min 3 s.</summary>
    private static string InWords(Duration offset)
    {
        var seconds = Math.Abs(offset.TotalSeconds);
        var sign = offset < Duration.Zero ? "-" : "+";
        return seconds < 120
            ? string.Create(CultureInfo.InvariantCulture, $"{sign}{seconds:0.0} s")
            : string.Create(CultureInfo.InvariantCulture, $"{sign}{Math.Floor(Math.Round(seconds) / 60)} min {Math.Round(seconds) % 60} s");
    }

    private static string Seconds(Duration duration) => duration.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    private static List<Duration> PeriodsOf(CurvePeriods? periods)
    {
        var known = new List<Duration>();
        foreach (var minutes in (ReadOnlySpan<byte>)[periods?.Period1Minutes ?? 0, periods?.Period2Minutes ?? 0])
        {
            if (minutes > 0)
                known.Add(Duration.FromMinutes(minutes));
        }

        return known.Count > 0 ? known : [UsualPeriod];
    }

    /// <summary>The last end of an interval between two instants; null when none lies there.</summary>
    private static Instant? LastEnd(Instant from, Instant to, List<Duration> periods, DateTimeZone zone)
    {
        Instant? last = null;
        foreach (var period in periods)
        {
            // Intervals are counted from civil midnight.
            var offset = zone.GetUtcOffset(to);
            var sinceEnd = (to.ToUnixTimeTicks() + offset.Ticks) % period.BclCompatibleTicks;
            var end = to - Duration.FromTicks(sinceEnd);
            if (end >= from && (last is null || end > last))
                last = end;
        }

        return last;
    }
}
