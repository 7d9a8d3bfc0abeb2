using Iec102.Acquisition.Ports;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Meters;

/// <summary>
/// Whether a meter can be asked now: what its port and its link report, and how long to leave it alone after failures (a second to a
/// minute), a refused login or another meter's answer (a quarter of an hour, an hour, then a day).
/// </summary>
internal sealed class MeterReach
{
    private static readonly Backoff Pauses = Backoff.Doubling(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    private PortState _port = PortState.Opening;
    private Instant? _nextProbe;
    private int _failures;
    private int _timesStoodBack;
    private bool _isFailing;
    private bool _waitsForStorage;
    private Instant? _lastSeen;
    private Instant? _since;
    private Instant? _lastErrorAt;
    private LineFault _fault;
    private string? _whyPaused;

    /// <summary>The state that operators see.</summary>
    public MeterState State { get; private set; }

    /// <summary>The last failure, in one sentence; null after a success.</summary>
    public string? LastError { get; private set; }

    /// <summary>Nothing is asked before this moment.</summary>
    public Instant NotBefore { get; private set; } = Instant.MinValue;

    /// <summary>The port has no line and waits before it opens one.</summary>
    public bool IsPortLost => _port is PortState.BackingOff or PortState.Paused;

    /// <summary>Why the meter cannot be asked, in one sentence, where that is known.</summary>
    public string? WhyOutOfReach => _whyPaused ?? LastError;

    /// <summary>The login was refused, or another meter answers: nothing is asked until the next attempt.</summary>
    public bool StandsBack => State is MeterState.Refused or MeterState.WrongMeter;

    /// <summary>What to answer whoever wants something read now; null when it can be tried.</summary>
    public ReadNowAnswer? WhyNot =>
        IsPortLost ? new ReadNowAnswer.NoAnswer(WhyOutOfReach) : StandsBack ? new ReadNowAnswer.Refused(LastError) : null;

    /// <summary>The meter can be asked. One that is demoted is left to the port's probes, unless somebody waits for it.</summary>
    public bool IsReachable(Instant now, bool isAwaited) => !IsPortLost && now >= NotBefore && (State != MeterState.Demoted || isAwaited);

    /// <summary>The meter as operators see it, but for its clock.</summary>
    public MeterStatus StatusOf(MeterConfiguration meter, uint? serial) =>
        new(meter.Id, meter.Port, meter.LinkAddress, meter.PointAddress, State, serial, _lastSeen, LastError, ClockOffset: null)
        {
            Since = _since,
            LastErrorAt = _lastErrorAt,
            Fault = _fault,
            NextTry = State == MeterState.Demoted ? _nextProbe : _isFailing && NotBefore > Instant.MinValue ? NotBefore : null,
            WaitsForStorage = _waitsForStorage,
        };

    /// <summary>
    /// Our clock was set by this much: the next attempt comes after the same wait as before, and what happened is as long ago as it was.
    /// </summary>
    public void ClockStepped(Duration by)
    {
        (_lastSeen, _since, _lastErrorAt, _nextProbe) = (_lastSeen + by, _since + by, _lastErrorAt + by, _nextProbe + by);
        if (NotBefore > Instant.MinValue)
            NotBefore += by;
    }

    public void PortChanged(PortStateChanged changed, Instant now)
    {
        _port = changed.State;
        _whyPaused = changed.State == PortState.Paused ? changed.Error : null;
        if (changed.State == PortState.Paused)
        {
            // A pause is no failure of the meter, and after it everything begins anew.
            if (!StandsBack)
                (State, LastError, _lastErrorAt, _fault, _isFailing, _since) = (MeterState.Offline, null, null, LineFault.None, false, now);
        }
        else if (changed.State is PortState.BackingOff or PortState.Closed)
        {
            if (State is not (MeterState.Online or MeterState.LoggingIn or MeterState.Demoted))
                return;
            if (changed.Error is { } error)
                Fail(MeterState.Offline, error, changed.Fault, now);
            else
                State = MeterState.Offline;
        }
        else if (!StandsBack)
        {
            NotBefore = Instant.MinValue;
        }
    }

    public void LinkChanged(LinkStateChanged changed, Instant now)
    {
        _nextProbe = changed.NextProbe;
        // A meter that refused the login must not be sent the same key each time its link comes back.
        if (StandsBack)
            return;
        if (!changed.Answers)
        {
            Fail(MeterState.Demoted, changed.Error, changed.Fault, now);
            return;
        }

        NotBefore = Instant.MinValue;
        if (State == MeterState.Demoted)
            State = MeterState.Offline;
    }

    /// <summary>The link was probed in vain.</summary>
    public void LinkProbed(Instant nextProbe) => _nextProbe = nextProbe;

    /// <summary>An operator wants the next attempt now.</summary>
    public void Retry()
    {
        _timesStoodBack = 0;
        NotBefore = Instant.MinValue;
        if (StandsBack)
            State = MeterState.Offline;
    }

    public void LoggingIn()
    {
        if (State != MeterState.Demoted)
            State = MeterState.LoggingIn;
    }

    /// <summary>The meter has answered, or refused.</summary>
    public void Answered(Instant at) => _lastSeen = at;

    /// <summary>The meter has answered in a session; true when it was not online before.</summary>
    public bool Succeeded(Instant now)
    {
        _failures = 0;
        _timesStoodBack = 0;
        if (State == MeterState.Online)
            return false;
        if (_isFailing || _since is null)
            (_isFailing, _since) = (false, now);
        (State, LastError, _lastErrorAt, _fault) = (MeterState.Online, null, null, LineFault.None);
        return true;
    }

    /// <summary>
    /// An exchange failed. The next attempt needs no pause after a lost session, nor after silence, since the port then probes the link.
    /// </summary>
    public void Failed(ExchangeEnded ended, Instant now)
    {
        if (ended.End == ExchangeEnd.SessionLost)
            return;
        // The line is still to be opened, because others have its modem: that is no failure of the meter.
        if (ended is { End: ExchangeEnd.Expired, Sent: null } && _port == PortState.Opening)
        {
            State = State == MeterState.LoggingIn ? MeterState.Offline : State;
            NotBefore = now + Pause(_failures++);
            return;
        }

        Fail(ended.End == ExchangeEnd.NoAnswer ? MeterState.Demoted : MeterState.Offline, ended.Error, ended.Fault, now);
        if (ended.End != ExchangeEnd.NoAnswer)
            NotBefore = now + Pause(_failures++);
    }

    /// <summary>Leaves the meter alone for this long.</summary>
    public void Wait(Duration time, Instant now) => NotBefore = now + time;

    /// <summary>The login was refused, or another meter answers: nothing is asked until the next attempt, whose time is returned.</summary>
    public Instant StandBack(MeterState state, string error, Instant now)
    {
        Fail(state, error, LineFault.None, now);
        return NotBefore = now + Duration.FromTimeSpan(Backoff.ForPeople.After(_timesStoodBack++));
    }

    /// <summary>The storage does not say what is on record of the meter.</summary>
    public void StorageSilent(Instant now)
    {
        Fail(State, "waiting for the storage to say what is on record of this meter; see the log", LineFault.None, now);
        _waitsForStorage = true;
    }

    /// <summary>The storage has said what is on record of the meter.</summary>
    public void StorageAnswered()
    {
        if (!_waitsForStorage)
            return;
        (_waitsForStorage, _isFailing, _since) = (false, false, null);
        (LastError, _lastErrorAt) = (null, null);
    }

    /// <summary>The pause after this many failures in a row.</summary>
    public static Duration Pause(int failures) => Duration.FromTimeSpan(Pauses.After(failures));

    private void Fail(MeterState state, string? error, LineFault fault, Instant now)
    {
        State = state;
        if (error is not null)
            (LastError, _lastErrorAt, _fault) = (error, now, fault);
        if (!_isFailing)
            (_isFailing, _since) = (true, now);
    }
}
