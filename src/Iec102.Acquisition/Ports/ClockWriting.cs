using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Ports;

/// <summary>
/// A command that sets a meter's clock (type 181, protocol notes 4.3) and is made only when its turn on the line has come: the label would
/// age in the queue.
/// </summary>
/// <param name="Point">The measurement point.</param>
/// <param name="Lead">How long the command takes to arrive; the label is ahead of our clock by that much.</param>
/// <param name="Zone">The zone of the meter's civil time.</param>
/// <param name="Habit">How the meter labels summer time.</param>
public sealed record ClockWriting(ushort Point, Duration Lead, DateTimeZone Zone, SummerTimeHabit Habit)
{
    /// <summary>The command as sent at this moment.</summary>
    public Request At(Instant moment) => Request.SetClock(Point, CivilTime.ToTagB(moment + Lead, Zone, Habit));
}
