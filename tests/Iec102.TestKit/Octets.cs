using Iec102.Protocol.Application;
using Iec102.Protocol.Link;

namespace Iec102.Testing;

/// <summary>Octets as the protocol notes write them: pairs of hexadecimal digits with a space between.</summary>
public static class Octets
{
    /// <summary>The octets that a text writes; spaces do not count.</summary>
    public static byte[] Of(string hex) => Convert.FromHexString(hex.Replace(" ", ""));

    /// <summary>How octets are written.</summary>
    public static string Hex(ReadOnlySpan<byte> octets) => string.Join(' ', octets.ToArray().Select(octet => octet.ToString("x2")));

    /// <inheritdoc cref="Hex(ReadOnlySpan{byte})"/>
    public static string Hex(ReadOnlyMemory<byte> octets) => Hex(octets.Span);

    /// <summary>The frame that the octets are, read at once by a new reader.</summary>
    public static Frame Frame(ReadOnlySpan<byte> octets)
    {
        var reader = new FrameReader();
        reader.Restart();
        return reader.TryRead(ref octets, out var frame) && octets.IsEmpty
            ? frame
            : throw new FormatException("The octets are not exactly one frame.");
    }

    /// <inheritdoc cref="Frame(ReadOnlySpan{byte})"/>
    public static Frame Frame(string hex) => Frame(Of(hex));

    /// <summary>The ASDU that the octets are.</summary>
    public static Asdu Asdu(ReadOnlySpan<byte> octets) =>
        Protocol.Application.Asdu.TryRead(octets, out var asdu) ? asdu : throw new FormatException("The octets are too few for an ASDU.");

    /// <summary>The ASDU in a frame.</summary>
    public static Asdu AsduOf(string frameHex) => Asdu(Frame(frameHex).Asdu);

    /// <summary>What a slave answers to the first frame in the octets.</summary>
    public static byte[] Answer(LinkSlave slave, ReadOnlySpan<byte> octets) =>
        new FrameReader().TryRead(ref octets, out var frame)
            ? slave.OnFrame(frame).ToArray()
            : throw new FormatException("There is no frame in the octets.");
}
