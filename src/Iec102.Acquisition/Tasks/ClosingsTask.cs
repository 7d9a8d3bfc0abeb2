using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tasks;

/// <summary>
/// The registers at midnight, type 122 (protocol notes 4.4), daily: record 21; for a meter that has no such record, the registers of record
/// 11 at 00:00, day by day, as derived closings. Whether record 21 exists is tested with the last few days, so that an old range that the
/// meter no longer has is not taken for a missing record; a meter without it is asked again daily. Registers do not stand in for any other
/// record.
/// <para>A wanted range is asked for as it is, whatever the meter's clock shows and whether or not it has recorded anything lately; only
/// when that is refused does the task test whether the record exists.</para>
/// </summary>
internal sealed class ClosingsTask : FactTask
{
    /// <summary>What is being asked.</summary>
    private enum Step
    {
        /// <summary>Record 21, the last days: is it there?</summary>
        TryRecord,

        /// <summary>Record 21, onwards from what is known.</summary>
        ReadRecord,

        /// <summary>Record 11, the last midnight: does the meter give its registers?</summary>
        TryRegisters,

        /// <summary>Record 11, the first midnight that is not known.</summary>
        ReadRegisters,
    }

    private static readonly Duration RecentDays = Duration.FromDays(3);
    private static readonly Duration DerivedBacklog = Duration.FromDays(40);
    private static readonly Duration OneHour = Duration.FromHours(1);
    private static readonly Duration OneMinute = Duration.FromMinutes(1);
    private static readonly Duration DailySpread = Duration.FromMinutes(30);

    /// <summary>A frame of eight registers and a poll.</summary>
    private const int OctetsPerClosing = 76;

    private readonly byte _record;
    private readonly TimeRange? _wanted;
    private readonly DateTimeZone _zone;
    private readonly Duration _depth;
    private readonly Duration _settle;
    private SummerTimeHabit _habit;
    private bool _hasRecord;
    private Instant? _recordReadTo;
    private Instant? _registersReadTo;
    private Step? _step;
    private TimeRange _asked;

    /// <summary>The closings of a meter.</summary>
    /// <param name="meter">The meter.</param>
    /// <param name="recordReadTo">Up to where closings of the record are stored; null when none are.</param>
    /// <param name="registersReadTo">Up to where derived ones are stored; null when none are.</param>
    /// <param name="record">The record.</param>
    /// <param name="wanted">The range that somebody wants; null to read onwards from what is stored.</param>
    public ClosingsTask(
        MeterConfiguration meter, Instant? recordReadTo, Instant? registersReadTo, byte record = RecordAddress.DailyTotals1,
        TimeRange? wanted = null) : base(meter.Id, OneDay)
    {
        _record = record;
        _wanted = wanted;
        _zone = meter.TimeZone;
        _depth = Duration.FromTimeSpan(meter.Hourly.Depth);
        _settle = Duration.FromTimeSpan(meter.Hourly.Settle);
        _hasRecord = recordReadTo is not null;
        _recordReadTo = recordReadTo;
        _registersReadTo = registersReadTo;
        if (wanted is { } range)
            _recordReadTo = _registersReadTo = range.From;
    }

    public override string Name => Refusal?.Request.Header.RecordAddress == RecordAddress.LoadCurve1
        ? $"its closings, record {_record}, and its registers at 00:00, record {RecordAddress.LoadCurve1}"
        : $"its closings, record {_record}";

    public override TypeIdentification Type => TypeIdentification.ReadIntegratedTotals;

    public override RequestClass Class => RequestClass.History;

    public override Instant? ReadTo => _recordReadTo > _registersReadTo || _registersReadTo is null ? _recordReadTo : _registersReadTo;

    public override double Share => _wanted is { } range && (IsDerived ? _registersReadTo : _recordReadTo) is { } at
        ? Math.Clamp((at - range.From) / range.Length, 0, 1)
        : 0;

    public override void Forget()
    {
        base.Forget();
        (_hasRecord, _recordReadTo, _registersReadTo, _step) = (false, null, null, null);
    }

    public override Request Next(TaskContext context)
    {
        _habit = context.Habit;
        var newest = NewestMidnight(context);
        _step ??= _hasRecord || _wanted is not null ? Step.ReadRecord : Step.TryRecord;
        _asked = _step switch
        {
            Step.TryRecord => new TimeRange(newest - RecentDays, newest),
            Step.ReadRecord => FromRecord(LastMidnight(context), context),
            Step.TryRegisters => new TimeRange(newest - OneHour, newest),
            _ => FromRegisters(LastMidnight(context), context),
        };
        // From the minute after its start, since some meters include the start of a range.
        return Request.ReadIntegratedTotals(
            context.Point, IsDerived ? RecordAddress.LoadCurve1 : _record, ObjectAddress.FirstTotal, ObjectAddress.LastTotal,
            context.Label(_asked.From + OneMinute), context.Label(_asked.To));
    }

    private bool IsDerived => _step is Step.TryRegisters or Step.ReadRegisters;

    private TimeRange FromRecord(Instant last, TaskContext context)
    {
        var from = Instant.Min(_recordReadTo!.Value, last - OneDay);
        return new TimeRange(from, Instant.Min(last, from + OneDay * Math.Max(1, context.MaxOctets / OctetsPerClosing)));
    }

    private TimeRange FromRegisters(Instant last, TaskContext context)
    {
        var midnight = MidnightAfter(Instant.Max(_registersReadTo!.Value, BeginOf(last, DerivedBacklog)));
        midnight = Instant.Min(midnight, last);
        return new TimeRange(midnight - OneHour, midnight);
    }

    public override MeterFact? PartOf(ExchangeEnded ended, TaskContext context) =>
        _wanted is not null
        && FactAnswers.Closings(ended.Request, _asked, ended.Answers, context.Zone, context.Habit) is { Count: > 0 } closings
            ? Fact(closings, _asked.From, ended, context)
            : null;

    protected override IReadOnlyList<MeterFact> TakeAnswer(ExchangeEnded ended, TaskContext context)
    {
        var closings = FactAnswers.Closings(ended.Request, _asked, ended.Answers, context.Zone, context.Habit);
        return Take(IsDerived ? [.. closings.Where(closing => closing.End == _asked.To)] : closings, ended, context);
    }

    protected override IReadOnlyList<MeterFact> TakeRefusal(ExchangeEnded ended, TaskContext context)
    {
        Refusal = ended;
        var hasNothingThen = ended.Cause is CauseOfTransmission.RecordNotAvailable or CauseOfTransmission.PeriodNotAvailable;
        switch (_step)
        {
            case Step.ReadRecord when ended.Cause == CauseOfTransmission.RecordNotAvailable && !_hasRecord:
                (_step, Due) = (Step.TryRecord, context.Now);
                return [];
            // From a record that has given some, it means that there are no more.
            case Step.ReadRecord when !hasNothingThen && _wanted is not null && _hasRecord:
                return End(context.Now + OneDay);
            case Step.ReadRecord when !hasNothingThen:
                _hasRecord = false;
                return LeaveRecord(context);
            case Step.ReadRegisters when !hasNothingThen && ended.Cause != CauseOfTransmission.ObjectNotAvailable:
                return End(context.Now + OneDay);
            default:
                return Take([], ended, context);
        }
    }

    private MeterFact[] Take(IReadOnlyList<RecordedInterval> closings, ExchangeEnded ended, TaskContext context)
    {
        var last = LastMidnight(context);
        switch (_step)
        {
            case Step.TryRecord:
                _hasRecord = closings.Count > 0;
                if (!_hasRecord)
                    return LeaveRecord(context);
                _recordReadTo ??= BeginOf(last, _depth);
                (_step, Due) = (Step.ReadRecord, context.Now);
                return [];
            case Step.TryRegisters when closings.Count > 0:
                (_step, _registersReadTo, Due) = (Step.ReadRegisters, BeginOf(last, DerivedBacklog), context.Now);
                return [];
            case Step.TryRegisters:
                return End(context.Now + OneDay);
            case Step.ReadRecord:
                _hasRecord |= closings.Count > 0;
                // The newest may not be ready, or the meter was off at midnight: it is asked for with the following ones for some days.
                var known = closings.Count > 0 ? closings[^1].End : _asked.From;
                return Advance(ref _recordReadTo, Instant.Max(known, Instant.Min(_asked.To, last - RecentDays)), closings, ended, context);
            default:
                return Advance(
                    ref _registersReadTo, closings.Count > 0 || _asked.To < last ? _asked.To : _asked.From, closings, ended, context);
        }
    }

    /// <summary>The meter does not have the record: its registers may stand in.</summary>
    private MeterFact[] LeaveRecord(TaskContext context)
    {
        if (_record != RecordAddress.DailyTotals1)
            return End(context.Now + OneDay);
        (_step, Due) = (_registersReadTo is null ? Step.TryRegisters : Step.ReadRegisters, context.Now);
        return [];
    }

    private Instant BeginOf(Instant last, Duration backlog) => _wanted?.From ?? last - backlog;

    private MeterFact[] Advance(
        ref Instant? readTo, Instant to, IReadOnlyList<RecordedInterval> closings, ExchangeEnded ended, TaskContext context)
    {
        var last = LastMidnight(context);
        // What the meter does not have yet is read later; a wanted range is read to its end, whatever the meter's clock shows.
        if (_wanted is null && closings.Count == 0 && !ClockTrust.Believes(context.ClockOffset))
            return End(context.Now + OneHour);
        // A part without a closing, and too recent to be given up: asked for again at once it would bring nothing either.
        if (to == _asked.From && _asked.To < last)
        {
            if (_wanted is null)
                return End(context.Now + OneHour);
            to = _asked.To;
        }

        if (closings.Count > 0)
            Refusal = null;
        readTo = to;
        var fact = Fact(closings, to, ended, context);
        if (_asked.To < last)
            Due = context.Now;
        else
            End(to < last ? context.Now + OneHour : NextTime(context.Now));
        return closings.Count > 0 || !fact.IsDerived ? [fact] : [];
    }

    private ClosingsRead Fact(IReadOnlyList<RecordedInterval> closings, Instant to, ExchangeEnded ended, TaskContext context) => new(
        context.Meter, context.SerialNumber, ended.EndedAt, IsDerived || _record == RecordAddress.LoadCurve1, to, closings);

    private MeterFact[] End(Instant due)
    {
        (_step, Due) = (null, due);
        return [];
    }

    /// <summary>The meter's moment after the midnight that follows.</summary>
    protected override Instant NextTime(Instant now) => MidnightAfter(now) + _settle + DailySpread * Fraction;

    /// <summary>The last midnight that is to be read.</summary>
    private Instant LastMidnight(TaskContext context) =>
        _wanted is { } range ? Midnight(DateOf(range.To)) : NewestMidnight(context);

    /// <summary>The last midnight that both clocks have passed, and the time that a meter needs to store it.</summary>
    private Instant NewestMidnight(TaskContext context)
    {
        var behind = context.ClockOffset is { } offset ? Duration.Min(offset, Duration.Zero) : Duration.Zero;
        return Midnight(DateOf(context.Now + behind - _settle));
    }

    private Instant MidnightAfter(Instant instant) => Midnight(DateOf(instant).PlusDays(1));

    private LocalDate DateOf(Instant instant) => CivilTime.ToLabel(instant, _zone, _habit).Local.Date;

    private Instant Midnight(LocalDate date) => CivilTime.Midnight(date, _zone, _habit);
}
