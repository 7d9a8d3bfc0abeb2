using Akka.Actor;
using Akka.Event;
using Iec102.Lines;

namespace Iec102.Acquisition.Ports;

/// <summary>
/// Owns a line and everything that happens on it (<see cref="PortExchanges"/>): opens it when it is needed, keeps it, opens it again when
/// it is lost (<see cref="Reconnection"/>), and notifies meters and operators.
/// <para>Takes <see cref="RegisterMeter"/>, <see cref="UnregisterMeter"/>, <see cref="ExchangeRequest"/>, <see cref="DropRequest"/>,
/// <see cref="RetryNow"/>, <see cref="ReleasePort"/>, <see cref="WatchFrames"/>, <see cref="ReportStatus"/>; from its line
/// <see cref="LineOpened"/>, <see cref="LineLost"/>, <see cref="LineWanted"/>, <see cref="OctetsArrived"/>,
/// <see cref="WriteEnded"/>.</para>
/// <para>States:
/// Closed: nobody needs the line; a request or a due probe opens it.
/// Opening: the line is being opened; requests wait.
/// Open: exchanges run. After the hold, or when the port is released, the sessions are ended and the line is closed.
/// BackingOff: the line was lost, and is opened again after a growing pause as long as a meter is registered; requests fail at once.
/// After <see cref="ReleasePort"/> the actor stops; from Open once the sessions are ended.</para>
/// </summary>
public sealed class PortActor : ReceiveActor, IWithTimers
{
    private const string WakeTimer = "wake";
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(1);

    private readonly PortSettings _settings;
    private readonly IActorRef _liveState;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly PortLine _line;
    private readonly PortMeters _meters;
    private readonly PortOutput _output;
    private readonly PortReport _report;
    private readonly PortExchanges _exchanges;
    private readonly Reconnection _reconnection;
    private bool _isReleased;
    private TimeSpan? _wakeAt;

    /// <summary>A port with its line closed.</summary>
    /// <param name="settings">Its settings.</param>
    /// <param name="factory">Opens its line.</param>
    /// <param name="liveState">Is sent <see cref="PortStatus"/>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="meters">The meters registered with an earlier actor of this port, or none.</param>
    public PortActor(PortSettings settings, ILineFactory factory, IActorRef liveState, TimeProvider time, PortMeters meters)
    {
        _time = time;
        _meters = meters;
        _settings = settings;
        _liveState = liveState;
        _line = new PortLine(factory, Self);
        _report = new PortReport(settings, factory.Address, Now);
        _report.Enter(PortState.Closed, error: null, LineFault.None, _time.Now());
        _output = new PortOutput(settings, _line, meters, _report, _log, time);
        _exchanges = new PortExchanges(settings, _output);
        _reconnection = new Reconnection(settings);
        Closed();
    }

    private sealed record Wake
    {
        public static readonly Wake Instance = new();
    }

    /// <summary>The actor's timers.</summary>
    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _time.Elapsed();

    /// <inheritdoc/>
    protected override void PreStart()
    {
        // The meters registered with an earlier actor have lost their sessions and the line.
        _meters.Tell(new PortStateChanged(PortState.Closed, "The port was restarted."));
        TellStatus();
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _line.End();
        _exchanges.LineClosed("The port was stopped.", Now);
    }

    private void Closed()
    {
        Receive<ExchangeRequest>(Accept);
        Receive<ReleasePort>(_ => EndRelease(error: null));
        InEveryState();
    }

    private void Opening()
    {
        Receive<ExchangeRequest>(Accept);
        Receive<LineOpened>(opened => _line.IsCurrent(opened.Generation), OnOpened);
        Receive<LineLost>(lost => _line.IsCurrent(lost.Generation), lost => BackOff(lost.Error, LineFault.NotOpened));
        Receive<ReleasePort>(_ => EndRelease(error: null));
        InEveryState();
    }

    private void Open()
    {
        Receive<OctetsArrived>(chunk => _line.IsCurrent(chunk.Generation), OnOctets);
        Receive<ExchangeRequest>(request =>
        {
            if (_isReleased)
                Refuse(request, ExchangeText.Released, LineFault.None);
            else
                Accept(request);
        });
        Receive<WriteEnded>(ended => _line.IsCurrent(ended.Generation), _ => _line.OnWriteEnded());
        Receive<LineLost>(lost => _line.IsCurrent(lost.Generation), OnLost);
        Receive<ReleasePort>(_ => BeginRelease());
        InEveryState();
    }

    private void BackingOff()
    {
        Receive<ExchangeRequest>(request => Refuse(request, _report.LastError!, _report.Fault));
        Receive<ReleasePort>(_ => EndRelease(error: null));
        InEveryState();
    }

    private void InEveryState()
    {
        Receive<RegisterMeter>(OnRegister);
        Receive<UnregisterMeter>(unregister =>
        {
            _meters.Remove(unregister.Meter);
            _exchanges.Forget(unregister.Meter, Now);
            _exchanges.Links.ProbeOnly(_meters.Has);
            Proceed();
        });
        Receive<DropRequest>(drop =>
        {
            _exchanges.Forget(drop.Client, Now, drop.Id);
            Proceed();
        });
        Receive<RetryNow>(retry =>
        {
            _exchanges.ProbeNow(retry.LinkAddress, Now);
            _reconnection.Hasten(Now);
            Proceed();
        });
        Receive<LineWanted>(wanted =>
        {
            if (_line.IsCurrent(wanted.Generation))
                _exchanges.Hold.Wanted();
            Proceed();
        });
        Receive<ReportStatus>(_ => TellStatus());
        Receive<GetRecentFrames>(_ => Sender.Tell(_output.Recent()));
        Receive<WatchFrames>(watch => _output.Watchers.Add(watch.Watcher, Context));
        Receive<Terminated>(ended => _output.Watchers.Remove(ended.ActorRef));
        Receive<Wake>(_ =>
        {
            _wakeAt = null;
            Proceed();
        });
        // News of an earlier line.
        Receive<LineOpened>(late => LineConnection.Dispose(late.Line));
        Receive<LineLost>(_ => { });
        Receive<OctetsArrived>(_ => { });
        Receive<WriteEnded>(_ => { });
    }

    private void Enter(PortState state, Action behaviour, string? error = null, LineFault fault = LineFault.None)
    {
        _report.Enter(state, error, fault, _time.Now());
        Become(behaviour);
        _meters.Tell(new PortStateChanged(state, error) { Fault = fault });
        TellStatus();
    }

    private void OnRegister(RegisterMeter register)
    {
        _meters.Add(register, Sender);
        Sender.Tell(_report.StateNow);
        if (_exchanges.Links.Demoted(register.LinkAddress) is { Demotion: { } demotion } link)
            Sender.Tell(_output.WithProbe(demotion, link.ProbeAt));
    }

    private void Accept(ExchangeRequest request)
    {
        _exchanges.Accept(_output.Enter(request, Sender), Now);
        Proceed();
    }

    private void Refuse(ExchangeRequest request, string error, LineFault fault) =>
        _exchanges.Refuse(_output.Enter(request, Sender), error, fault, Now);

    private void OpenLine(string? error = null, LineFault fault = LineFault.None)
    {
        _line.BeginOpening();
        Enter(PortState.Opening, Opening, error, fault);
    }

    private void OnOpened(LineOpened opened)
    {
        _line.Take(opened);
        if (_reconnection.Opened())
            _log.Info(LogEvents.PortOpened, _settings.Id, _line.Address);
        _exchanges.LineOpened(Now);
        Enter(PortState.Open, Open);
        Proceed();
    }

    private void OnOctets(OctetsArrived chunk)
    {
        _report.Count();
        var isProven = _exchanges.OnOctets(chunk.Buffer.AsSpan(0, chunk.Count), Now);
        _line.Taken(chunk, Now);
        _output.Hear(_exchanges.Wire.Reception);
        if (isProven)
            OnProven();
        Proceed();
    }

    private void OnProven()
    {
        if (_reconnection.Proven() is > 0 and var failures)
            _log.Info(LogEvents.PortReopened, _settings.Id, _line.Address, failures);
        _report.Recovered();
    }

    private void OnLost(LineLost lost)
    {
        var reception = _exchanges.Wire.Reception;
        Lose(reception.Loss(lost.Error), reception.Text is null ? LineFault.Lost : LineFault.Text);
    }

    private void Lose(string error, LineFault fault)
    {
        _line.Close();
        if (_isReleased)
            EndRelease(error);
        else
            BackOff(error, fault);
    }

    /// <summary>The line is lost, or could not be opened: everybody is notified, and the next attempt waits.</summary>
    private void BackOff(string error, LineFault fault)
    {
        var now = Now;
        var (pause, isNews) = _reconnection.Lost(error, now);
        if (isNews)
            _log.Warning(LogEvents.PortLost, _settings.Id, error, pause.TotalSeconds);
        _exchanges.LineClosed(error, now, fault);
        Enter(PortState.BackingOff, BackingOff, error, fault);
        Proceed();
    }

    /// <summary>The line has not failed, but brings nothing valid: another one is opened in its place.</summary>
    private void Reopen(GivenUpLine line, TimeSpan now)
    {
        if (_reconnection.GivenUp(line.Why))
            _log.Warning(LogEvents.PortSilent, _settings.Id, line.Why);
        _line.Close();
        _exchanges.LineClosed(line.Why, now, line.Fault);
        OpenLine(line.Why, line.Fault);
    }

    /// <summary>The sessions, or their call, have been ended: closes the line in order. A request that came meanwhile reopens it.</summary>
    private void CloseLine(TimeSpan now)
    {
        _line.Close();
        if (_isReleased)
        {
            EndRelease(error: null);
            return;
        }

        _output.LineClosed(_exchanges.Hold, now);
        _exchanges.LineClosed(error: null, now);
        Enter(PortState.Closed, Closed);
    }

    private void BeginRelease()
    {
        var now = Now;
        _isReleased = true;
        _exchanges.FailWaiting(ExchangeText.Released, now);
        if (!_exchanges.IsReleasing)
            _exchanges.Release(now);
        Proceed();
    }

    /// <summary>Nothing holds the line any more: the actor stops.</summary>
    private void EndRelease(string? error)
    {
        _isReleased = true;
        _exchanges.LineClosed(error ?? ExchangeText.Released, Now);
        _log.Info(LogEvents.PortReleased, _settings.Id, _line.Address);
        Enter(PortState.Closed, Closed, error);
        Context.Stop(Self);
    }

    /// <summary>After every message: does what can be done now, and sets the timer for what comes next.</summary>
    private void Proceed()
    {
        var now = Now;
        _line.ReadOn(now);
        _exchanges.Advance(now);
        switch (_report.State)
        {
            case PortState.Closed when !_isReleased && _exchanges.NeedsLine(now):
                OpenLine();
                break;
            case PortState.Open:
                ProceedOpen(now);
                break;
            case PortState.BackingOff when _meters.IsEmpty:
                _report.Recovered();
                Enter(PortState.Closed, Closed);
                break;
            case PortState.BackingOff when now >= _reconnection.At:
                OpenLine();
                break;
        }

        if (_report.DueAt <= now)
            TellStatus();
        WakeAt(NextMoment(now), now);
    }

    private void ProceedOpen(TimeSpan now)
    {
        if (_exchanges.HoldIsOver(now) && !_exchanges.IsReleasing && _exchanges.Wire.Running is null)
        {
            _exchanges.Release(now);
            _exchanges.Advance(now);
        }

        if (_exchanges.IsReleased || _exchanges.HasUnusedCallEnded(now))
            CloseLine(now);
        else if (_exchanges.GivenUp is { } line && (line.IsLost || _isReleased))
            Lose(line.Why, line.Fault);
        else if (_exchanges.GivenUp is { } dead)
            Reopen(dead, now);
    }

    private void TellStatus() => _liveState.Tell(_report.Take(_exchanges, _reconnection, Now, _time.Now()));

    private TimeSpan? NextMoment(TimeSpan now)
    {
        var moment = Moments.Earlier(_exchanges.NextMoment, _report.DueAt);
        return _report.State switch
        {
            PortState.Closed when !_isReleased => Moments.Earlier(moment, _exchanges.NeedsLine(now) ? now : _exchanges.NextProbeAt),
            PortState.BackingOff => Moments.Earlier(moment, _reconnection.At),
            PortState.Open => Moments.Earlier(moment, _line.ReadsOnAt),
            _ => moment,
        };
    }

    /// <summary>
    /// One timer for everything. Most moments move away with every frame, so a timer that is early enough is left as it is: when it fires
    /// too early, it is set again.
    /// </summary>
    private void WakeAt(TimeSpan? moment, TimeSpan now)
    {
        if (moment is not { } at || _wakeAt <= at)
            return;
        _wakeAt = at;
        var wait = at - now;
        Timers.StartSingleTimer(WakeTimer, Wake.Instance, wait > LeastWait ? wait : LeastWait);
    }
}
