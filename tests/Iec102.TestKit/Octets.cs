using Iec102.Protocol.Application;
using Iec102.Protocol.Link;

namespace Iec102.Testing;

/// <summary>Octets as the protocol notes write them: pairs of hexadecimal digits with a space between.</summary>
public static class Octets
{
    /// <summary>Parses octets from hexadecimal text; spaces are ignored.</summary>
    public static byte[] Of(string hex) => Convert.FromHexString(hex.Replace(" ", ""));

    /// <summary>Formats octets as hexadecimal text.</summary>
    public static string Hex(ReadOnlySpan<byte> octets) => string.Join(' ', octets.ToArray().Select(octet => octet.ToString("x2")));

    /// <inheritdoc cref="Hex(ReadOnlySpan{byte})"/>
    public static string Hex(ReadOnlyMemory<byte> octets) => Hex(octets.Span);

    /// <summary>Reads octets that are exactly one frame; throws when they are not.</summary>
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

    /// <summary>Reads octets as an ASDU; throws when there are too few.</summary>
    public static Asdu Asdu(ReadOnlySpan<byte> octets) =>
        Protocol.Application.Asdu.TryRead(octets, out var asdu) ? asdu : throw new FormatException("The octets are too few for an ASDU.");

    /// <summary>Reads the ASDU in a frame that is given in hexadecimal.</summary>
    public static Asdu AsduOf(string frameHex) => Asdu(Frame(frameHex).Asdu);

    /// <summary>Gives a slave the first frame in the octets; returns the slave's answer.</summary>
    public static byte[] Answer(LinkSlave slave, ReadOnlySpan<byte> octets) =>
        new FrameReader().TryRead(ref octets, out var frame)
            ? slave.OnFrame(frame).ToArray()
            : throw new FormatException("There is no frame in the octets.");
}
