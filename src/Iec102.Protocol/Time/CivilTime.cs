using NodaTime;

namespace Iec102.Protocol.Time;

/// <summary>How a meter labels its times in summer (protocol notes 3.3).</summary>
public enum SummerTimeHabit
{
    /// <summary>The SU bit says whether summer time is in force; the label is civil time. This is what the profile requires.</summary>
    SuBit,

    /// <summary>The label is standard time all year, and the SU bit has no meaning.</summary>
    AlwaysWinter,

    /// <summary>The label is civil time, but the SU bit is not set in summer.</summary>
    Civil,
}

/// <summary>Converts between the meter's time labels and instants (protocol notes 3.3).</summary>
public static class CivilTime
{
    private static readonly Duration OneHour = Duration.FromHours(1);

    /// <summary>The instant that a type a label names; null when that date or time does not exist.</summary>
    /// <param name="tag">The label.</param>
    /// <param name="zone">The meter's time zone.</param>
    /// <param name="habit">How the meter labels summer time.</param>
    /// <param name="previous">
    /// The instant before it in the same series. It is needed only for <see cref="SummerTimeHabit.Civil"/>, where it decides which of the
    /// two autumn hours with the same labels is meant; without it, the first of them is meant.
    /// </param>
    public static Instant? ToInstant(TimeTagA tag, DateTimeZone zone, SummerTimeHabit habit, Instant? previous = null) =>
        tag.TryGetLocal(out var local) ? ToInstant(local.Value, tag.SummerTime, zone, habit, previous) : null;

    /// <summary>The instant that a type b label names; null when that date or time does not exist.</summary>
    public static Instant? ToInstant(TimeTagB tag, DateTimeZone zone, SummerTimeHabit habit) =>
        tag.TryGetLocal(out var local) ? ToInstant(local.Value, tag.Minutes.SummerTime, zone, habit, null) : null;

    /// <summary>The label that the meter gives to an instant, as a civil time and its SU bit.</summary>
    public static (LocalDateTime Local, bool SummerTime) ToLabel(Instant instant, DateTimeZone zone, SummerTimeHabit habit)
    {
        var interval = zone.GetZoneInterval(instant);
        var summer = interval.Savings > Offset.Zero;
        return habit switch
        {
            SummerTimeHabit.AlwaysWinter => (instant.WithOffset(interval.StandardOffset).LocalDateTime, false),
            SummerTimeHabit.Civil => (instant.WithOffset(interval.WallOffset).LocalDateTime, false),
            _ => (instant.WithOffset(interval.WallOffset).LocalDateTime, summer),
        };
    }

    /// <summary>The type a tag that the meter gives to an instant; seconds are dropped.</summary>
    public static TimeTagA ToTagA(Instant instant, DateTimeZone zone, SummerTimeHabit habit = SummerTimeHabit.SuBit)
    {
        var (local, summer) = ToLabel(instant, zone, habit);
        return new TimeTagA(local, summer);
    }

    /// <summary>The type b tag that the meter gives to an instant.</summary>
    public static TimeTagB ToTagB(Instant instant, DateTimeZone zone, SummerTimeHabit habit = SummerTimeHabit.SuBit)
    {
        var (local, summer) = ToLabel(instant, zone, habit);
        return new TimeTagB(local, summer);
    }

    /// <summary>00:00 of a day by the meter's labels.</summary>
    public static Instant Midnight(LocalDate date, DateTimeZone zone, SummerTimeHabit habit) =>
        ToInstant(date.AtMidnight(), date.AtStartOfDayInZone(zone).GetZoneInterval().Savings > Offset.Zero, zone, habit, previous: null);

    private static Instant ToInstant(LocalDateTime local, bool summerTime, DateTimeZone zone, SummerTimeHabit habit, Instant? previous)
    {
        if (habit == SummerTimeHabit.Civil)
        {
            var mapping = zone.MapLocal(local);
            return mapping.Count switch
            {
                1 => mapping.Single().ToInstant(),
                // A label in the hour that is skipped in spring is read as if the clock had not been changed yet.
                0 => local.WithOffset(mapping.EarlyInterval.WallOffset).ToInstant(),
                _ => previous is { } before && mapping.First().ToInstant() <= before
                    ? mapping.Last().ToInstant()
                    : mapping.First().ToInstant(),
            };
        }

        // The zone's standard offset is the same on both sides of a clock change, so reading the label as UTC is accurate enough to look
        // the offset up.
        var near = local.InUtc().ToInstant();
        var standard = local.WithOffset(zone.GetZoneInterval(near).StandardOffset).ToInstant();
        return habit == SummerTimeHabit.SuBit && summerTime ? standard - OneHour : standard;
    }
}
