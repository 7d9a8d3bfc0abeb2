using Iec102.Testing;

namespace Iec102.Conformance.Tests;

/// <summary>
/// Octets in hexadecimal, and frames around hand-made ASDUs. No code of the product is used, so that product and expectation cannot share a
/// mistake.
/// </summary>
internal static class Wire
{
    public const string Ack = "10 00 01 00 01 16";
    public const string Poll0 = "10 5b 01 00 5c 16";
    public const string Poll1 = "10 7b 01 00 7c 16";
    public const string NoData = "10 09 01 00 0a 16";

    /// <summary>FC8 of link 1 around an ASDU.</summary>
    public static string Up(string asdu) => Variable(0x08, asdu);

    /// <summary>FC3 to link 1 with FCB = 1 around an ASDU.</summary>
    public static string Down1(string asdu) => Variable(0x73, asdu);

    /// <summary>FC3 to link 1 with FCB = 0 around an ASDU.</summary>
    public static string Down0(string asdu) => Variable(0x53, asdu);

    /// <summary>The ASDU with another cause.</summary>
    public static string Mirror(string asdu, byte cause)
    {
        var octets = Octets.Of(asdu);
        octets[2] = cause;
        return Octets.Hex(octets);
    }

    /// <summary>A frame of link 1: 68 L L 68 C 01 00 ASDU checksum 16.</summary>
    public static string Variable(byte control, string asdu)
    {
        byte[] summed = [control, 1, 0, .. Octets.Of(asdu)];
        return Octets.Hex([0x68, (byte)summed.Length, (byte)summed.Length, 0x68, .. summed, (byte)summed.Sum(octet => octet), 0x16]);
    }

    /// <summary>Hex of a u32, low octet first.</summary>
    public static string U32(uint value) => Octets.Hex([(byte)value, (byte)(value >> 8), (byte)(value >> 16), (byte)(value >> 24)]);

    /// <summary>That many zero octets.</summary>
    public static string Zeros(int count) => string.Join(' ', Enumerable.Repeat("00", count));
}
