using System.Buffers.Binary;
using Iec102.Protocol.Application;

namespace Iec102.Protocol.Link;

/// <summary>Writes FT1.2 frames (protocol notes 1.2) into the caller's buffer.</summary>
public static class FrameWriter
{
    /// <summary>Writes a fixed frame; returns its length, always 6.</summary>
    public static int WriteFixed(Span<byte> destination, ControlField control, ushort linkAddress)
    {
        destination[0] = Frame.StartFixed;
        destination[1] = control.Octet;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[2..], linkAddress);
        destination[4] = Checksum(destination[1..4]);
        destination[5] = Frame.End;
        return Frame.FixedLength;
    }

    /// <summary>Writes a variable frame around an ASDU of 6 to 252 octets; returns its length.</summary>
    /// <exception cref="ArgumentException">The ASDU is shorter than its header or longer than a frame can carry.</exception>
    public static int WriteVariable(Span<byte> destination, ControlField control, ushort linkAddress, ReadOnlySpan<byte> asdu)
    {
        if (asdu.Length is < AsduHeader.Length or > Asdu.MaxLength)
            throw new ArgumentException(
                $"An ASDU has {AsduHeader.Length} to {Asdu.MaxLength} octets, not {asdu.Length}.", nameof(asdu));
        var l = 3 + asdu.Length;
        destination[0] = Frame.StartVariable;
        destination[1] = (byte)l;
        destination[2] = (byte)l;
        destination[3] = Frame.StartVariable;
        destination[4] = control.Octet;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[5..], linkAddress);
        asdu.CopyTo(destination[7..]);
        destination[4 + l] = Checksum(destination.Slice(4, l));
        destination[5 + l] = Frame.End;
        return l + 6;
    }

    /// <summary>The sum of the octets from C to the end of the ASDU, modulo 256.</summary>
    internal static byte Checksum(ReadOnlySpan<byte> octets)
    {
        var sum = 0;
        foreach (var octet in octets)
            sum += octet;
        return (byte)sum;
    }
}
