namespace Iec102.Acquisition.Ports;

/// <summary>
/// When a line that was lost is opened again, and what of that is news to operators. The pause grows until a valid frame of the far end
/// comes: many converters accept a connection, say that their port is in use, and close it, so neither an open line nor octets prove
/// anything.
/// </summary>
internal sealed class Reconnection(PortSettings settings)
{
    private readonly Backoff _pauses = Backoff.Doubling(settings.ReconnectMin, settings.ReconnectMax, jitter: 0.2);

    // The reasons that operators know since a valid frame last came. Bounded, because the far end may give another one each time.
    private const int MostReasons = 8;

    private readonly HashSet<string> _reasons = [];
    private int _losses;
    private bool _wasLost;

    /// <summary>How often the line was opened again after it was lost.</summary>
    public long Count { get; private set; }

    /// <summary>When the line is to be opened again.</summary>
    public TimeSpan At { get; private set; }

    /// <summary>How often in a row the line was lost or given up, or could not be opened.</summary>
    public int Failures { get; private set; }

    /// <summary>The line is lost, or could not be opened.</summary>
    /// <returns>The pause before the next attempt, and whether operators should be told.</returns>
    public (TimeSpan Pause, bool IsNews) Lost(string error, TimeSpan now)
    {
        var pause = _pauses.After(_losses++, settings.Id);
        At = now + pause;
        return (pause, Failed(error));
    }

    /// <summary>The line is given up because nothing valid comes, and is opened again at once.</summary>
    /// <returns>Whether operators should be told.</returns>
    public bool GivenUp(string error) => Failed(error);

    /// <summary>An operator wants the next attempt now.</summary>
    public void Hasten(TimeSpan now) => At = now;

    /// <summary>The line is open.</summary>
    /// <returns>Whether that is news: not after a failure, when only a valid frame shows that the line works.</returns>
    public bool Opened()
    {
        if (_wasLost)
            Count++;
        _wasLost = false;
        return Failures == 0;
    }

    /// <summary>A valid frame of the far end has come.</summary>
    /// <returns>How many failures are over with it; 0 when there were none.</returns>
    public int Proven()
    {
        var failures = Failures;
        (_losses, Failures) = (0, 0);
        if (failures > 0)
            _reasons.Clear();
        return failures;
    }

    private bool Failed(string error)
    {
        Failures++;
        _wasLost = true;
        return _reasons.Count < MostReasons && _reasons.Add(error);
    }
}
