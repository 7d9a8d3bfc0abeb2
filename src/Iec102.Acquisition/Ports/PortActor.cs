using Akka.Actor;
using Akka.Event;

namespace Iec102.Acquisition.Ports;

/// <summary>
/// Owns a line and everything that happens on it (<see cref="PortExchanges"/>): opens it when it is needed, keeps it, opens it again when
/// it is lost (<see cref="Reconnection"/>), and notifies meters and operators.
/// <para>Takes <see cref="RegisterMeter"/>, <see cref="UnregisterMeter"/>, <see cref="ExchangeRequest"/>, <see cref="DropRequest"/>,
/// <see cref="RetryNow"/>, <see cref="ReconnectPort"/>, <see cref="PausePort"/>, <see cref="ResumePort"/>, <see cref="ReleasePort"/>,
/// <see cref="WatchFrames"/>, <see cref="ReportStatus"/>; from its line <see cref="LineOpened"/>, <see cref="LineLost"/>,
/// <see cref="LineWanted"/>, <see cref="OctetsArrived"/>, <see cref="WriteEnded"/>.</para>
/// <para>States:
/// Closed: nobody needs the line; a request or a due probe opens it.
/// Opening: the line is being opened; requests wait.
/// Open: exchanges run. After the hold, or when the port is paused or released, the sessions are ended and the line is closed.
/// BackingOff: the line was lost, and is opened again after a growing pause as long as a meter is registered; requests fail at once.
/// Paused: an operator keeps the line closed for somebody else; requests fail at once, and nothing is opened until that is over.
/// After <see cref="ReleasePort"/> the actor stops; from Open once the sessions are ended.</para>
/// </summary>
public sealed class PortActor : ReceiveActor, IWithTimers
{
    private readonly PortSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly PortLine _line;
    private readonly PortMeters _meters;
    private readonly PortOutput _output;
    private readonly PortReport _report;
    private readonly PortVoice _voice;
    private readonly PortExchanges _exchanges;
    private readonly Reconnection _reconnection;
    private readonly LinePause _pause;
    private readonly WakeUp _wakeUp;
    private bool _isReleased;

    /// <summary>A port with its line closed.</summary>
    /// <param name="setup">What it works with.</param>
    public PortActor(PortSetup setup)
    {
        (_settings, _time, _meters, _pause) = (setup.Settings, setup.Time, setup.Meters, setup.Pause);
        _wakeUp = new WakeUp(() => Timers);
        _line = new PortLine(setup.Line, Self);
        _report = new PortReport(_settings, _line.Address, Now);
        _report.Enter(PortState.Closed, error: null, LineFault.None, _time.Now());
        _output = new PortOutput(_settings, _line, _meters, _report, _log, _time);
        _exchanges = new PortExchanges(_settings, _output);
        _reconnection = new Reconnection(_settings);
        _voice = new PortVoice(setup, _report, _exchanges, _reconnection, _log);
        Receive<ExchangeRequest>(OnRequest);
        ReceiveFromLine();
        ReceiveFromOperators();
        ReceiveFromMeters();
    }

    /// <summary>The actor's timers.</summary>
    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _time.Elapsed();

    /// <summary>The line is to be closed once the sessions are ended, and not to be opened again.</summary>
    private bool IsEnding => _isReleased || _pause.Present is not null;

    private string WhyEnding => _isReleased ? ExchangeText.Released : _pause.Present!.Sentence;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        // The meters registered with an earlier actor have lost their sessions and the line.
        _meters.Tell(new PortStateChanged(PortState.Closed, "The port was restarted."));
        _voice.TellStatus();
        if (IsEnding)
            EnterPause();
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _line.End();
        _exchanges.LineClosed("The port was stopped.", Now);
    }

    private void ReceiveFromLine()
    {
        // News of an earlier line changes nothing, but a line that opened too late is to be closed.
        Receive<LineOpened>(opened => _line.IsCurrent(opened.Generation), OnOpened);
        Receive<LineOpened>(late => LineConnection.Dispose(late.Line));
        Receive<LineLost>(lost => _line.IsCurrent(lost.Generation), OnLost);
        Receive<LineLost>(_ => { });
        Receive<OctetsArrived>(chunk => _line.IsCurrent(chunk.Generation), OnOctets);
        Receive<OctetsArrived>(_ => { });
        Receive<WriteEnded>(ended => _line.IsCurrent(ended.Generation), _ => _line.OnWriteEnded());
        Receive<WriteEnded>(_ => { });
        Receive<LineWanted>(wanted => Then(_line.IsCurrent(wanted.Generation) ? _exchanges.Hold.Wanted : () => { }));
        Receive<WakeUp.Due>(_ => Then(_wakeUp.Fired));
    }

    private void ReceiveFromOperators()
    {
        Receive<ReconnectPort>(_ => Operated(Reconnect));
        Receive<PausePort>(pause => Operated(() => OnPause(pause)));
        Receive<ResumePort>(_ => Operated(Resume));
        Receive<RetryNow>(retry => Then(() =>
        {
            _exchanges.ProbeNow(retry.LinkAddress, Now);
            _reconnection.Hasten(Now);
        }));
        Receive<GetRecentFrames>(_ => Sender.Tell(_output.Recent()));
        Receive<WatchFrames>(watch => _output.Watchers.Add(watch.Watcher, Context));
        Receive<Terminated>(ended => _output.Watchers.Remove(ended.ActorRef));
        Receive<ReportStatus>(_ => _voice.TellStatus());
        Receive<ReleasePort>(_ => OnRelease());
    }

    private void ReceiveFromMeters()
    {
        Receive<RegisterMeter>(OnRegister);
        Receive<UnregisterMeter>(unregister => Then(() =>
        {
            _meters.Remove(unregister.Meter);
            _exchanges.Forget(unregister.Meter, Now);
            _exchanges.Links.ProbeOnly(_meters.Has);
        }));
        Receive<DropRequest>(drop => Then(() => _exchanges.Forget(drop.Client, Now, drop.Id)));
    }

    private void OnRegister(RegisterMeter register)
    {
        _voice.Welcome(register, Sender);
        if (_exchanges.Links.Demoted(register.LinkAddress) is { Demotion: { } demotion } link)
            Sender.Tell(_output.WithProbe(demotion, link.ProbeAt));
    }

    private void OnRequest(ExchangeRequest request)
    {
        var queued = _output.Enter(request, Sender);
        if (IsEnding)
            _exchanges.Refuse(queued, WhyEnding, LineFault.None, Now);
        else if (_report.State == PortState.BackingOff)
            _exchanges.Refuse(queued, _report.LastError!, _report.Fault, Now);
        else
        {
            _exchanges.Accept(queued, Now);
            Proceed();
        }
    }

    private void OpenLine(string? error = null, LineFault fault = LineFault.None, string? told = null)
    {
        _line.BeginOpening();
        _voice.Enter(PortState.Opening, error, fault, told);
    }

    private void OnOpened(LineOpened opened)
    {
        _line.Take(opened);
        _voice.Opened(_line.Address);
        _exchanges.LineOpened(Now);
        _voice.Enter(PortState.Open);
        Proceed();
    }

    private void OnOctets(OctetsArrived chunk)
    {
        _report.Count();
        if (_exchanges.OnOctets(chunk.Buffer.AsSpan(0, chunk.Count), Now))
            _voice.Proven(_line.Address);
        _line.Taken(chunk, Now);
        _output.Hear(_exchanges.Wire.Reception);
        Proceed();
    }

    private void OnLost(LineLost lost)
    {
        var reception = _exchanges.Wire.Reception;
        if (_report.State == PortState.Opening)
            BackOff(lost.Error, LineFault.NotOpened);
        else
            Lose(reception.Loss(lost.Error), reception.Text is null ? LineFault.Lost : LineFault.Text);
    }

    private void Lose(string error, LineFault fault)
    {
        if (!HasEnded(error))
            BackOff(error, fault);
    }

    /// <summary>Closes the line; whether that ends the port, or begins its pause.</summary>
    private bool HasEnded(string? error)
    {
        var isEnding = IsEnding;
        _line.Close();
        if (_isReleased)
            EndRelease(error);
        else if (isEnding)
            EnterPause();
        return isEnding;
    }

    /// <summary>The line is lost, or could not be opened: everybody is notified, and the next attempt waits.</summary>
    private void BackOff(string error, LineFault fault)
    {
        var now = Now;
        _voice.Lost(error, now);
        _exchanges.LineClosed(error, now, fault);
        _voice.Enter(PortState.BackingOff, error, fault);
        Proceed();
    }

    /// <summary>The line has not failed, but brings nothing valid: another one is opened in its place.</summary>
    private void Reopen(GivenUpLine line, TimeSpan now)
    {
        _voice.GivenUp(line.Why);
        _line.Close();
        _exchanges.LineClosed(line.Why, now, line.Fault);
        OpenLine(line.Why, line.Fault);
    }

    /// <summary>The sessions, or their call, have been ended: closes the line in order. A request that came meanwhile reopens it.</summary>
    private void CloseLine(TimeSpan now)
    {
        if (HasEnded(error: null))
            return;
        _output.LineClosed(_exchanges.Hold, now);
        _exchanges.LineClosed(error: null, now);
        _voice.Enter(PortState.Closed);
    }

    private void OnRelease()
    {
        _isReleased = true;
        if (_report.State == PortState.Open)
            EndSessions();
        else
            EndRelease(error: null);
        Proceed();
    }

    /// <summary>Begins to end the sessions on an open line, which is closed then.</summary>
    private void EndSessions()
    {
        _exchanges.FailWaiting(WhyEnding, Now);
        if (!_exchanges.IsReleasing)
            _exchanges.Release(Now);
    }

    /// <summary>An operator has asked for something.</summary>
    private void Operated(Action act)
    {
        if (!_isReleased)
            act();
        Sender.Tell(new PortOperated(_pause.Present));
        Proceed();
    }

    private void Reconnect()
    {
        if (_report.State is not (PortState.Closed or PortState.Open or PortState.BackingOff) || IsEnding)
            return;
        _line.Close();
        _exchanges.LineClosed(ExchangeText.Reconnected, Now);
        OpenLine(told: ExchangeText.Reconnected);
    }

    private void OnPause(PausePort pause)
    {
        _pause.Begin(pause, _time.Now());
        _log.Info(LogEvents.PortPaused, _settings.Id, _line.Address, Math.Round(pause.For.TotalMinutes), pause.By);
        if (_report.State == PortState.Open)
            EndSessions();
        else
            EnterPause();
        _voice.TellStatus();
    }

    /// <summary>The line is closed, or is not opened any more, and stays so until the pause is over.</summary>
    private void EnterPause()
    {
        _line.Abandon();
        _exchanges.LineClosed(WhyEnding, Now);
        _report.Recovered();
        _voice.Enter(PortState.Paused, told: WhyEnding);
        Proceed();
    }

    private void Resume()
    {
        if (_pause.Present is null)
            return;
        _pause.End();
        _log.Info(LogEvents.PortResumed, _settings.Id, _line.Address);
        // Otherwise the sessions are still being ended, and the line is closed as after its hold.
        if (_report.State == PortState.Paused)
            _voice.Enter(PortState.Closed);
    }

    /// <summary>Nothing holds the line any more: the actor stops.</summary>
    private void EndRelease(string? error)
    {
        _isReleased = true;
        _exchanges.LineClosed(error ?? ExchangeText.Released, Now);
        _log.Info(LogEvents.PortReleased, _settings.Id, _line.Address);
        _voice.Enter(PortState.Closed, error);
        Context.Stop(Self);
    }

    private void Then(Action act)
    {
        act();
        Proceed();
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
            case PortState.BackingOff when !_meters.IsEmpty && now >= _reconnection.At:
                OpenLine();
                break;
            case PortState.BackingOff when _meters.IsEmpty:
                _report.Recovered();
                _voice.Enter(PortState.Closed);
                break;
            case PortState.Open:
                ProceedOpen(now);
                break;
            case PortState.Paused when _pause.IsOver(_time.Now()):
                Resume();
                break;
        }

        if (_report.DueAt <= now)
            _voice.TellStatus();
        _wakeUp.At(NextMoment(now), now);
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
        else if (_exchanges.GivenUp is { } line && (line.IsLost || IsEnding))
            Lose(line.Why, line.Fault);
        else if (_exchanges.GivenUp is { } dead)
            Reopen(dead, now);
    }

    private TimeSpan? NextMoment(TimeSpan now)
    {
        var moment = Moments.Earlier(_exchanges.NextMoment, _report.DueAt);
        return _report.State switch
        {
            PortState.Closed when !_isReleased => Moments.Earlier(moment, _exchanges.NeedsLine(now) ? now : _exchanges.NextProbeAt),
            PortState.BackingOff => Moments.Earlier(moment, _reconnection.At),
            PortState.Open => Moments.Earlier(moment, _line.ReadsOnAt),
            PortState.Paused => Moments.Earlier(moment, now + (_pause.Present!.Until - _time.Now()).ToTimeSpan()),
            _ => moment,
        };
    }
}
