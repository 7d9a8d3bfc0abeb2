using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Readings;
using Iec102.Protocol;
using NodaTime;

namespace Iec102.Acquisition.Meters.Facts;

/// <summary>The meter and the moment in which a task works.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="SerialNumber">Its serial number; 0 when it gives none.</param>
/// <param name="Point">The measurement point.</param>
/// <param name="Zone">The zone of the meter's civil time.</param>
/// <param name="Habit">How it labels summer time.</param>
/// <param name="ClockOffset">The meter's clock less ours; null when it was not read in this session.</param>
/// <param name="MaxOctets">What the line can carry in the time that one exchange may take.</param>
/// <param name="Now">The moment.</param>
internal sealed record FactContext(
    string Meter, uint SerialNumber, ushort Point, DateTimeZone Zone, SummerTimeHabit Habit, Duration? ClockOffset, int MaxOctets, Instant Now)
{
    private static readonly Duration Near = Duration.FromMinutes(15);

    /// <summary>A meter whose clock is wrong looks for what it is asked in another time: that it finds nothing proves nothing.</summary>
    public bool BelievesAbsence => ClockOffset is { } offset && offset <= Near && offset >= -Near;

    public TimeTagA Label(Instant instant) => CivilTime.ToTagA(instant, Zone, Habit);
}

/// <summary>
/// Something that is read of a meter from time to time, one exchange after the other: knows when it is due, what to ask next, and what the answer says. Every
/// meter has its own moment within a period, so that a thousand of them do not ask at once; its tasks come together, so that one session serves them.
/// </summary>
internal abstract class FactTask(string meter, string name, Duration every)
{
    protected static readonly Duration OneDay = Duration.FromDays(1);

    /// <summary>What has never been read is asked for within this time.</summary>
    private static readonly Duration FirstSpread = Duration.FromMinutes(1);

    private readonly LoginBackoff _backoff = new();
    private bool _failedBefore;

    /// <summary>What is read, for logs.</summary>
    public string Name { get; } = name;

    /// <summary>The type of its requests: a meter that lacks it is not asked for other records of it either.</summary>
    public abstract TypeIdentification Type { get; }

    /// <summary>The weight of its requests, unless an operator waits for them.</summary>
    public abstract RequestClass Class { get; }

    /// <summary>The record of the contract it belongs to, 134 to 136; null when it belongs to none.</summary>
    public virtual byte? Contract => null;

    /// <summary>When it is to be read next.</summary>
    public Instant Due { get; protected set; }

    /// <summary>Why the meter did not give it, in one sentence; null once it did.</summary>
    public string? Refusal { get; protected set; }

    /// <summary>The meter's moment within a period, 0 to 1.</summary>
    protected double Fraction { get; } = StableHash.Fraction(meter);

    /// <summary>Everything is to be read as from a meter never seen.</summary>
    public virtual void Forget() => Refusal = null;

    /// <summary>Sets the first moment.</summary>
    /// <param name="lastRead">When it was read last; null when it never was.</param>
    /// <param name="now">The moment.</param>
    public void Plan(Instant? lastRead, Instant now) => Due = lastRead is { } read ? NextRegular(read) : now + FirstSpread * Fraction;

    /// <summary>To be read now.</summary>
    public void Hasten(Instant now) => Due = now;

    /// <summary>The meter does not have it: tried again in a day.</summary>
    public void Park(string? refusal, Instant now) => (Due, Refusal) = (now + OneDay, refusal);

    /// <summary>What to ask next.</summary>
    public abstract Request Next(FactContext context);

    /// <summary>Takes the answer to it.</summary>
    /// <returns>What is to be told; <see cref="Due"/> is in the past when there is more to ask.</returns>
    public IReadOnlyList<MeterFact> Take(ExchangeEnded ended, FactContext context)
    {
        _failedBefore = false;
        _backoff.Reset();
        if (ended.End == ExchangeEnd.Refused)
            return TakeRefusal(ended, context);
        Refusal = null;
        return TakeAnswer(ended, context);
    }

    /// <summary>
    /// Its exchange came to nothing: it stays due once. A request that costs the session again and again must not keep the meter from everything else.
    /// </summary>
    public void TakeFailure(ExchangeEnded ended, Instant now)
    {
        if (ended.End is ExchangeEnd.PortLost or ExchangeEnd.SessionLost)
            return;
        if (_failedBefore)
            Due = now + _backoff.NextWait();
        _failedBefore = true;
    }

    protected abstract IReadOnlyList<MeterFact> TakeAnswer(ExchangeEnded ended, FactContext context);

    protected virtual IReadOnlyList<MeterFact> TakeRefusal(ExchangeEnded ended, FactContext context)
    {
        Park(ended.Error, context.Now);
        return [];
    }

    /// <summary>Its next moment within the period after an instant.</summary>
    protected Instant NextRegular(Instant after)
    {
        var ticks = every.BclCompatibleTicks;
        var phase = (long)(ticks * Fraction);
        var periods = (after.ToUnixTimeTicks() - phase) / ticks + 1;
        return Instant.FromUnixTimeTicks(periods * ticks + phase);
    }
}
