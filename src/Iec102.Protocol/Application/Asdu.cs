using System.Buffers.Binary;

namespace Iec102.Protocol.Application;

/// <summary>
/// The six octets in front of every ASDU (protocol notes 2): 0 type, 1 variable structure qualifier (bit 7 SQ = 0, bits 6-0 N),
/// 2 cause (bit 7 test, bit 6 P/N, bits 5-0 cause), 3-4 measurement point, low octet first, 5 record address.
/// </summary>
/// <param name="Type">Type identification.</param>
/// <param name="Count">N, the number of objects or blocks, 0 to 127.</param>
/// <param name="Cause">Cause of transmission.</param>
/// <param name="PointAddress">Measurement point address.</param>
/// <param name="RecordAddress">Record address.</param>
/// <param name="IsNegative">P/N: true in a negative confirmation.</param>
/// <param name="IsTest">T: true in a test.</param>
public readonly record struct AsduHeader(
    TypeIdentification Type, byte Count, CauseOfTransmission Cause, ushort PointAddress, byte RecordAddress,
    bool IsNegative = false, bool IsTest = false)
{
    /// <summary>Length of the header in octets.</summary>
    public const int Length = 6;

    /// <summary>Reads the header at the front of an ASDU of at least 6 octets.</summary>
    public static AsduHeader Read(ReadOnlySpan<byte> asdu) => new(
        (TypeIdentification)asdu[0], (byte)(asdu[1] & 0x7F), (CauseOfTransmission)(asdu[2] & 0x3F),
        BinaryPrimitives.ReadUInt16LittleEndian(asdu[3..]), asdu[5], (asdu[2] & 0x40) != 0, (asdu[2] & 0x80) != 0);

    /// <summary>Writes the header to the first 6 octets.</summary>
    public void Write(Span<byte> destination)
    {
        destination[0] = (byte)Type;
        destination[1] = Count;
        destination[2] = (byte)((byte)Cause | (IsNegative ? 0x40 : 0) | (IsTest ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16LittleEndian(destination[3..], PointAddress);
        destination[5] = RecordAddress;
    }
}

/// <summary>An ASDU as on the wire: header and data. It is a view of the octets from which it was read.</summary>
public readonly ref struct Asdu
{
    /// <summary>Length of the longest ASDU: the largest L of a frame, 255, less C and the link address.</summary>
    public const int MaxLength = 252;

    private Asdu(ReadOnlySpan<byte> octets)
    {
        Octets = octets;
        Header = AsduHeader.Read(octets);
    }

    /// <summary>The whole ASDU.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    /// <summary>The header.</summary>
    public AsduHeader Header { get; }

    /// <summary>The octets after the header.</summary>
    public ReadOnlySpan<byte> Data => Octets[AsduHeader.Length..];

    /// <summary>Reads an ASDU; false when there are fewer than 6 octets.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out Asdu asdu)
    {
        if (octets.Length < AsduHeader.Length)
        {
            asdu = default;
            return false;
        }

        asdu = new Asdu(octets);
        return true;
    }
}
