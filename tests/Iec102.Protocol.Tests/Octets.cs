using Iec102.Protocol.Application;
using Iec102.Protocol.Link;

namespace Iec102.Protocol.Tests;

/// <summary>Octets in hexadecimal text.</summary>
internal static class Octets
{
    public static byte[] Of(string hex) => Convert.FromHexString(hex.Replace(" ", ""));

    public static string Hex(ReadOnlySpan<byte> octets) => string.Join(' ', octets.ToArray().Select(octet => octet.ToString("x2")));

    public static string Hex(ReadOnlyMemory<byte> octets) => Hex(octets.Span);

    /// <summary>The only frame in the octets, read at once by a new reader.</summary>
    public static Frame Frame(ReadOnlySpan<byte> octets)
    {
        var reader = new FrameReader();
        reader.Restart();
        reader.TryRead(ref octets, out var frame).ShouldBeTrue();
        octets.IsEmpty.ShouldBeTrue();
        return frame;
    }

    public static Frame Frame(string hex) => Frame(Of(hex));

    public static Asdu Asdu(ReadOnlySpan<byte> octets)
    {
        Protocol.Application.Asdu.TryRead(octets, out var asdu).ShouldBeTrue();
        return asdu;
    }

    public static Asdu AsduOf(string frameHex) => Asdu(Frame(frameHex).Asdu);
}
