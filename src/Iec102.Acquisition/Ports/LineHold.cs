namespace Iec102.Acquisition.Ports;

/// <summary>
/// How long an open line is kept: for the hold after its last use; while others wait for its modem, until there is nothing to do, and no
/// longer than a call may last.
/// </summary>
internal sealed class LineHold(PortSettings settings)
{
    // Longer than the pause between two requests of one meter: otherwise each of them would need a line and a login of its own, and a login
    // would lead to nothing but the next one.
    private static readonly TimeSpan LeastHold = TimeSpan.FromSeconds(2);

    private TimeSpan _openedAt;
    private TimeSpan _usedAt;

    /// <summary>Somebody else waits for what the line is made with.</summary>
    public bool IsWanted { get; private set; }

    /// <summary>When it ends, if nobody uses the line or waits for it until then; null for never.</summary>
    public TimeSpan? IdleEnds => _usedAt + (IsWanted || settings.Hold < LeastHold ? LeastHold : settings.Hold);

    public void LineOpened(TimeSpan now) => (_openedAt, _usedAt, IsWanted) = (now, now, false);

    public void Used(TimeSpan now) => _usedAt = now;

    /// <summary>Somebody else begins to wait.</summary>
    public void Wanted() => IsWanted = true;

    /// <summary>The line is to be given to those who wait, whatever is still to do on it.</summary>
    public bool MustYield(TimeSpan now) => IsWanted && now >= _openedAt + settings.MaxCall;
}
