using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tasks;

/// <summary>The meter and the moment for which a task makes its request.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="SerialNumber">Its serial number; 0 when it gives none.</param>
/// <param name="Point">The measurement point.</param>
/// <param name="Zone">The zone of the meter's civil time.</param>
/// <param name="Habit">How it labels summer time.</param>
/// <param name="ClockOffset">The meter's clock less ours; null when it was not read in this session.</param>
/// <param name="MaxOctets">What the line can carry in the time that one exchange may take.</param>
/// <param name="Now">The moment.</param>
internal sealed record TaskContext(
    string Meter, uint SerialNumber, ushort Point, DateTimeZone Zone, SummerTimeHabit Habit, Duration? ClockOffset, int MaxOctets,
    Instant Now)
{
    /// <summary>The label that the meter gives to an instant.</summary>
    public TimeTagA Label(Instant instant) => CivilTime.ToTagA(instant, Zone, Habit);
}

/// <summary>Something that a meter is asked, one exchange after the other: knows when it is due and what to ask next.</summary>
internal abstract class MeterTask
{
    /// <summary>What is asked for, in words that follow "The meter refuses to give", such as "its clock".</summary>
    public abstract string Name { get; }

    /// <summary>The weight of its requests on the line, unless somebody waits for them.</summary>
    public abstract RequestClass Class { get; }

    /// <summary>How much of it is done, 0 to 1, for a task that reads a wanted range in many exchanges.</summary>
    public virtual double Share => 0;

    /// <summary>When it is to be done next; <see cref="Instant.MaxValue"/> when nothing calls for it.</summary>
    public Instant Due { get; protected set; } = Instant.MaxValue;

    /// <summary>Makes the task due now.</summary>
    public void Hasten(Instant now) => Due = now;

    /// <summary>What to ask next.</summary>
    public abstract Request Next(TaskContext context);

    /// <summary>Our clock was set by this much, and shows this now: the task is due after the same wait as before.</summary>
    public virtual void ClockStepped(Duration by, Instant now)
    {
        if (Due < Instant.MaxValue)
            Due += by;
    }

    /// <summary>Takes the end of an exchange that was cut, or never answered.</summary>
    public virtual void TakeFailure(ExchangeEnded ended, Instant now)
    {
    }
}

/// <summary>The identification of the meter, types 100 and 71 (protocol notes 4.3).</summary>
internal sealed class IdentificationTask : MeterTask
{
    public override string Name => "its identification";

    public override RequestClass Class => RequestClass.LiveValues;

    public override Request Next(TaskContext context) => Request.ReadDeviceIdentification(context.Point);

    /// <summary>It was asked for: nothing calls for it again.</summary>
    public void Done() => Due = Instant.MaxValue;
}

/// <summary>The clock, types 103 and 72 (protocol notes 4.3), read at every login and then from time to time.</summary>
/// <param name="every">How often.</param>
internal sealed class ClockTask(Duration every) : MeterTask
{
    public override string Name => "its clock";

    public override RequestClass Class => RequestClass.ClockAndEvents;

    public override Request Next(TaskContext context) => Request.ReadCurrentTime(context.Point);

    /// <summary>It was asked for: it is due again after the usual time.</summary>
    public void Plan(Instant now) => Due = now + every;

    /// <summary>Makes the task due at this moment, unless it is due before.</summary>
    public void PlanBefore(Instant at) => Due = Instant.Min(Due, at);
}
