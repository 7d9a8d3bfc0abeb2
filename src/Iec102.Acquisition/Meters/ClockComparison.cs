using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>
/// Compares a meter's clock answer with our clock, and concludes from it how the meter labels summer time (architecture, "Time of an
/// interval").
/// </summary>
public static class ClockComparison
{
    /// <summary>The comparison; null when the tag is not a valid date.</summary>
    /// <param name="tag">The answer, type b.</param>
    /// <param name="answeredAt">When it arrived.</param>
    /// <param name="roundTrip">
    /// The time from the poll to the answer: the meter made the tag somewhere within it, on average in the middle.
    /// </param>
    /// <param name="zone">The meter's zone.</param>
    /// <param name="habit">The meter's summer-time habit.</param>
    public static ClockReading? Compare(TimeTagB tag, Instant answeredAt, TimeSpan roundTrip, DateTimeZone zone, SummerTimeHabit habit)
    {
        if (CivilTime.ToInstant(tag, zone, habit) is not { } meterTime)
            return null;
        var half = Duration.FromTimeSpan(roundTrip / 2);
        return new ClockReading(tag, meterTime - (answeredAt - half), half, answeredAt);
    }

    /// <summary>
    /// The habit under which the tag comes within 15 minutes of our clock. Keeps <paramref name="known"/> when that fits, since in winter
    /// all habits look alike, and when none does, since then the clock is wrong and shows nothing.
    /// </summary>
    public static SummerTimeHabit DetectHabit(TimeTagB tag, Instant now, DateTimeZone zone, SummerTimeHabit known)
    {
        if (Fits(known))
            return known;
        foreach (var habit in (ReadOnlySpan<SummerTimeHabit>)[SummerTimeHabit.SuBit, SummerTimeHabit.AlwaysWinter, SummerTimeHabit.Civil])
        {
            if (Fits(habit))
                return habit;
        }

        return known;

        bool Fits(SummerTimeHabit habit) => ClockTrust.Believes(CivilTime.ToInstant(tag, zone, habit) - now);
    }
}
