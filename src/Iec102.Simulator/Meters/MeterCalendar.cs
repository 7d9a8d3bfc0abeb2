using Iec102.Protocol;
using NodaTime;

namespace Iec102.Simulator;

/// <summary>Between a meter's labels and instants, and what it holds (protocol notes 3.3).</summary>
/// <param name="zone">The meter's zone.</param>
/// <param name="habit">How its labels tell summer time.</param>
internal sealed class MeterCalendar(DateTimeZone zone, SummerTimeHabit habit)
{
    /// <summary>
    /// The instant that a limit of a range means; null when there is no such date. SU tells the two hours of the autumn change apart and is ignored
    /// elsewhere, because many masters never set it; 02:00 on the day of the spring change is 03:00 SU.
    /// </summary>
    public Instant? LimitOf(TimeTagA tag)
    {
        if (!tag.TryGetLocal(out var local))
            return null;
        if (habit == SummerTimeHabit.AlwaysWinter)
            return CivilTime.ToInstant(tag, zone, habit);
        var mapping = zone.MapLocal(local.Value);
        return mapping.Count switch
        {
            0 => local.Value.WithOffset(mapping.EarlyInterval.WallOffset).ToInstant(),
            1 => mapping.Single().ToInstant(),
            _ => (tag.SummerTime ? mapping.First() : mapping.Last()).ToInstant(),
        };
    }

    /// <summary>The label of an instant.</summary>
    public TimeTagA LabelOf(Instant instant) => CivilTime.ToTagA(instant, zone, habit);

    /// <summary>The begin of the civil day that lies so many days before the one of an instant.</summary>
    public Instant DaysBefore(Instant instant, int days) => zone.AtStartOfDay(instant.InZone(zone).Date.PlusDays(-days)).ToInstant();
}
