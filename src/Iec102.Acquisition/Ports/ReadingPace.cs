using Iec102.Protocol.Link;

namespace Iec102.Acquisition.Ports;

/// <summary>
/// How fast a line is read. A far end that sends without end must not cost the processor: what comes beyond the answers to our frames is
/// read no faster than twice what the line can carry, or, where that is not known (TCP), than the fastest converter's line could carry. The
/// far end is slowed down, since it cannot send what nobody reads.
/// </summary>
/// <param name="characterTime">How long one octet takes on the wire; zero where that is not known.</param>
internal sealed class ReadingPace(TimeSpan characterTime)
{
    private const double MostAhead = 64 * 1024;
    private const double FastestConverter = 64 * 1024;

    // A line may bring an answer twice.
    private const double OctetsForAFrame = 2 * Frame.MaxLength;

    private readonly double _octetsPerSecond = characterTime > TimeSpan.Zero ? 2 / characterTime.TotalSeconds : FastestConverter;
    private double _credit = MostAhead;
    private TimeSpan _at;

    /// <summary>When the line may be read on; a moment in the past when it may be at once.</summary>
    public TimeSpan FreeAt => _at + TimeSpan.FromSeconds(Math.Max(0, -_credit) / _octetsPerSecond);

    /// <summary>A frame was sent; its answer is to be read as fast as it comes.</summary>
    public void Sent() => _credit = Math.Min(MostAhead, _credit + OctetsForAFrame);

    /// <summary>Octets were read.</summary>
    public void Took(int octets, TimeSpan now)
    {
        _credit = Math.Min(MostAhead, _credit + (now - _at).TotalSeconds * _octetsPerSecond) - octets;
        _at = now;
    }
}
