using System.Buffers.Binary;

namespace Iec102.Protocol.Application;

/// <summary>
/// Manufacturer and device identification, type 71 (protocol notes 4.3): 0 date of the standard (low nibble month, high nibble year less
/// 2000), 1 manufacturer, 2-5 serial number u32.
/// </summary>
/// <param name="StandardYear">Year of the standard, 2000 to 2015.</param>
/// <param name="StandardMonth">Month of the standard, as sent.</param>
/// <param name="Manufacturer">Manufacturer's code.</param>
/// <param name="SerialNumber">Serial number of the device.</param>
public readonly record struct DeviceIdentification(int StandardYear, int StandardMonth, byte Manufacturer, uint SerialNumber)
{
    private const int Length = 6;

    /// <summary>Reads an ASDU of type 71; false when it is of another type or does not have exactly 6 octets of data.</summary>
    public static bool TryRead(in Asdu asdu, out DeviceIdentification identification)
    {
        identification = default;
        var data = asdu.Data;
        if (asdu.Header.Type != TypeIdentification.DeviceIdentification || data.Length != Length)
            return false;
        identification = new DeviceIdentification(
            2000 + (data[0] >> 4), data[0] & 0x0F, data[1], BinaryPrimitives.ReadUInt32LittleEndian(data[2..]));
        return true;
    }

    /// <summary>Writes an ASDU of type 71; sets type and N. Returns its length.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Year or month do not fit their nibble.</exception>
    public int Write(Span<byte> asdu, AsduHeader header)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(StandardYear, 2000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(StandardYear, 2015);
        ArgumentOutOfRangeException.ThrowIfNegative(StandardMonth);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(StandardMonth, 15);
        (header with { Type = TypeIdentification.DeviceIdentification, Count = 1 }).Write(asdu);
        var data = asdu[AsduHeader.Length..];
        data[0] = (byte)((StandardYear - 2000) << 4 | StandardMonth);
        data[1] = Manufacturer;
        BinaryPrimitives.WriteUInt32LittleEndian(data[2..], SerialNumber);
        return AsduHeader.Length + Length;
    }
}
