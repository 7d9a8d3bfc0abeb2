using Iec102.Lines;

namespace Iec102.Simulator.Lines;

/// <summary>
/// The wire of a line with a speed: computes when received octets have reached the meter and when sent octets have reached the master, as
/// if they passed one after the other. All times are those of the line's <see cref="WireTimer"/>.
/// </summary>
internal sealed class LinePace(LineFormat format)
{
    // If a timer is later than this, the cause is a busy computer and not the resolution of the timer.
    private static readonly TimeSpan MaxLateness = TimeSpan.FromMilliseconds(20);

    private TimeSpan _free;
    private TimeSpan _lateness;

    /// <summary>How long octets take on the wire.</summary>
    public TimeSpan WireTime(long octets) => new(format.BitsPerCharacter * TimeSpan.TicksPerSecond * octets / format.Baud);

    /// <summary>Notes octets from the master: they occupy the wire from now on.</summary>
    public void Received(int octets, TimeSpan now) => Occupy(octets, now);

    /// <summary>Notes that the meter sends octets after a delay; returns the moment at which the last one has passed the wire.</summary>
    public TimeSpan Send(int octets, TimeSpan delay, TimeSpan now)
    {
        _free += delay;
        Occupy(octets, now);
        return _free;
    }

    /// <summary>
    /// Notes that the octets were handed over. Timers always fire a little late, which makes the master's next request equally late. The
    /// request is counted as if it had arrived in time, so that the wire time stays right over many frames.
    /// </summary>
    public void Delivered(TimeSpan now) => _lateness = TimeSpan.FromTicks(Math.Clamp((now - _free).Ticks, 0, MaxLateness.Ticks));

    private void Occupy(int octets, TimeSpan now)
    {
        var begin = now - _lateness;
        _free = (begin > _free ? begin : _free) + WireTime(octets);
    }
}
