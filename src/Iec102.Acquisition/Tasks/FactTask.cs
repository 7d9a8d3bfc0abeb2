using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tasks;

/// <summary>
/// Something that a meter is asked from time to time and that is stored as a <see cref="MeterFact"/>. Every meter has its own moment within
/// a period, so that a thousand of them are not asked at once; the tasks of one meter are due together, so that one session serves them.
/// </summary>
internal abstract class FactTask(string meter, Duration every) : MeterTask
{
    protected static readonly Duration OneDay = Duration.FromDays(1);

    /// <summary>Facts that have never been read are asked for within this time.</summary>
    private static readonly Duration FirstSpread = Duration.FromMinutes(1);

    private int _failures;

    /// <summary>The type of its requests: a meter that lacks it is not asked for other records with it either.</summary>
    public abstract TypeIdentification Type { get; }

    /// <summary>The record of the contract it belongs to, 134 to 136; null when it belongs to none.</summary>
    public virtual byte? Contract => null;

    /// <summary>Everything up to this instant is stored; null when nothing is, or when the task reads the present only.</summary>
    public virtual Instant? ReadTo => null;

    /// <summary>The exchange in which the meter refused to give it; null once it has given it.</summary>
    public ExchangeEnded? Refusal { get; protected set; }

    /// <summary>What is strange about the last answer, in words that follow "meter X: "; null when nothing is.</summary>
    public string? Alarm { get; protected set; }

    /// <summary>The meter's moment within a period, 0 to 1.</summary>
    protected double Fraction { get; } = StableHash.Fraction(meter);

    /// <summary>Everything is to be read as from a meter that was never seen.</summary>
    public virtual void Forget() => Refusal = null;

    /// <summary>Plans the first reading.</summary>
    /// <param name="lastRead">When it was read last; null when it never was.</param>
    /// <param name="now">The moment.</param>
    public void Plan(Instant? lastRead, Instant now) => Due = lastRead is { } read ? NextRegular(read) : now + FirstSpread * Fraction;

    /// <summary>The meter does not have it: tried again in a day.</summary>
    public void Park(ExchangeEnded refusal, Instant now) => (Due, Refusal) = (now + OneDay, refusal);

    /// <summary>Takes the answer to it.</summary>
    /// <returns>The facts to report; <see cref="MeterTask.Due"/> is in the past when there is more to ask.</returns>
    public IReadOnlyList<MeterFact> Take(ExchangeEnded ended, TaskContext context)
    {
        _failures = 0;
        Alarm = null;
        if (ended.End == ExchangeEnd.Refused)
            return TakeRefusal(ended, context);
        Refusal = null;
        return TakeAnswer(ended, context);
    }

    /// <summary>
    /// What arrived before an exchange was cut, for somebody who wants a range and may get no more of it; null when nothing arrived, or
    /// when the task reads onwards from what is stored, since then all of it is read again.
    /// </summary>
    public virtual MeterFact? PartOf(ExchangeEnded ended, TaskContext context) => null;

    /// <summary>
    /// After its first failure the task stays due; after further ones it waits, so that a request that costs the session each time does not
    /// keep the meter from everything else.
    /// </summary>
    public override void TakeFailure(ExchangeEnded ended, Instant now)
    {
        if (ended.End is ExchangeEnd.PortLost or ExchangeEnd.SessionLost)
            return;
        if (_failures > 0)
            Due = now + Duration.FromTimeSpan(Backoff.ForPeople.After(_failures - 1));
        _failures++;
    }

    /// <summary>
    /// Keeps its moment, so that a clock that is set back does not have it read twice a day; but waits for none after its next regular one.
    /// </summary>
    public override void ClockStepped(Duration by, Instant now) => Due = Due <= now - by ? now : Instant.Min(Due, NextTime(now));

    protected abstract IReadOnlyList<MeterFact> TakeAnswer(ExchangeEnded ended, TaskContext context);

    protected virtual IReadOnlyList<MeterFact> TakeRefusal(ExchangeEnded ended, TaskContext context)
    {
        Park(ended, context.Now);
        return [];
    }

    /// <summary>When it is read next if it has been read.</summary>
    protected virtual Instant NextTime(Instant now) => NextRegular(now);

    /// <summary>Its next moment within the period after an instant.</summary>
    protected Instant NextRegular(Instant after)
    {
        var ticks = every.BclCompatibleTicks;
        var phase = (long)(ticks * Fraction);
        var periods = (after.ToUnixTimeTicks() - phase) / ticks + 1;
        return Instant.FromUnixTimeTicks(periods * ticks + phase);
    }
}
