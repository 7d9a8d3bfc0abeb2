using NodaTime;

namespace Iec102.Acquisition.Ports;

/// <summary>What operators are shown of a port: each new state at once, and its counters at most once a second.</summary>
internal sealed class PortReport(PortSettings settings, string address, TimeSpan startedAt)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>How often an idle port reports until its time in use and its errors of the last minutes have become 0.</summary>
    private static readonly TimeSpan WhileCalming = TimeSpan.FromMinutes(1);

    private readonly PortFigures _figures = new(startedAt);

    private Instant _enteredAt;
    private Instant? _downSince;
    private Instant? _errorAt;
    private long _failedConnects;
    private TimeSpan _toldAt;
    private bool _hasCounted;

    public PortState State { get; private set; } = PortState.Closed;

    /// <summary>The last error of the line; null before the first.</summary>
    public string? LastError { get; private set; }

    /// <summary>What is wrong with the line.</summary>
    public LineFault Fault { get; private set; }

    /// <summary>The present state, for a meter that has just come.</summary>
    public PortStateChanged StateNow => State == PortState.BackingOff
        ? new PortStateChanged(State, LastError) { Fault = Fault }
        : new PortStateChanged(State, Error: null);

    /// <summary>When the counters are to be reported; null while they are as last reported.</summary>
    public TimeSpan? DueAt => _hasCounted ? _toldAt + Every : _figures.IsCalm ? null : _toldAt + WhileCalming;

    /// <summary>The port has changed its state.</summary>
    public void Enter(PortState state, string? error, LineFault fault, Instant now)
    {
        if (state == PortState.BackingOff)
        {
            if (State == PortState.Opening)
                _failedConnects++;
            // A line that opens and is lost again at once has not worked meanwhile.
            if (_downSince is null || (State == PortState.Open && now - _enteredAt >= PortStatus.Steady))
                _downSince = now;
        }

        if (error is not null)
            (LastError, Fault, _errorAt) = (error, fault, now);
        (State, _enteredAt) = (state, now);
    }

    /// <summary>The line works, or nobody needs it any more.</summary>
    public void Recovered() => (_downSince, Fault) = (null, LineFault.None);

    /// <summary>The counters have changed.</summary>
    public void Count() => _hasCounted = true;

    /// <summary>The status of this moment, to be sent at once.</summary>
    /// <param name="exchanges">The exchanges, with their counters.</param>
    /// <param name="reconnection">When the line is opened again.</param>
    /// <param name="now">The moment.</param>
    /// <param name="wallNow">The moment by the wall clock.</param>
    public PortStatus Take(PortExchanges exchanges, Reconnection reconnection, TimeSpan now, Instant wallNow)
    {
        (_hasCounted, _toldAt) = (false, now);
        return new PortStatus(
            settings.Id, settings.Kind, address, State, State == PortState.Open ? _enteredAt : _downSince ?? _enteredAt, LastError,
            _figures.Take(exchanges, reconnection.Count, _failedConnects, now))
        {
            IsDialled = settings.MaxCall is not null,
            DownSince = _downSince,
            LastErrorAt = _errorAt,
            NextTry = State == PortState.BackingOff ? wallNow + Duration.FromTimeSpan(reconnection.At - now) : null,
            EnteredAt = _enteredAt,
            Fault = Fault,
            Failures = reconnection.Failures,
        };
    }
}
