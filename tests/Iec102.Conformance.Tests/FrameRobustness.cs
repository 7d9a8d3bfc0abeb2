using System.Globalization;
using Iec102.Protocol.Link;
using Iec102.Testing;

namespace Iec102.Conformance.Tests;

/// <summary>A promise that was checked against every frame of the report.</summary>
/// <param name="Id">The number of the promise, and a count.</param>
/// <param name="Procedure">What was done.</param>
/// <param name="Observed">The result, in figures.</param>
/// <param name="IsKept">Whether the promise was kept.</param>
internal sealed record PromiseRow(string Id, string Procedure, string Observed, bool IsKept);

/// <summary>Promise R3 for the frames that the cases exchange: every cut, truncation and bit error.</summary>
internal sealed class FrameRobustness
{
    /// <summary>
    /// The longest frame for which all pairs of bits are tried: their number grows with the square of the length, so longer ones would take
    /// minutes.
    /// </summary>
    private const int LongestForTwoBits = 40;

    private readonly FrameReader _reader = new();
    private readonly List<byte[]> _frames;

    /// <param name="transcripts">What the cases have exchanged; damaged frames and frames with junk are left out.</param>
    public FrameRobustness(IEnumerable<Transcript> transcripts) =>
        _frames = [.. transcripts
            .SelectMany(transcript => transcript.Lines)
            .Where(line => line[0] is '-' or '<' && char.IsAsciiHexDigit(line[3]))
            .Select(line => line[3..])
            .Distinct(StringComparer.Ordinal)
            .Select(Octets.Of)
            .Where(IsOneFrame)];

    public IEnumerable<PromiseRow> Rows()
    {
        var frames = $"each of the {_frames.Count} different frames of this report";
        var (cuts, whole) = (0, 0);
        foreach (var frame in _frames)
        {
            for (var cut = 1; cut < frame.Length; cut++, cuts++)
                whole += Found(frame[..cut], frame[cut..]);
        }

        yield return new("R3-1", $"{frames}, cut in two at every place", $"{cuts} cuts, {whole} frames found", whole == cuts);

        var (truncations, found) = (0, 0);
        foreach (var frame in _frames)
        {
            for (var length = 1; length < frame.Length; length++, truncations++)
                found += Found(frame[..length]);
        }

        yield return new("R3-2", $"{frames}, truncated at every place", $"{truncations} truncations, {found} frames found", found == 0);

        var (errors, accepted) = (0, 0);
        foreach (var frame in _frames)
        {
            for (var bit = 0; bit < 8 * frame.Length; bit++, errors++)
                accepted += Taken(frame, Flip(frame, bit));
        }

        yield return new("R3-3", $"{frames}, with every single bit inverted, received by the station of its link address",
            $"{errors} errors, {accepted} accepted", accepted == 0);
        yield return TwoBits();
    }

    /// <summary>A sum is a weak checksum against two errors; the limit is what that weakness allows.</summary>
    private PromiseRow TwoBits()
    {
        var (errors, accepted) = (0L, 0L);
        foreach (var frame in _frames.Where(frame => frame.Length <= LongestForTwoBits))
        {
            for (var first = 0; first < 8 * frame.Length; first++)
            {
                var damaged = Flip(frame, first);
                for (var second = first + 1; second < 8 * frame.Length; second++, errors++)
                    accepted += Taken(frame, Flip(damaged, second));
            }
        }

        var share = string.Create(CultureInfo.InvariantCulture, $"{100.0 * accepted / errors:0.00} %");
        return new(
            "R3-4",
            $"those of up to {LongestForTwoBits} octets, with every two bits inverted: the sum cannot find them all, so answers are also "
            + "checked for address, type, point, record, objects and time",
            $"{errors} errors, {accepted} accepted by the frame's own checks ({share})", accepted <= errors / 16);
    }

    /// <summary>
    /// How many frames a station accepts from the octets of a damaged frame. A frame for another station, as which octets of data may
    /// appear, does not count.
    /// </summary>
    private int Taken(byte[] frame, byte[] damaged)
    {
        ReadOnlySpan<byte> good = frame, octets = damaged;
        _reader.Restart();
        _reader.TryRead(ref good, out var original);
        var address = original.LinkAddress;
        _reader.Restart();
        var taken = 0;
        while (_reader.TryRead(ref octets, out var found))
            taken += found.LinkAddress == address ? 1 : 0;
        return taken;
    }

    private bool IsOneFrame(byte[] octets)
    {
        _reader.Restart();
        ReadOnlySpan<byte> left = octets;
        return octets.Length > 1 && _reader.TryRead(ref left, out var frame) && frame.Octets.SequenceEqual(octets);
    }

    private int Found(params ReadOnlySpan<byte[]> parts)
    {
        _reader.Restart();
        var found = 0;
        foreach (var part in parts)
        {
            ReadOnlySpan<byte> octets = part;
            while (_reader.TryRead(ref octets, out _))
                found++;
        }

        return found;
    }

    private static byte[] Flip(byte[] frame, int bit)
    {
        var damaged = frame.ToArray();
        damaged[bit / 8] ^= (byte)(1 << bit % 8);
        return damaged;
    }
}
