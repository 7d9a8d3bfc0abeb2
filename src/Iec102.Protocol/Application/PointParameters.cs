using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Iec102.Protocol.Application;

/// <summary>
/// Parameters of a measurement point, type 129 (protocol notes 4.9), 246 octets: 0-1 link address, 2 number of points, 3-4 point address,
/// 5-8 access key u32, 9 integration period, 10-11 depth of the records u16, 12-245 reserved.
/// </summary>
/// <param name="LinkAddress">Link address of the device.</param>
/// <param name="PointCount">How many measurement points the device has.</param>
/// <param name="PointAddress">Address of the point.</param>
/// <param name="Key">The access key, which anyone who has logged in can read.</param>
/// <param name="IntegrationPeriodMinutes">Integration period, minutes.</param>
/// <param name="Depth">How far back the records reach, probably days.</param>
public sealed record PointParameters(
    ushort LinkAddress, byte PointCount, ushort PointAddress, Masked<uint> Key, byte IntegrationPeriodMinutes, ushort Depth)
{
    private const int Length = 246;

    /// <summary>Reads an ASDU of type 129; false when it is of another type or does not have exactly 246 octets of data.</summary>
    public static bool TryRead(in Asdu asdu, [NotNullWhen(true)] out PointParameters? parameters)
    {
        var data = asdu.Data;
        parameters = asdu.Header.Type == TypeIdentification.PointParameters && data.Length == Length
            ? new PointParameters(
                BinaryPrimitives.ReadUInt16LittleEndian(data), data[2], BinaryPrimitives.ReadUInt16LittleEndian(data[3..]),
                new Masked<uint>(BinaryPrimitives.ReadUInt32LittleEndian(data[5..])), data[9],
                BinaryPrimitives.ReadUInt16LittleEndian(data[10..]))
            : null;
        return parameters is not null;
    }

    /// <summary>Writes an ASDU of type 129; sets type and N, and the reserved octets to 0. Returns its length.</summary>
    public int Write(Span<byte> asdu, AsduHeader header)
    {
        (header with { Type = TypeIdentification.PointParameters, Count = 1 }).Write(asdu);
        var data = asdu.Slice(AsduHeader.Length, Length);
        data.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(data, LinkAddress);
        data[2] = PointCount;
        BinaryPrimitives.WriteUInt16LittleEndian(data[3..], PointAddress);
        BinaryPrimitives.WriteUInt32LittleEndian(data[5..], Key.Reveal());
        data[9] = IntegrationPeriodMinutes;
        BinaryPrimitives.WriteUInt16LittleEndian(data[10..], Depth);
        return AsduHeader.Length + Length;
    }
}
