using Iec102.Protocol;
using NodaTime;
using static Iec102.Protocol.TypeIdentification;

namespace Iec102.Simulator;

/// <summary>
/// A meter behind its link layer: it takes requests and gives answers over deterministic data. It answers 183, 187, 100, 103, 122 and 189 (records 11, 21),
/// 123 and 190 (records 11, 12), 162 and 181. In this order it refuses, with the request mirrored: a wrong point with cause 16, any other type with 14, a wrong
/// key and a clock command without a date with a negative cause 7 (octet 0x47, protocol notes 4.3), whatever is asked outside a session with
/// <see cref="MeterBehaviour.OutsideSession"/>, malformed data with 14, an unknown record with 15, an unknown object with 17, a range that is none with 18.
/// <para>A session ends with 187, with a reset of the link (FC0) and when it is idle. Answers are computed poll by poll; intervals that have not ended by
/// the meter's clock when the request comes are not part of the answer.</para>
/// <para>Not safe for several threads at once: a line offers one frame at a time.</para>
/// </summary>
public sealed class SimulatedMeter : ISlaveApplication
{
    // REE's standard is of April 2002.
    private const int StandardYear = 2002;
    private const int StandardMonth = 4;

    private readonly TimeProvider _time;
    private readonly Dictionary<ushort, IMeterData> _data;
    private readonly HashSet<ushort> _sessions = [];
    private volatile MeterBehaviour _behaviour;
    private Duration _clockOffset;
    private Instant _lastHeard;
    private IAnswer? _answer;

    /// <summary>A meter with data of its own.</summary>
    /// <param name="options">What it is.</param>
    /// <param name="dataOf">What it measured at each of its points.</param>
    /// <param name="time">True time; the meter's clock is ahead of it by its offset.</param>
    public SimulatedMeter(MeterOptions options, Func<ushort, IMeterData> dataOf, TimeProvider time)
    {
        Options = options;
        _data = options.Points.ToDictionary(point => point, dataOf);
        _time = time;
        _behaviour = options.Behaviour;
        _clockOffset = options.ClockOffset;
    }

    /// <summary>What it is.</summary>
    public MeterOptions Options { get; }

    /// <summary>How it behaves; may be changed while it runs.</summary>
    public MeterBehaviour Behaviour
    {
        get => _behaviour;
        set => _behaviour = value;
    }

    /// <summary>What it was asked.</summary>
    public MeterCounters Counters { get; } = new();

    /// <summary>The meter's clock.</summary>
    public Instant Clock => TrueTime + _clockOffset;

    /// <summary>The begin of its history: of the civil day that lies <see cref="MeterOptions.HistoryDays"/> before the current one.</summary>
    public Instant HistoryStart => Calendar.DaysBefore(Clock, Options.HistoryDays);

    /// <summary>True while it is dead.</summary>
    public bool IsSilent => _behaviour.Silence is { } silence && silence.Contains(TrueTime);

    private Instant TrueTime => Instant.FromDateTimeOffset(_time.GetUtcNow());

    private MeterCalendar Calendar => new(Options.Zone, _behaviour.SummerTime);

    /// <summary>What it measured at one of its points.</summary>
    public IMeterData DataOf(ushort point) => _data[point];

    /// <inheritdoc/>
    public void OnReset() => Forget();

    /// <inheritdoc/>
    public RequestVerdict OnRequest(in Asdu request)
    {
        Hear();
        Counters.CountRequest(request.Header.Type);
        (_answer as IDisposable)?.Dispose();
        _answer = AnswerTo(request);
        return RequestVerdict.Accept;
    }

    /// <inheritdoc/>
    public int NextAnswer(Span<byte> destination)
    {
        Hear();
        return _answer?.Next(destination) ?? 0;
    }

    private void Hear()
    {
        var now = TrueTime;
        if (now - _lastHeard > _behaviour.SessionIdle)
            Forget();
        _lastHeard = now;
    }

    private void Forget()
    {
        _sessions.Clear();
        (_answer as IDisposable)?.Dispose();
        _answer = null;
    }

    private IAnswer AnswerTo(in Asdu request)
    {
        var header = request.Header;
        if (!_data.TryGetValue(header.PointAddress, out var data))
            return Refuse(request, CauseOfTransmission.AddressNotKnown);
        if (!Knows(header.Type))
            return Refuse(request, CauseOfTransmission.TypeNotAvailable);
        if (header.Type == Login)
            return LogIn(request);
        if (!_sessions.Contains(header.PointAddress))
            return Refuse(request, _behaviour.OutsideSession);
        switch (header.Type)
        {
            case EndSession:
                _sessions.Remove(header.PointAddress);
                return SingleAnswer.Mirror(request, CauseOfTransmission.ActivationConfirmation);
            case SetClock:
                return TakeClock(request);
            case ReadDeviceIdentification:
                var identification = new DeviceIdentification(StandardYear, StandardMonth, Options.Manufacturer, Options.SerialNumber);
                return One((asdu, to) => identification.Write(asdu, to), header);
            case ReadCurrentTime:
                var clock = new MeterClock(CivilTime.ToTagB(Clock, Options.Zone, _behaviour.SummerTime));
                return One((asdu, to) => clock.Write(asdu, to), header);
            case ReadInstantaneousValues:
                return Instantaneous(request, data);
            default:
                return Totals(request, data);
        }
    }

    private bool Knows(TypeIdentification type) => type switch
    {
        Login or EndSession or SetClock or ReadDeviceIdentification or ReadCurrentTime or ReadInstantaneousValues => true,
        ReadIntegratedTotals or ReadIncrementalTotals => true,
        ReadIntegratedTotalBlocks or ReadIncrementalTotalBlocks => _behaviour.HasBlocks,
        _ => false,
    };

    private SingleAnswer LogIn(in Asdu request)
    {
        var accepted = AccessKey.TryRead(request, out var key) && key == Options.Key;
        Counters.CountLogin(accepted);
        if (accepted)
            _sessions.Add(request.Header.PointAddress);
        return SingleAnswer.Mirror(request, CauseOfTransmission.ActivationConfirmation, isNegative: !accepted);
    }

    private SingleAnswer TakeClock(in Asdu request)
    {
        var set = MeterClock.TryRead(request, out var clock) ? CivilTime.ToInstant(clock.Time, Options.Zone, _behaviour.SummerTime) : null;
        if (set is { } instant)
            _clockOffset = instant - TrueTime;
        return SingleAnswer.Mirror(request, CauseOfTransmission.ActivationConfirmation, isNegative: set is null);
    }

    private SingleAnswer Instantaneous(in Asdu request, IMeterData data)
    {
        var wanted = request.Data;
        if (wanted.IsEmpty || wanted.Length != request.Header.Count || wanted.ContainsAnyExceptInRange(ObjectAddress.Totals, ObjectAddress.CurrentsAndVoltages))
            return Refuse(request, CauseOfTransmission.ObjectNotAvailable);
        var now = Clock;
        var all = data.InstantaneousAt(now, Calendar.LabelOf(now));
        var values = new InstantaneousValues(
            wanted.Contains(ObjectAddress.Totals) ? all.Totals : null,
            wanted.Contains(ObjectAddress.Powers) ? all.Powers : null,
            wanted.Contains(ObjectAddress.CurrentsAndVoltages) ? all.CurrentsAndVoltages : null);
        return One((asdu, to) => values.Write(asdu, to), request.Header);
    }

    private IAnswer Totals(in Asdu request, IMeterData data)
    {
        if (!TotalsRequest.TryRead(request, out var asked))
            return Refuse(request, CauseOfTransmission.TypeNotAvailable);
        if (CurveOf(request.Header) is not { } curve)
            return Refuse(request, CauseOfTransmission.RecordNotKnown);
        var objects = ObjectsOf(asked);
        if (objects.Length == 0)
            return Refuse(request, CauseOfTransmission.ObjectNotAvailable);
        var calendar = Calendar;
        if (calendar.LimitOf(asked.From) is not { } from || calendar.LimitOf(asked.To) is not { } to)
            return Refuse(request, CauseOfTransmission.PeriodNotAvailable);

        var counter = Counters.CountRange(curve, new AskedRange(request.Header.PointAddress, (byte)request.Header.Type, from, to, 0, false));
        var now = Clock;
        var heldAfter = calendar.DaysBefore(now, _behaviour.HeldDays ?? Options.HistoryDays);
        var after = Instant.Max(heldAfter, _behaviour.IncludesRangeStart ? from - Duration.Epsilon : from);
        var until = Instant.Min(to, now);
        if (_behaviour.EmptyRange != EmptyRange.Completed && SimulatedCurves.EndAfter(curve, after, Options.Zone) > until)
        {
            counter.Completed();
            return Refuse(request, (CauseOfTransmission)_behaviour.EmptyRange);
        }

        var answerType = Conversation.Of(request.Header.Type)!.Value.AnswerType;
        var ends = SimulatedCurves.Ends(curve, after, until, Options.Zone);
        return new TotalsSeries(request, answerType, asked.BlockObject, ends, RowsOf(data, answerType, curve, objects, calendar), counter);
    }

    private SimulatedCurve? CurveOf(AsduHeader header) => (IsAbsolute(header.Type), (SimulatedCurve)header.RecordAddress) switch
    {
        (true, SimulatedCurve.DailyClosing) => SimulatedCurve.DailyClosing,
        (true, SimulatedCurve.Hourly) when _behaviour.HasHourlyRegisters => SimulatedCurve.Hourly,
        (false, SimulatedCurve.Hourly) => SimulatedCurve.Hourly,
        (false, SimulatedCurve.QuarterHour) when _behaviour.HasQuarterHours => SimulatedCurve.QuarterHour,
        _ => null,
    };

    private static bool IsAbsolute(TypeIdentification type) =>
        type is ReadIntegratedTotals or ReadIntegratedTotalBlocks or IntegratedTotals or IntegratedTotalBlocks;

    private int[] ObjectsOf(in TotalsRequest asked)
    {
        if (asked.BlockObject != 0)
            return _behaviour.HasActiveImportOnly ? [] : Array.ConvertAll(TotalsCodec.BlockObjects(asked.BlockObject).ToArray(), @object => (int)@object);
        if (asked.FirstObject < ObjectAddress.FirstTotal || asked.LastObject > ObjectAddress.LastTotal || asked.FirstObject > asked.LastObject)
            return [];
        var last = _behaviour.HasActiveImportOnly ? Math.Min(asked.LastObject, ObjectAddress.FirstTotal) : asked.LastObject;
        return [.. Enumerable.Range(asked.FirstObject, Math.Max(0, last - asked.FirstObject + 1))];
    }

    private static RowOf RowsOf(IMeterData data, TypeIdentification answerType, SimulatedCurve curve, int[] objects, MeterCalendar calendar)
    {
        var quarters = curve == SimulatedCurve.QuarterHour ? 1 : 4;
        var absolute = IsAbsolute(answerType);
        return end =>
        {
            var row = new TotalsRow { Time = calendar.LabelOf(end) };
            foreach (var @object in objects)
            {
                var reading = absolute ? data.Register(end, @object) : data.Increment(end, quarters, @object);
                row.Set(@object, reading.Value, reading.Quality);
            }

            return row;
        };
    }

    private SingleAnswer Refuse(in Asdu request, CauseOfTransmission cause)
    {
        Counters.CountRefusal(cause);
        return SingleAnswer.Mirror(request, cause);
    }

    private delegate int Writer(Span<byte> asdu, AsduHeader header);

    private static SingleAnswer One(Writer write, AsduHeader request)
    {
        Span<byte> asdu = stackalloc byte[Frame.MaxAsduLength];
        var length = write(asdu, request with { Cause = CauseOfTransmission.Request });
        return new SingleAnswer(asdu[..length].ToArray());
    }
}
