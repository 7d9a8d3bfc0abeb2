using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>
/// The dialogue with one meter, without actor, clock or line: keeps a session, decides what to ask next, and draws conclusions from the
/// answers. <see cref="Next"/> returns an exchange, <see cref="Take"/> is called with its end, one exchange at a time;
/// <see cref="TakeNotices"/> returns what it reports.
/// <para>A session begins with 183 (login), 100 (identification, where something is recorded) and 103 (clock). Everything else is asked in
/// a session, and a refusal is believed only while the session is still there (<see cref="SessionSteps"/>).</para>
/// </summary>
internal sealed class MeterDialogue
{
    private readonly MeterConfiguration _meter;
    private readonly MeterSessionState _session;
    private readonly MeterReach _reach = new();
    private readonly SessionSteps _steps;
    private readonly ClockSetting _clockSetting;
    private readonly MeterKnowledge _knowledge;
    private readonly JobQueue _jobs;
    private readonly SessionRequests _sessionsWanted;
    private readonly List<DialogueNotice> _notices = [];
    private MeterAgenda? _agenda;
    private LineRate _rate = new(OctetsPerSecond: 900, OthersWait: true);

    /// <summary>A dialogue that asks nothing before <see cref="Begin"/>.</summary>
    /// <param name="meter">The meter.</param>
    /// <param name="hostClock">Says whether our clock is right, so that the meter's may be set from it; null when that is unknown.</param>
    /// <param name="identifies">Each session begins by asking who answers, as it must where something is recorded.</param>
    public MeterDialogue(MeterConfiguration meter, IHostClock? hostClock, bool identifies = true)
    {
        _meter = meter;
        _steps = new SessionSteps(identifies);
        _session = new MeterSessionState(meter.TimeZone, meter.SerialNumber, meter.SummerTime);
        _clockSetting = new ClockSetting(meter, hostClock);
        _jobs = new JobQueue(_notices.Add);
        _sessionsWanted = new SessionRequests(_session, _notices.Add);
        _knowledge = new MeterKnowledge(meter, _session, _clockSetting, _jobs, _notices.Add);
    }

    /// <summary>The meter as operators see it.</summary>
    public MeterStatus Status => _knowledge.AddClock(_reach.StatusOf(_meter, _session.KnownSerial), _agenda?.Clock);

    /// <summary>When to call <see cref="Next"/> again although nothing has arrived; null when only a message can change anything.</summary>
    public Instant? WakeAt { get; private set; }

    /// <summary>The notices since the last call.</summary>
    public IReadOnlyList<DialogueNotice> TakeNotices()
    {
        DialogueNotice[] notices = [.. _notices];
        _notices.Clear();
        return notices;
    }

    /// <summary>What is on record of the meter has become known, and with it what there is to read: it may be asked from now on.</summary>
    public void Begin(MeterAgenda agenda, KnownIdentity known, Instant now)
    {
        _session.Remember(known.SerialNumber, known.Habit, known.Configuration);
        _agenda = agenda;
        agenda.Begin(_session.SetUp, now);
        _reach.StorageAnswered();
    }

    /// <summary>
    /// Our clock was set by this much, and shows this now. What is waited for is waited for as long as before, unless it has a time of day.
    /// </summary>
    public void ClockStepped(Duration by, Instant now)
    {
        _reach.ClockStepped(by);
        _knowledge.ClockStepped(by);
        _agenda?.ClockStepped(by, now, _session.IsOpen);
    }

    /// <summary>The storage does not say what is on record: nothing may be read, since nobody knows whose history it would be.</summary>
    public void StorageSilent(Instant now) => _reach.StorageSilent(now);

    /// <summary>The port has changed its state; sessions end with its line.</summary>
    public void PortChanged(PortStateChanged changed, Instant now)
    {
        if (changed.State is PortState.BackingOff or PortState.Closed or PortState.Paused)
            LoseSession();
        _reach.PortChanged(changed, now);
    }

    /// <summary>The meter's link was demoted, or answers again.</summary>
    public void LinkChanged(LinkStateChanged changed, Instant now)
    {
        if (!changed.Answers)
            LoseSession();
        _reach.LinkChanged(changed, now);
    }

    /// <summary>The meter's link was probed in vain.</summary>
    public void LinkProbed(Instant nextProbe) => _reach.LinkProbed(nextProbe);

    /// <summary>An operator wants the login tried now.</summary>
    public void Retry() => _reach.Retry();

    /// <summary>An operator says that another meter stands here: the next one that answers is taken for the right one.</summary>
    public void DeclareReplaced()
    {
        _session.DeclareReplaced();
        LoseSession();
        _reach.Retry();
    }

    /// <summary>Somebody waits for this job; <see cref="DialogueNotice.JobEnded"/> reports its end.</summary>
    public void Do(MeterJob job)
    {
        if (_reach.WhyNot is { } answer)
            _jobs.End(job, answer);
        else
            _jobs.Add(job);
    }

    /// <summary>
    /// Somebody, such as a client of the gateway, needs a session to ask the meter through its port; answered by
    /// <see cref="DialogueNotice.SessionReady"/> or <see cref="DialogueNotice.NoSession"/>.
    /// </summary>
    /// <param name="ticket">Identifies whoever waits.</param>
    /// <param name="lostEpoch">The epoch whose session the port has reported as lost; null when it has reported none.</param>
    /// <param name="moment">The moment.</param>
    public void WantSession(long ticket, int? lostEpoch, Moment moment)
    {
        if (lostEpoch == _session.Epoch)
            LoseSession();
        _sessionsWanted.Add(ticket);
        // An exchange of our own that waits for the line or is on it belongs to the same session.
        if (_reach.State == MeterState.Online && IsUsable(moment))
            _sessionsWanted.Give(moment);
    }

    /// <summary>An operator wants the clock set now, whatever the limits say.</summary>
    public void SetClock() => _clockSetting.Demand(_session.Clock);

    /// <summary>The clock is to be set, and that has not ended yet.</summary>
    public bool IsClockToBeSet => _clockSetting.Check is not null;

    /// <summary>The task of a curve, which takes what the curve's profile actor answers; null while nothing is read.</summary>
    public CurveTask? CurveOf(Curve curve) => _agenda?.Curves.FirstOrDefault(task => task.Curve == curve);

    /// <summary>The next exchange to run with the meter; null when there is none now.</summary>
    public ExchangeToAsk? Next(Moment moment)
    {
        WakeAt = null;
        if (_agenda is not { } agenda)
            return null;
        if (_steps.Running is { } running)
        {
            // While a fact is read the profile actors choose their next chunks, so that facts do not delay them.
            if (running.Task is FactTask)
                agenda.AskCurves(_session, _rate, moment.Now, _notices.Add);
            return null;
        }

        _jobs.EndExpired(moment.Elapsed);
        var isReachable = _reach.IsReachable(moment.Now, _jobs.IsAwaited);
        // Another session cannot show whether a refusal can be believed.
        if (_steps.IsDoubtful && !(isReachable && IsUsable(moment)))
            Conclude(_steps.Undo("the session was lost"), moment);
        if (!isReachable)
        {
            _sessionsWanted.Refuse(_reach.WhyOutOfReach ?? "the meter does not answer");
            WakeAt = moment.Now < _reach.NotBefore ? _reach.NotBefore : null;
            return null;
        }

        agenda.GiveUpWaiting(moment.Now);
        return IsUsable(moment) ? InSession(agenda, moment) : WantsSession(agenda, moment.Now) ? LogIn() : Nothing(agenda);
    }

    /// <summary>The exchange has ended.</summary>
    public void Take(ExchangeEnded ended, Moment moment)
    {
        if (_steps.Running is null)
            return;
        _rate = ended.Rate.OctetsPerSecond > 0 ? ended.Rate : _rate;
        if (ended.End is ExchangeEnd.Completed or ExchangeEnd.Refused)
        {
            _session.Used(moment.Elapsed);
            _reach.Answered(ended.EndedAt);
        }

        if (_steps.Take(ended) is { } end)
            Conclude(end, moment);
    }

    private bool IsUsable(Moment moment) => _session.IsUsable(moment.Elapsed, _meter.SessionIdle);

    private bool WantsSession(MeterAgenda agenda, Instant now) =>
        _jobs.IsAwaited || _sessionsWanted.IsAwaited || _clockSetting.Check is not null || agenda.IsAnythingDue(_session.SetUp, now);

    private ExchangeToAsk? InSession(MeterAgenda agenda, Moment moment)
    {
        if (_steps.First(agenda) is { } first)
            return first.Task is { } opening ? Ask(opening, RequestClass.LiveValues, moment.Now) : Prove();
        _sessionsWanted.Give(moment);
        if (_clockSetting.Check is not null)
            return WriteClock();
        if (_jobs.Next(what => agenda.TasksOf(what, _session.SetUp), moment.Now) is { } wanted)
            return Ask(wanted, RequestClass.OnDemand, moment.Now);
        var task = agenda.Next(_session.SetUp, moment.Now);
        if (task is null or FactTask)
            agenda.AskCurves(_session, _rate, moment.Now, _notices.Add);
        return task is null ? Nothing(agenda) : Ask(task, task.Class, moment.Now);
    }

    private ExchangeToAsk? Nothing(MeterAgenda agenda)
    {
        var next = agenda.NextDue(_session.SetUp);
        WakeAt = next == Instant.MaxValue ? null : next;
        return null;
    }

    private ExchangeToAsk Prove() =>
        Ask(new Step(StepKind.Proof), Request.ReadCurrentTime(_meter.PointAddress), RequestClass.LiveValues);

    private ExchangeToAsk LogIn()
    {
        _reach.LoggingIn();
        return Ask(
            new Step(StepKind.Login), Request.Login(_meter.PointAddress, _meter.Password.Reveal()),
            _jobs.IsAwaited ? RequestClass.OnDemand : RequestClass.LiveValues);
    }

    private ExchangeToAsk WriteClock()
    {
        if (_meter.WritePassword is { } password && !_session.MayWrite)
            return Ask(new Step(StepKind.WriteLogin), Request.Login(_meter.PointAddress, password.Reveal()), RequestClass.OnDemand);
        var request = Request.SetClock(_meter.PointAddress, default);
        return Ask(new Step(StepKind.ClockWriting), request, RequestClass.OnDemand) with { Clock = _clockSetting.Writing(_session.Habit) };
    }

    private ExchangeToAsk Ask(MeterTask task, RequestClass @class, Instant now)
    {
        _agenda!.Asked(task);
        var request = task.Next(ContextAt(now));
        return Ask(new Step(StepKind.Task, task), request, @class);
    }

    private ExchangeToAsk Ask(Step step, Request request, RequestClass @class)
    {
        _steps.Begin(step);
        return new ExchangeToAsk(request, @class, _session.Epoch) { Task = step.Task };
    }

    private void Conclude(StepEnd end, Moment moment)
    {
        var (step, ended, isDrop) = end;
        if (step.Task is CurveTask curve)
        {
            // After a failed exchange too: what arrived before it was cut is recorded.
            curve.Store(moment.Now);
            _notices.Add(new DialogueNotice.ChunkEnded(curve.Curve, curve.Chunk, ended, _session.ForProfiles));
        }

        if (ended.End is not (ExchangeEnd.Completed or ExchangeEnd.Refused))
            OnFailure(step, ended, isDrop, moment.Now);
        else if (step.Task is { } task)
            OnAnswer(task, ended, moment.Now);
        else if (step.Kind == StepKind.Login)
            OnLogin(ended, moment);
        else if (step.Kind == StepKind.WriteLogin)
            OnWriteLogin(ended, moment);
        else
            OnClockWritten(ended, ended.Error, moment.Now);
    }

    private void OnLogin(ExchangeEnded ended, Moment moment)
    {
        if (ended.IsCompleted)
        {
            _session.Open(ended.Epoch, moment.Elapsed);
            _steps.Opened(isIdentityWanted: _jobs.Of(_agenda!.Identification) is not null);
            return;
        }

        var error = RefusalWords.Login(ended.Cause);
        _notices.Add(new DialogueNotice.LoginRefused(error, StandBack(MeterState.Refused, error, moment.Now)));
    }

    private void OnAnswer(MeterTask task, ExchangeEnded ended, Instant now)
    {
        _steps.Answered(task, ended);
        if (_knowledge.Take(task, _agenda!, ended, ContextAt(now)) is { } wrongMeter)
        {
            _notices.Add(new DialogueNotice.WrongMeterAnswers(wrongMeter, StandBack(MeterState.WrongMeter, wrongMeter, now)));
            return;
        }

        if (_steps.IsOpened && _reach.Succeeded(now))
            _notices.Add(new DialogueNotice.WentOnline(_session.KnownSerial));
    }

    private Instant StandBack(MeterState state, string error, Instant now)
    {
        LoseSession();
        _jobs.EndAll(new ReadNowAnswer.Refused(error));
        return _reach.StandBack(state, error, now);
    }

    private void OnWriteLogin(ExchangeEnded ended, Moment moment)
    {
        if (!ended.IsCompleted)
        {
            OnClockWritten(ended, RefusalWords.Login(ended.Cause, "write password"), moment.Now);
            return;
        }

        // The login took some time: is this still a good moment?
        var check = _clockSetting.Check!;
        _session.Open(ended.Epoch, moment.Elapsed, mayWrite: true);
        _knowledge.JudgeClock(_agenda!.Clock, check, moment.Now);
        if (_clockSetting.Check is null)
            LoseSession();
    }

    /// <summary>The clock was written, or not: it is read again at once, in a session with the password that reads.</summary>
    private void OnClockWritten(ExchangeEnded ended, string? error, Instant now)
    {
        if (_meter.WritePassword is not null)
            LoseSession();
        _knowledge.TakeClockWritten(ended, error, now);
        _agenda!.Clock.Hasten(now);
    }

    private void OnFailure(Step step, ExchangeEnded ended, bool isDrop, Instant now)
    {
        LoseSession();
        if (step.Kind == StepKind.ClockWriting)
            OnClockWritten(ended, ended.Error, now);
        else if (step.Kind == StepKind.WriteLogin)
            _clockSetting.LoginFailed(now);
        _clockSetting.Forget();
        _knowledge.TakeFailure(step.Task, _agenda!, ended, ContextAt(now));
        _reach.Failed(ended, now);
        // A request refused only because the meter had dropped the session is asked once more for whoever waits for it.
        if (isDrop && _steps.Drops == 0)
            _jobs.AskAgain(step.Task, now);
        else if (ended.End is ExchangeEnd.PortLost or ExchangeEnd.NoAnswer || step.Kind == StepKind.Login)
            _jobs.EndAll(new ReadNowAnswer.NoAnswer(ended.Error));
        else
            _jobs.Failed(step.Task, ended.Error);
        if (!isDrop)
            return;
        _notices.Add(new DialogueNotice.SessionDropped());
        if (_steps.Drops > 0)
            _reach.Wait(MeterReach.Pause(_steps.Drops), now);
        _steps.Dropped();
    }

    private void LoseSession()
    {
        _session.Lose();
        _steps.Lost();
    }

    private TaskContext ContextAt(Instant now) => new(
        _meter.Id, _session.KnownSerial ?? 0, _meter.PointAddress, _meter.TimeZone, _session.Habit, _session.Clock?.Offset,
        _agenda!.MaxOctets(_rate, now), now);
}
