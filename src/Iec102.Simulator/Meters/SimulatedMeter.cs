using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Protocol.Time;
using Iec102.Simulator.Data;
using NodaTime;
using static Iec102.Protocol.Application.TypeIdentification;

namespace Iec102.Simulator.Meters;

/// <summary>
/// A meter behind its link layer: answers requests from deterministic data. It answers every type whose layout is known (protocol notes 4):
/// 183, 187, 181, 100, 103, 141, 156, 162, 182 and 185; events with 101 and 102; 122 and 189 (records 11, 21), 123 and 190 (records 11,
/// 12); tariffs with 133 and 134, contracts with 144, 147 and 150. It refuses the following, in this order, by mirroring the request: a
/// wrong point with cause 16, any other type with 14, a wrong key with a negative cause 7 (octet 0x47, protocol notes 4.3), requests
/// outside a session with <see cref="MeterBehaviour.OutsideSession"/>, a clock command without a date or without the right key with a
/// negative cause 7, malformed data with 14, an unknown record with 15, an unknown object with 17, and an invalid range with 18.
/// <para>A session ends with 187, with a reset of the link (FC0), when it has been idle for too long, and after
/// <see cref="MeterBehaviour.RequestsPerSession"/> requests.</para>
/// <para>Not safe for several threads at once: a line offers one frame at a time.</para>
/// </summary>
public sealed class SimulatedMeter : ISlaveApplication
{
    private const byte OldTime = 9;
    private const byte NewTime = 11;
    private const byte ClockGroup = 7;

    private readonly TimeProvider _time;
    private readonly Dictionary<ushort, IMeterData> _data;
    private readonly Dictionary<ushort, Session> _sessions = [];
    private readonly List<SimulatedEvent> _clockWrites = [];
    private volatile MeterBehaviour _behaviour;
    private Duration _clockOffset;
    private Instant _lastHeard;
    private Instant _deafUntil;
    private int _nacks;
    private IAnswer? _answer;

    /// <summary>Makes a meter.</summary>
    /// <param name="options">The meter's options.</param>
    /// <param name="dataOf">What the meter measured at each of its points.</param>
    /// <param name="time">True time; the meter's clock is ahead of it by its offset.</param>
    public SimulatedMeter(MeterOptions options, Func<ushort, IMeterData> dataOf, TimeProvider time)
    {
        Options = options;
        _data = options.Points.ToDictionary(point => point, dataOf);
        _time = time;
        _behaviour = options.Behaviour;
        _clockOffset = options.ClockOffset;
    }

    /// <summary>A session at one point: whether it may set the clock, and how many requests it has had.</summary>
    private sealed record Session(bool MayWrite)
    {
        public int Requests { get; set; }
    }

    /// <summary>The meter's options.</summary>
    public MeterOptions Options { get; }

    /// <summary>The meter's behaviour; may be changed while it runs.</summary>
    public MeterBehaviour Behaviour
    {
        get => _behaviour;
        set => _behaviour = value;
    }

    /// <summary>Counts the requests to the meter.</summary>
    public MeterCounters Counters { get; } = new();

    /// <summary>The meter's clock.</summary>
    public Instant Clock => TrueTime + _clockOffset;

    /// <summary>
    /// The start of the meter's history, which is the start of the civil day <see cref="MeterOptions.HistoryDays"/> days before the current
    /// one.
    /// </summary>
    public Instant HistoryStart => new MeterCalendar(Options.Zone, _behaviour.SummerTime).DaysBefore(Clock, Options.HistoryDays);

    /// <summary>True while the meter receives nothing because it is dead or its receive buffer is full.</summary>
    public bool IsSilent => TrueTime < _deafUntil || (_behaviour.Silence is { } silence && silence.Contains(TrueTime));

    private Instant TrueTime => Instant.FromDateTimeOffset(_time.GetUtcNow());

    /// <summary>What the meter measured at one of its points.</summary>
    public IMeterData DataOf(ushort point) => _data[point];

    /// <inheritdoc/>
    public void OnReset()
    {
        _nacks = 0;
        Forget();
    }

    /// <inheritdoc/>
    public RequestVerdict OnRequest(in Asdu request)
    {
        Hear();
        DropAnswer();
        if (_nacks < _behaviour.Nacks)
        {
            _nacks++;
            return RequestVerdict.Reject;
        }

        _nacks = 0;
        Counters.CountRequest(request.Header.Type);
        var answer = AnswerTo(request);
        _answer = _behaviour.NoDataPolls > 0 ? new HesitantAnswer(answer, _behaviour.NoDataPolls) : answer;
        if (_behaviour.BufferFullFor == Duration.Zero)
            return RequestVerdict.Accept;
        _deafUntil = TrueTime + _behaviour.BufferFullFor;
        return RequestVerdict.AcceptBusy;
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
        DropAnswer();
    }

    private void DropAnswer()
    {
        _answer?.Dispose();
        _answer = null;
    }

    private IAnswer AnswerTo(in Asdu request)
    {
        var (behaviour, point) = (_behaviour, request.Header.PointAddress);
        var data = _data.GetValueOrDefault(point);
        var meter = new MeterMoment(Options, behaviour, data!, Clock, Counters);
        if (data is null)
            return meter.Refuse(request, CauseOfTransmission.AddressNotKnown);
        if (!Knows(request.Header.Type, behaviour))
            return meter.Refuse(request, CauseOfTransmission.TypeNotAvailable);
        if (request.Header.Type == Login)
            return LogIn(request);
        if (SessionOf(point) is not { } session)
            return meter.Refuse(request, behaviour.OutsideSession);
        switch (request.Header.Type)
        {
            case EndSession:
                _sessions.Remove(point);
                return SingleAnswer.Mirror(request, CauseOfTransmission.ActivationConfirmation);
            case SetClock:
                return TakeClock(request, session.MayWrite);
            case ReadCurrentTime:
                return TellClock(request.Header, meter.Calendar);
            case ReadEvents or ReadEventsInRange:
                return EventAnswers.To(request, meter, _clockWrites);
            case ReadIntegratedTotals or ReadIncrementalTotals or ReadIntegratedTotalBlocks or ReadIncrementalTotalBlocks:
                return TotalsAnswers.To(request, meter);
            case ReadCurrentTariff or ReadStoredTariff:
                return TariffAnswers.To(request, meter);
            case ReadContractedPowers or ReadHolidays or ReadContractObjects:
                return ContractAnswers.To(request, meter);
            default:
                return ConfigurationAnswers.To(request, meter);
        }
    }

    private static bool Knows(TypeIdentification type, MeterBehaviour behaviour) =>
        Conversation.Of(type) is not null && !behaviour.MissingTypes.Contains(type)
        && (behaviour.HasBlocks || type is not (ReadIntegratedTotalBlocks or ReadIncrementalTotalBlocks));

    private Session? SessionOf(ushort point)
    {
        if (!_sessions.TryGetValue(point, out var session))
            return null;
        if (++session.Requests <= _behaviour.RequestsPerSession)
            return session;
        _sessions.Remove(point);
        return null;
    }

    /// <summary>
    /// Sends the time of the poll and not that of the request, because the clock of a busy meter would otherwise seem slow.
    /// </summary>
    private SingleAnswer TellClock(AsduHeader request, MeterCalendar calendar) => new(() =>
    {
        var clock = new MeterClock(calendar.PreciseLabelOf(Clock));
        return MeterMoment.Octets((asdu, header) => clock.Write(asdu, header), request);
    });

    private SingleAnswer LogIn(in Asdu request)
    {
        var isKey = AccessKey.TryRead(request, out var key);
        var mayWrite = isKey && key == (_behaviour.WriteKey ?? Options.Key);
        var accepted = mayWrite || (isKey && key == Options.Key);
        Counters.CountLogin(accepted);
        if (accepted)
            _sessions[request.Header.PointAddress] = new Session(mayWrite);
        return SingleAnswer.Mirror(request, CauseOfTransmission.ActivationConfirmation, isNegative: !accepted);
    }

    /// <summary>Sets the clock; record 53 gets events with the old and the new time.</summary>
    private SingleAnswer TakeClock(in Asdu request, bool mayWrite)
    {
        var set = MeterClock.TryRead(request, out var clock) ? CivilTime.ToInstant(clock.Time, Options.Zone, _behaviour.SummerTime) : null;
        if (!mayWrite || set is not { } after)
            return SingleAnswer.Mirror(request, CauseOfTransmission.ActivationConfirmation, isNegative: true);
        var before = Clock;
        _clockOffset = after - TrueTime;
        _clockWrites.Add(new SimulatedEvent(ClockGroup, OldTime, false, before));
        _clockWrites.Add(new SimulatedEvent(ClockGroup, NewTime, false, after));
        Counters.CountClockWrite(new ClockWrite(TrueTime, request.Header.PointAddress, before, after));
        var confirmation = SingleAnswer.Mirrored(request, CauseOfTransmission.ActivationConfirmation);
        return new SingleAnswer(_behaviour.ConfirmsClockWithoutTime ? confirmation[..AsduHeader.Length] : confirmation);
    }
}
