using Iec102.Lines;

namespace Iec102.Simulator;

/// <summary>
/// The wire of a line at some speed: when what was received has arrived at the meter and when what the meter sends has arrived at the master, if one octet
/// after the other had to pass. All moments are those of the line's <see cref="WireTimer"/>.
/// </summary>
internal sealed class LinePace(LineFormat format)
{
    // Beyond this a late timer is the computer's fault, not a matter of its resolution.
    private static readonly TimeSpan MaxLateness = TimeSpan.FromMilliseconds(20);

    private TimeSpan _free;
    private TimeSpan _lateness;

    /// <summary>What octets cost on the wire.</summary>
    public TimeSpan WireTime(long octets) => new(format.BitsPerCharacter * TimeSpan.TicksPerSecond * octets / format.Baud);

    /// <summary>Octets have come from the master: they pass the wire now.</summary>
    public void Received(int octets, TimeSpan now) => Occupy(octets, now);

    /// <summary>The meter sends octets after a delay; answers when the last of them has passed the wire.</summary>
    public TimeSpan Send(int octets, TimeSpan delay, TimeSpan now)
    {
        _free += delay;
        Occupy(octets, now);
        return _free;
    }

    /// <summary>
    /// What was sent has been handed over. A timer is always a little late; by so much the master's next request came too late,
    /// so that it is counted as if it had come in time and wire time holds over many frames.
    /// </summary>
    public void Delivered(TimeSpan now) => _lateness = TimeSpan.FromTicks(Math.Clamp((now - _free).Ticks, 0, MaxLateness.Ticks));

    private void Occupy(int octets, TimeSpan now)
    {
        var begin = now - _lateness;
        _free = (begin > _free ? begin : _free) + WireTime(octets);
    }
}
