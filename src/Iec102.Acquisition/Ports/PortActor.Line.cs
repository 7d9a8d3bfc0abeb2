using Akka.Actor;
using Akka.Event;

namespace Iec102.Acquisition.Ports;

/// <content>The life of the line, the timer, and what operators are told.</content>
public sealed partial class PortActor
{
    private const string WakeTimer = "wake";

    private void OpenLine(string? error = null)
    {
        _generation++;
        var attempt = new CancellationTokenSource();
        _giveUpOpening = attempt.Cancel;
        _opening = LineConnection.OpenAsync(_factory, _generation, attempt.Token);
        _opening.PipeTo(Self);
        Enter(PortState.Opening, Opening, error);
    }

    private void OnOpened(LineOpened opened)
    {
        _opening = null;
        _line = new LineConnection(opened.Line, _generation, Self);
        if (_wasLost)
            _reconnects++;
        _wasLost = false;
        if (_attempt == 0)
            _log.Info(LogEvents.PortOpened, _settings.Id, _factory.Address);
        _exchanges.LineOpened(Now);
        Enter(PortState.Open, Open);
        Proceed();
    }

    private void OnOctets(OctetsArrived chunk)
    {
        // Only octets show that the line is worth something: many converters accept a connection and then drop it.
        if (_attempt > 0)
            _log.Info(LogEvents.PortReopened, _settings.Id, _factory.Address);
        _attempt = 0;
        _statusIsOld = true;
        _exchanges.OnOctets(chunk.Buffer.AsSpan(0, chunk.Count), Now);
        _line!.Taken(chunk);
        Proceed();
    }

    private void OnLost(LineLost lost)
    {
        _line!.Close();
        if (_isReleased)
            EndRelease(lost.Error);
        else
            BackOff(lost.Error);
    }

    /// <summary>The line is lost, or could not be opened: everybody is told, and the next attempt waits.</summary>
    private void BackOff(string error)
    {
        var now = Now;
        var pause = ReconnectDelay.Before(_settings.Id, _attempt, _settings.ReconnectMin, _settings.ReconnectMax);
        if (_attempt == 0 || error != _lastError)
            _log.Warning(LogEvents.PortLost, _settings.Id, error, pause.TotalSeconds);
        _attempt++;
        _wasLost = true;
        _reconnectAt = now + pause;
        _exchanges.LineClosed(error, now);
        Enter(PortState.BackingOff, BackingOff, error);
        Proceed();
    }

    private void ProceedOpen(TimeSpan now)
    {
        if (_exchanges.HoldIsOver(now) && !_exchanges.IsReleasing && _exchanges.Wire.Running is null)
        {
            _exchanges.Release(now);
            _exchanges.Advance(now);
        }

        if (_exchanges.IsReleased)
            CloseLine(now);
        else if (_exchanges.SilentLine is { } why && _isReleased)
            EndRelease(why);
        else if (_exchanges.SilentLine is { } silent)
            Reopen(silent, now);
    }

    private void Reopen(string why, TimeSpan now)
    {
        _log.Warning(LogEvents.PortSilent, _settings.Id, why);
        _line!.Close();
        _wasLost = true;
        _exchanges.LineClosed(why, now);
        OpenLine(why);
    }

    /// <summary>The sessions have been ended: closes the line in order. Who asked for it meanwhile has it opened again.</summary>
    private void CloseLine(TimeSpan now)
    {
        _line!.Close();
        if (_isReleased)
        {
            EndRelease(error: null);
            return;
        }

        _log.Info(LogEvents.PortClosed, _settings.Id, _factory.Address, _settings.Hold?.TotalSeconds);
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

    /// <summary>Nothing holds the line any more: the end of this actor.</summary>
    private void EndRelease(string? error)
    {
        _isReleased = true;
        _exchanges.LineClosed(error ?? ExchangeText.Released, Now);
        _log.Info(LogEvents.PortReleased, _settings.Id, _factory.Address);
        Enter(PortState.Closed, Closed, error);
        Context.Stop(Self);
    }

    /// <summary>An attempt that is under way may still succeed: then its line is closed at once, since nobody is there to take it.</summary>
    private void GiveUpOpening()
    {
        _giveUpOpening?.Invoke();
        if (_opening is { } late)
            _ = LineConnection.DisposeWhenOpenedAsync(late);
    }

    private void TellStatus()
    {
        var now = Now;
        _statusIsOld = false;
        _statusToldAt = now;
        _liveState.Tell(new PortStatus(
            _settings.Id, _settings.Kind, _factory.Address, _state, _since, _lastError, PortTally.Of(_exchanges, _reconnects, _startedAt, now)));
    }

    private TimeSpan? NextMoment(TimeSpan now)
    {
        var moment = _exchanges.NextMoment;
        Consider(_state switch
        {
            PortState.Closed when !_isReleased => _exchanges.NeedsLine(now) ? now : _exchanges.NextProbeAt,
            PortState.BackingOff => _reconnectAt,
            _ => null,
        });
        Consider(_statusIsOld ? _statusToldAt + StatusEvery : null);
        return moment;

        void Consider(TimeSpan? other) => moment = moment is null || other < moment ? other : moment;
    }

    /// <summary>
    /// One timer for everything. Most moments move away with every frame, so a timer that is early enough is left as it is: when it comes too early,
    /// it is set anew.
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
