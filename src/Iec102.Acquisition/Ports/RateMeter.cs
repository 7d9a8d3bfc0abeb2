using Iec102.Protocol.Application;

namespace Iec102.Acquisition.Ports;

/// <summary>
/// How many octets a second a line carries to and from one link, both directions and all pauses included: octets divided by time over the
/// last exchanges, each weighing a fifth less than the one after it.
/// </summary>
internal sealed class RateMeter(TimeSpan characterTime)
{
    private const double Decay = 0.8;

    /// <summary>Some answers of a meter come more slowly than others, but none needs more than this.</summary>
    private const double Slack = 3;
    private const double LongestSeconds = 24 * 3600;
    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(30);

    private const double OctetsPerSecondAt9600Baud = 960;

    // Until something has been measured, what the line could carry is assumed.
    private readonly double _guess = characterTime > TimeSpan.Zero ? 1 / characterTime.TotalSeconds : OctetsPerSecondAt9600Baud;
    private double _octets;
    private double _seconds;

    public double OctetsPerSecond => _seconds > 0 ? _octets / _seconds : _guess;

    /// <summary>How long the data of the answer to a request may take.</summary>
    public TimeSpan TimeFor(Request request) =>
        LeastTime + TimeSpan.FromSeconds(Math.Min(Slack * SeriesSize.Of(request).UsualOctets / OctetsPerSecond, LongestSeconds));

    public void Add(long octets, TimeSpan time)
    {
        if (time <= TimeSpan.Zero)
            return;
        _octets = _octets * Decay + octets;
        _seconds = _seconds * Decay + time.TotalSeconds;
    }
}
