using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Simulator.Meters;

/// <summary>Converts between a meter's time labels and instants (protocol notes 3.3).</summary>
/// <param name="zone">The meter's time zone.</param>
/// <param name="habit">How the labels indicate summer time.</param>
/// <param name="wrongDayOfWeek">Whether labels name the day of the week after the true one.</param>
internal sealed class MeterCalendar(DateTimeZone zone, SummerTimeHabit habit, bool wrongDayOfWeek = false)
{
    /// <summary>
    /// The instant that the limit of a requested range means; null when there is no such date. SU distinguishes the two hours of the autumn
    /// change and is ignored elsewhere, because many masters never set it; 02:00 on the day of the spring change is 03:00 SU.
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
    public TimeTagA LabelOf(Instant instant) => AsItIs(CivilTime.ToTagA(instant, zone, habit));

    /// <summary>The label of an instant with milliseconds.</summary>
    public TimeTagB PreciseLabelOf(Instant instant)
    {
        var label = CivilTime.ToTagB(instant, zone, habit);
        return label with { Minutes = AsItIs(label.Minutes) };
    }

    /// <summary>The start of the civil day that is this many days before the day of an instant.</summary>
    public Instant DaysBefore(Instant instant, int days) => zone.AtStartOfDay(instant.InZone(zone).Date.PlusDays(-days)).ToInstant();

    private TimeTagA AsItIs(TimeTagA label)
    {
        if (!wrongDayOfWeek)
            return label;
        Span<byte> octets = stackalloc byte[TimeTagA.Length];
        label.Write(octets);
        octets[2] = (byte)(label.Day | (label.DayOfWeek % 7 + 1) << 5);
        return TimeTagA.Read(octets);
    }
}
