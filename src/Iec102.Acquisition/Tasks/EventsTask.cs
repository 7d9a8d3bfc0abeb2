using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tasks;

/// <summary>
/// The events of one record, types 102 and 1 (protocol notes 4.5), from a day before what is known, since meters' clocks move and an event
/// is stored only once; the first time two years back, or a month when the meter refuses that much. A wanted range is asked for as it is.
/// <para>An answer that is cut, or has more events than a meter keeps, is asked for again in halves, so that nothing real is lost. The more
/// events an answer has, the longer the next one waits: 36 s for each, so that a meter which makes events up adds at most 2,400 of them a
/// day to each record.</para>
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
    private static readonly Duration LeastSpan = Duration.FromHours(1);
    private static readonly Duration PauseForEachEvent = Duration.FromSeconds(36);
    private const int MostInADay = 2_400;
    private const int MostInAnAnswer = 10_000;

    private Instant? _readTo = readTo;
    private Instant _askedFrom;
    private Instant _askedTo;
    private Duration? _span;
    private bool _isPart; // of what there is: the range asked for ended before the moment of asking
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
        (_readTo, _span) = (null, null);
    }

    public override Request Next(TaskContext context)
    {
        // After our clock was set back, what is known may end later than now.
        var readTo = _readTo is { } to ? Instant.Min(to, context.Now) : (Instant?)null;
        _askedFrom = readTo ?? context.Now - (_asksLess ? ShortBacklog : Backlog);
        _askedTo = wanted?.To ?? (_span is { } span ? Instant.Min(_askedFrom + span, context.Now) : context.Now);
        _isPart = _askedTo < context.Now;
        var from = wanted?.From ?? (readTo is { } known ? known - Duration.Min(Overlap, _span ?? Overlap) : _askedFrom);
        // A clock that is ahead has labelled its last events later than now; and a tag has no seconds.
        var ahead = context.ClockOffset is { } offset ? Duration.Max(offset, Duration.Zero) : Duration.Zero;
        return Request.ReadEventsInRange(
            context.Point, record, context.Label(from), context.Label(_askedTo + ahead + Duration.FromMinutes(1)));
    }

    public override MeterFact? PartOf(ExchangeEnded ended, TaskContext context) =>
        wanted is not null && FactAnswers.Events(ended.Request, ended.Answers, context.Zone, context.Habit) is { Count: > 0 } events
            ? Fact(events, ended, context)
            : null;

    public override void TakeFailure(ExchangeEnded ended, Instant now)
    {
        base.TakeFailure(ended, now);
        if (ended.End is ExchangeEnd.Expired or ExchangeEnd.Excess && ended.Answers.Count > 0)
            Narrow();
    }

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
        if (wanted is not null)
        {
            Due = NextRegular(context.Now);
            return [Fact(events, ended, context)];
        }

        // In the shortest range the first of them are taken, so that the next range gets its turn.
        var isTooMuch = events.Count > MostInAnAnswer && Narrow();
        var isBehind = isTooMuch || _isPart;
        var pause = PauseForEachEvent * Math.Min(events.Count, MostInAnAnswer);
        Due = Instant.Max(isBehind ? context.Now : NextRegular(context.Now), context.Now + pause);
        Alarm = events.Count > MostInADay
            ? $"it gave {events.Count} events of record {record} in one answer; the record is read again at {Due}"
            : null;
        if (isTooMuch)
            return [];
        if (!isBehind)
            _span = null;
        else if (events.Count < MostInAnAnswer / 4)
            _span += _span;
        if (events.Count == 0 && !ClockTrust.Believes(context.ClockOffset))
            return [];
        _readTo = _askedTo;
        return [Fact([.. events.Take(MostInAnAnswer)], ended, context)];
    }

    /// <summary>Half of the range is asked for next; false when it was the shortest.</summary>
    private bool Narrow()
    {
        var asked = _askedTo - _askedFrom;
        if (wanted is not null || asked <= LeastSpan)
            return false;
        _span = Duration.Max(asked / 2, LeastSpan);
        return true;
    }

    private EventsRead Fact(IReadOnlyList<EventRead> events, ExchangeEnded ended, TaskContext context) =>
        new(context.Meter, context.SerialNumber, ended.EndedAt, record, _askedTo, events);
}
