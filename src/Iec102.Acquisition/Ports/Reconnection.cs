namespace Iec102.Acquisition.Ports;

/// <summary>
/// When a line that was lost is opened again, and what of that is news to operators. The pause grows until octets arrive: many converters
/// accept a connection and then drop it, so an open line alone proves nothing.
/// </summary>
internal sealed class Reconnection(PortSettings settings)
{
    private readonly Backoff _pauses = Backoff.Doubling(settings.ReconnectMin, settings.ReconnectMax, jitter: 0.2);
    private int _failures;
    private bool _wasLost;
    private string? _error;

    /// <summary>How often the line was opened again after it was lost.</summary>
    public long Count { get; private set; }

    /// <summary>When the line is to be opened again.</summary>
    public TimeSpan At { get; private set; }

    /// <summary>The line is lost, or could not be opened.</summary>
    /// <returns>The pause before the next attempt, and whether this error is new to operators since octets last arrived.</returns>
    public (TimeSpan Pause, bool IsNews) Lost(string error, TimeSpan now)
    {
        var isNews = _failures == 0 || error != _error;
        var pause = _pauses.After(_failures++, settings.Id);
        (At, _wasLost, _error) = (now + pause, true, error);
        return (pause, isNews);
    }

    /// <summary>The line is given up because it is silent, and is opened again at once.</summary>
    public void GivenUp(string error) => (_wasLost, _error) = (true, error);

    /// <summary>An operator wants the next attempt now.</summary>
    public void Hasten(TimeSpan now) => At = now;

    /// <summary>The line is open.</summary>
    /// <returns>Whether that is news: not after a failure, when only octets show that the line works.</returns>
    public bool Opened()
    {
        if (_wasLost)
            Count++;
        _wasLost = false;
        return _failures == 0;
    }

    /// <summary>Octets have arrived.</summary>
    /// <returns>Whether they are the first since a failure.</returns>
    public bool Proven()
    {
        var isNews = _failures > 0;
        _failures = 0;
        return isNews;
    }
}
