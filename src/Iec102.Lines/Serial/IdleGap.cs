namespace Iec102.Lines;

/// <summary>
/// Keeps account of when a serial line is idle long enough for the next frame: 33 bit times after the last octet, sent or received
/// (FT1.2; section 1 of the protocol notes). Times are counted from the opening of the line, when the first idle time begins.
/// </summary>
internal sealed class IdleGap(LineFormat format)
{
    private readonly Lock _gate = new();
    private TimeSpan _busyUntil;

    /// <summary>Octets were handed to the device, which sends them after whatever it still holds.</summary>
    public void Sent(int octets, TimeSpan now)
    {
        lock (_gate) _busyUntil = Later(_busyUntil, now) + octets * format.CharacterTime;
    }

    /// <summary>Octets were read; the last of them came in now or a little before.</summary>
    public void Received(TimeSpan now)
    {
        lock (_gate) _busyUntil = Later(_busyUntil, now);
    }

    /// <summary>How long the next frame has still to wait; zero or less when it may go.</summary>
    public TimeSpan Rest(TimeSpan now)
    {
        lock (_gate) return _busyUntil + format.IdleTime - now;
    }

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
