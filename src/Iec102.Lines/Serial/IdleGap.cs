namespace Iec102.Lines.Serial;

/// <summary>
/// Tracks when a serial line has been idle long enough for the next frame: 33 bit times after the last octet, sent or received (FT1.2;
/// section 1 of the protocol notes). Times count from the opening of the line, when the first idle time begins.
/// </summary>
internal sealed class IdleGap(LineFormat format)
{
    private readonly Lock _gate = new();
    private TimeSpan _busyUntil;

    /// <summary>Notes octets that were handed to the device, which sends them after those it still holds.</summary>
    public void Sent(int octets, TimeSpan now)
    {
        lock (_gate) _busyUntil = Later(_busyUntil, now) + octets * format.CharacterTime;
    }

    /// <summary>Notes that octets were read; the last of them arrived now or a little earlier.</summary>
    public void Received(TimeSpan now)
    {
        lock (_gate) _busyUntil = Later(_busyUntil, now);
    }

    /// <summary>How long the next frame still has to wait; zero or less when it may be sent.</summary>
    public TimeSpan Rest(TimeSpan now)
    {
        lock (_gate) return _busyUntil + format.IdleTime - now;
    }

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
