using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tasks;

/// <summary>
/// The events of one record, types 102 and 1 (protocol notes 4.5), from a day before what is known, since meters' clocks move and an event
/// is stored only once; the first time two years back, or a month when the meter refuses that much. A wanted range is asked for as it is.
/// </summary>
/// <param name="meter">The meter's id.</param>
/// <param name="record">The record.</param>
/// <param name="every">How often it is read.</param>
/// <param name="readTo">Up to where it is stored; null when nothing is.</param>
/// <param name="wanted">The range that somebody wants; null to read onwards from what is stored.</param>
internal sealed class EventsTask(string meter, byte record, Duration every, Instant? readTo, TimeRange? wanted = null)
    : FactTask(meter, every)
{
    private static readonly Duration Overlap = Duration.FromDays(1);
    private static readonly Duration Backlog = Duration.FromDays(730);
    private static readonly Duration ShortBacklog = Duration.FromDays(30);

    private Instant? _readTo = readTo;
    private Instant _askedTo;
    private bool _asksLess;

    /// <summary>The records that hold events (protocol notes 2.3).</summary>
    public static IReadOnlyList<byte> Records { get; } = [52, 53, 54, 55, 128, 129, 130, 131, 132, 133];

    public override string Name => $"the events of record {record}";

    public override TypeIdentification Type => TypeIdentification.ReadEventsInRange;

    public override RequestClass Class => RequestClass.ClockAndEvents;

    public override Instant? ReadTo => _readTo;

    public override void Forget()
    {
        base.Forget();
        _readTo = null;
    }

    public override Request Next(TaskContext context)
    {
        _askedTo = wanted?.To ?? context.Now;
        var from = wanted?.From ?? (_readTo is { } known ? known - Overlap : context.Now - (_asksLess ? ShortBacklog : Backlog));
        // A clock that is ahead has labelled its last events later than now; and a tag has no seconds.
        var ahead = context.ClockOffset is { } offset ? Duration.Max(offset, Duration.Zero) : Duration.Zero;
        return Request.ReadEventsInRange(
            context.Point, record, context.Label(from), context.Label(_askedTo + ahead + Duration.FromMinutes(1)));
    }

    public override MeterFact? PartOf(ExchangeEnded ended, TaskContext context) =>
        wanted is not null && FactAnswers.Events(ended.Request, ended.Answers, context.Zone, context.Habit) is { Count: > 0 } events
            ? Fact(events, ended, context)
            : null;

    protected override IReadOnlyList<MeterFact> TakeAnswer(ExchangeEnded ended, TaskContext context) =>
        Tell(FactAnswers.Events(ended.Request, ended.Answers, context.Zone, context.Habit), ended, context);

    protected override IReadOnlyList<MeterFact> TakeRefusal(ExchangeEnded ended, TaskContext context)
    {
        if (wanted is not null)
            return base.TakeRefusal(ended, context);
        switch (ended.Cause)
        {
            case CauseOfTransmission.TypeNotAvailable or CauseOfTransmission.RecordNotKnown or CauseOfTransmission.AddressNotKnown:
                return base.TakeRefusal(ended, context);
            // From a record that has answered before, this is how some meters say that there are no events.
            case CauseOfTransmission.RecordNotAvailable or CauseOfTransmission.PeriodNotAvailable when _readTo is not null:
                return Tell([], ended, context);
            default:
                if (_readTo is not null || _asksLess)
                {
                    _asksLess = false;
                    return base.TakeRefusal(ended, context);
                }

                _asksLess = true;
                Due = context.Now;
                return [];
        }
    }

    private EventsRead[] Tell(IReadOnlyList<EventRead> events, ExchangeEnded ended, TaskContext context)
    {
        Due = NextRegular(context.Now);
        if (events.Count == 0 && !ClockTrust.Believes(context.ClockOffset))
            return [];
        _readTo = _askedTo;
        return [Fact(events, ended, context)];
    }

    private EventsRead Fact(IReadOnlyList<EventRead> events, ExchangeEnded ended, TaskContext context) =>
        new(context.Meter, context.SerialNumber, ended.EndedAt, record, _askedTo, events);
}
