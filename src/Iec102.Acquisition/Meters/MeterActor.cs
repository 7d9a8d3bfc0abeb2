using Akka.Actor;
using Akka.Event;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>
/// One meter, or one measurement point of it: runs the exchanges that its <see cref="MeterDialogue"/> asks for, one at a time through its
/// port, and passes on their results.
/// <para>Takes <see cref="ReadNow"/>, <see cref="SetClockNow"/>, <see cref="RetryLogin"/>, <see cref="DeclareReplaced"/>,
/// <see cref="ReportStatus"/>; from clients of the gateway <see cref="PassOn"/>, <see cref="Withdraw"/>; from its port
/// <see cref="PortStateChanged"/>, <see cref="LinkStateChanged"/>, <see cref="LinkProbed"/>, <see cref="ExchangeEnded"/>; from its
/// profiles <see cref="ReadChunk"/>, <see cref="NothingDue"/>, <see cref="ChunkRecorded"/>, <see cref="ChunkDue"/>,
/// <see cref="CurveRestarted"/>, <see cref="SegmentBegun"/>; from the writer <see cref="KnownIdentity"/>.</para>
/// <para>States: AwaitingIdentity, until the writer has said what is on record of the meter; Idle; Asking, while an exchange is at the
/// port. What operators see is its <see cref="MeterState"/>, which the dialogue keeps.</para>
/// </summary>
public sealed class MeterActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan PortSilenceLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan IdentityRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(1);

    /// <summary>The hours of all meters end together; the meters are asked one after another within this time.</summary>
    private static readonly Duration Spread = Duration.FromMinutes(1);

    private readonly MeterConfiguration _meter;
    private readonly IActorRef _port;
    private readonly IActorRef _liveState;
    private readonly IActorRef _writer;
    private readonly IReadOnlyDictionary<Curve, IActorRef> _profiles;
    private readonly TimeProvider _time;
    private readonly MeterDialogue _dialogue;
    private readonly CurrentValueKeeping _keeping;
    private readonly Askers _askers = new();
    private readonly MeterLog _log;
    private readonly ClockSteps _clockSteps;
    private RequestId _lastId;
    private MeterStatus? _told;
    private CurrentValuesRead? _lastValues;

    /// <summary>Creates the actor; it registers with its port and begins to read what is due.</summary>
    /// <param name="configuration">The meter.</param>
    /// <param name="port">Its port's actor.</param>
    /// <param name="liveState">The live state.</param>
    /// <param name="writer">The writer.</param>
    /// <param name="profiles">The profile actors of the curves that are recorded.</param>
    /// <param name="hostClock">Says whether our clock is right, so that the meter's may be set from it; null when that is unknown.</param>
    /// <param name="time">The clock.</param>
    public MeterActor(
        MeterConfiguration configuration, IActorRef port, IActorRef liveState, IActorRef writer,
        IReadOnlyList<(Curve Curve, IActorRef Profile)> profiles, IHostClock? hostClock, TimeProvider time)
    {
        _meter = configuration;
        _port = port;
        _liveState = liveState;
        _writer = writer;
        _profiles = profiles.ToDictionary(profile => profile.Curve, profile => profile.Profile);
        _time = time;
        _clockSteps = new ClockSteps(Moment);
        _log = new MeterLog(configuration.Id, Context.GetLogger());
        _dialogue = new MeterDialogue(configuration, hostClock);
        _keeping = new CurrentValueKeeping(configuration.Id, configuration.CurrentValues.HistoryEvery);
        AwaitingIdentity();
    }

    private sealed record Wake;

    private sealed record PortSilent(RequestId Id, Protocol.Application.Request Request);

    private sealed record AskIdentity;

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    private Instant Now => _time.Now();

    private Moment Moment => new(_time.Now(), _time.Elapsed());

    /// <inheritdoc />
    protected override void PreStart()
    {
        TellStatus();
        _port.Tell(new RegisterMeter(_meter.Id, _meter.LinkAddress, _meter.PointAddress));
        _writer.Tell(new GetIdentity(_meter.Id));
        Timers.StartPeriodicTimer(nameof(AskIdentity), new AskIdentity(), IdentityRetry);
    }

    /// <inheritdoc />
    protected override void PostStop()
    {
        _port.Tell(new UnregisterMeter(_meter.Id));
        _askers.RefuseAll("the meter's actor was stopped");
    }

    /// <summary>Before any message is handled the dialogue is told when the clock was set, so that it never compares across that.</summary>
    protected override bool AroundReceive(Receive receive, object message)
    {
        var moment = Moment;
        if (_clockSteps.Take(moment) is { } by)
        {
            _dialogue.ClockStepped(by, moment.Now);
            Self.Tell(new Wake());
        }

        return base.AroundReceive(receive, message);
    }

    private void AwaitingIdentity()
    {
        Receive<KnownIdentity>(OnKnownIdentity);
        Receive<AskIdentity>(_ =>
        {
            _dialogue.StorageSilent(Now);
            _writer.Tell(new GetIdentity(_meter.Id));
            TellStatus();
        });
        InEveryState();
    }

    private void Idle()
    {
        Receive<Wake>(_ => Proceed());
        InEveryState();
    }

    private void Asking()
    {
        Receive<ExchangeEnded>(ended => ended.Id == _lastId, OnEnded);
        Receive<PortSilent>(silent => silent.Id == _lastId, OnPortSilent);
        InEveryState();
    }

    private void InEveryState()
    {
        Receive<PortStateChanged>(changed => Then(() => _dialogue.PortChanged(changed, Now)));
        Receive<LinkStateChanged>(
            changed => changed.LinkAddress == _meter.LinkAddress, changed => Then(() => _dialogue.LinkChanged(changed, Now)));
        Receive<LinkProbed>(
            probed => probed.LinkAddress == _meter.LinkAddress, probed => Then(() => _dialogue.LinkProbed(probed.NextProbe)));
        Receive<ReadChunk>(chunk => Then(() => _dialogue.CurveOf(chunk.Curve)?.MakeReady(chunk)));
        Receive<NothingDue>(nothing => Then(() => _dialogue.CurveOf(nothing.Curve)?.NothingBefore(SpreadOut(nothing.NextDue))));
        Receive<ChunkRecorded>(recorded => Then(() => _dialogue.CurveOf(recorded.Curve)?.Stored(Now)));
        Receive<ChunkDue>(due => Then(() => _dialogue.CurveOf(due.Curve)?.DueNow(Now)));
        Receive<CurveRestarted>(restarted => Then(() => _dialogue.CurveOf(restarted.Curve)?.AskAgain(Now)));
        Receive<SegmentBegun>(begun => Then(() => _dialogue.CurveOf(begun.Curve)?.SegmentBegun(Now)));
        Receive<ReadNow>(read => Then(
            () => _dialogue.Do(new MeterJob(_askers.Add(Sender), read.What, _time.Elapsed() + read.Patience.ToTimeSpan()))));
        Receive<SetClockNow>(set => Then(() => _dialogue.Do(
            new MeterJob(_askers.Add(Sender), Readable.Clock, _time.Elapsed() + set.Patience.ToTimeSpan()) { SetsClock = true })));
        Receive<PassOn>(request => Then(() => _dialogue.WantSession(_askers.Add(Sender, request), request.LostEpoch, Moment)));
        Receive<Withdraw>(withdrawn =>
        {
            // A request that does not wait for a session here is at the port.
            if (!_askers.Withdraw(Sender, withdrawn.Id))
                _port.Tell(new DropRequest(withdrawn.Client, withdrawn.Id));
        });
        Receive<ReportStatus>(_ => OnReportStatus());
        Receive<RetryLogin>(_ => OnOperatorAction(_dialogue.Retry));
        Receive<DeclareReplaced>(_ => OnDeclareReplaced());
        // Late messages of an exchange, a wait or a question that is over.
        Receive<ExchangeEnded>(_ => { });
        Receive<PortSilent>(_ => { });
        Receive<LinkStateChanged>(_ => { });
        Receive<LinkProbed>(_ => { });
        Receive<Wake>(_ => { });
        Receive<KnownIdentity>(_ => { });
        Receive<AskIdentity>(_ => { });
    }

    private void OnKnownIdentity(KnownIdentity known)
    {
        Timers.Cancel(nameof(AskIdentity));
        var now = Now;
        var configuration = known.Configuration.Where(answer => answer.SerialNumber == (known.SerialNumber ?? 0)).ToList();
        var facts = new FactAgenda(_meter, known.Progress, configuration, now);
        _dialogue.Begin(new MeterAgenda(_meter, _profiles.Keys, facts), known with { Configuration = configuration }, now);
        Become(Idle);
        Proceed();
    }

    /// <summary>Every meter asks its profile actors at its own moment within a minute.</summary>
    private Instant SpreadOut(Instant due) => Instant.Max(due + Spread * StableHash.Fraction(_meter.Id), Now + Duration.FromSeconds(1));

    private void OnOperatorAction(Action action)
    {
        action();
        _port.Tell(new RetryNow(_meter.LinkAddress));
        Sender.Tell(new OperatorActionAccepted());
        Proceed();
    }

    private void OnDeclareReplaced()
    {
        _log.DeclaredReplaced();
        OnOperatorAction(_dialogue.DeclareReplaced);
    }

    private void OnEnded(ExchangeEnded ended)
    {
        Timers.Cancel(nameof(PortSilent));
        _dialogue.Take(ended, Moment);
        Become(Idle);
        Proceed();
    }

    /// <summary>The port has not even reported a failure: it was restarted and has forgotten this meter.</summary>
    private void OnPortSilent(PortSilent silent)
    {
        _port.Tell(new RegisterMeter(_meter.Id, _meter.LinkAddress, _meter.PointAddress));
        OnEnded(new ExchangeEnded(
            silent.Id, silent.Request, ExchangeEnd.PortLost, default, IsNegative: false, 0, [], Now, Now, TimeSpan.Zero,
            "the port did not answer", default));
    }

    private void Then(Action told)
    {
        told();
        Proceed();
    }

    /// <summary>After every message: begins the next exchange, if there is one, and passes on the dialogue's notices.</summary>
    private void Proceed()
    {
        if (_dialogue.Next(Moment) is { } exchange)
        {
            _lastId = _lastId.Next();
            _port.Tell(new ExchangeRequest(
                _lastId, _meter.Id, _meter.LinkAddress, exchange.Request, exchange.Class, exchange.Epoch, exchange.Timeout)
            {
                Clock = exchange.Clock,
            });
            Timers.StartSingleTimer(nameof(PortSilent), new PortSilent(_lastId, exchange.Request), exchange.Timeout + PortSilenceLimit);
            Become(Asking);
        }
        else if (_dialogue.WakeAt is { } wake)
        {
            // An instant is finer than a timer: what is due within a tick would wake the actor too early, again and again.
            var wait = (wake - Now).ToTimeSpan();
            Timers.StartSingleTimer(nameof(Wake), new Wake(), wait > LeastWait ? wait : LeastWait);
        }

        foreach (var notice in _dialogue.TakeNotices())
            Handle(notice);
        TellStatus();
    }

    private void Handle(DialogueNotice notice)
    {
        switch (notice)
        {
            case DialogueNotice.CurveDue due:
                _profiles[due.Curve].Tell(
                    due.SegmentToBegin is { } serial ? new BeginSegment(serial) : new GetNextChunk(due.Session, due.MaxOctets));
                break;
            case DialogueNotice.ChunkEnded chunk:
                _profiles[chunk.Curve].Tell(new ChunkAnswered(chunk.Chunk, chunk.Ended, chunk.Session));
                break;
            case DialogueNotice.JobEnded ended:
                if (_askers.TryTake(ended.Job.Ticket, out var reader))
                    reader.Actor.Tell(ended.Job.Answer);
                break;
            case DialogueNotice.SessionReady ready:
                if (_askers.TryTake(ready.Ticket, out var user))
                {
                    // In this order, since the port's answers must not arrive first.
                    user.Actor.Tell(new PassedOn(user.Request!.Id), _port);
                    _port.Tell(InSession(user.Request!, ready.Epoch), user.Actor);
                }

                break;
            case DialogueNotice.NoSession refused:
                if (_askers.TryTake(refused.Ticket, out var unserved))
                    unserved.Actor.Tell(new NotPassedOn(unserved.Request!.Id, refused.Error));
                break;
            case DialogueNotice.FactRead read:
                // The writer answers the live state, whose watchers want to know which events are new.
                _writer.Tell(read.Fact, _liveState);
                if (read.Fact is ClockWritten written)
                    OnClockWritten(written);
                break;
            case DialogueNotice.Identified identified:
                _writer.Tell(new StoreIdentity(_meter.Id, identified.Identification, identified.ReadAt));
                break;
            case DialogueNotice.ClockTold clock:
                _writer.Tell(new StoreClockCheck(_meter.Id, clock.Reading));
                break;
            case DialogueNotice.HabitFound habit:
                _log.Write(habit);
                _writer.Tell(new StoreHabit(_meter.Id, habit.Habit));
                break;
            case DialogueNotice.ValuesRead read:
                OnValuesRead(read.Values);
                break;
            case DialogueNotice.PartRead:
                // Only ranges are reported in part, and nobody asks a meter's actor for a range.
                break;
            default:
                _log.Write(notice);
                break;
        }
    }

    private void OnClockWritten(ClockWritten written)
    {
        _liveState.Tell(written);
        _log.Write(written);
    }

    private void OnValuesRead(IReadOnlyList<CurrentValue> values)
    {
        _lastValues = new CurrentValuesRead(_meter.Id, Duration.FromTimeSpan(_meter.CurrentValues.Every), values);
        _liveState.Tell(_lastValues);
        if (_keeping.Take(values, _time.Elapsed()) is { } store)
            _writer.Tell(store);
    }

    private ExchangeRequest InSession(PassOn request, int epoch) =>
        new(request.Id, request.Client, _meter.LinkAddress, request.Request, RequestClass.Gateway, epoch, request.Timeout)
        {
            Streams = true,
            MaxHold = request.MaxHold,
        };

    private void TellStatus()
    {
        var status = _dialogue.Status;
        if (status == _told)
            return;
        _told = status;
        _liveState.Tell(status);
    }

    private void OnReportStatus()
    {
        _told = null;
        TellStatus();
        if (_lastValues is not null)
            _liveState.Tell(_lastValues);
    }
}
