using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Iec102.Protocol.Time;

namespace Iec102.Protocol.Application;

/// <summary>State of a contract in type 142, two bits (protocol notes 4.8).</summary>
public enum ContractState : byte
{
    /// <summary>0: there is no such contract.</summary>
    None = 0,

    /// <summary>1: present but not active.</summary>
    Inactive = 1,

    /// <summary>2: active.</summary>
    Active = 2,

    /// <summary>3: not used.</summary>
    Reserved = 3,
}

/// <summary>Speed and line format of a port, one code each (protocol notes 4.8).</summary>
/// <param name="SpeedCode">0: 0 none, 1 to 12 for 300 to 115200 baud, 255 another speed.</param>
/// <param name="LineCode">1: 0 none, 1 to 12 for 7N1 to 8O2.</param>
public readonly record struct PortFormat(byte SpeedCode, byte LineCode)
{
    internal const int Length = 2;

    /// <summary>The speed in baud; null when the code stands for none.</summary>
    public int? Baud => SpeedCode is >= 1 and <= 12
        ? ((ReadOnlySpan<int>)[300, 600, 1200, 2400, 4800, 9600, 14400, 19200, 28800, 38400, 57600, 115200])[SpeedCode - 1]
        : null;

    /// <summary>Data bits, parity and stop bits, such as 8E1; null when the code stands for none.</summary>
    public string? Line => LineCode is >= 1 and <= 12
        ? ((ReadOnlySpan<string>)["7N1", "7E1", "7O1", "7N2", "7E2", "7O2", "8N1", "8E1", "8O1", "8N2", "8E2", "8O2"])[LineCode - 1]
        : null;

    internal static PortFormat Read(ReadOnlySpan<byte> octets) => new(octets[0], octets[1]);

    internal void Write(Span<byte> destination) => (destination[0], destination[1]) = (SpeedCode, LineCode);
}

/// <summary>
/// Configuration of the registrar, type 142 (protocol notes 4.8), 246 octets; 62 to 245 are reserved. Each property states its offset.
/// </summary>
public sealed record RegistrarConfiguration
{
    private const int Length = 246;
    private const int ModelLength = 2;
    private const int ModemLength = 20;

    /// <summary>0: manufacturer's code.</summary>
    public byte Manufacturer { get; init; }

    /// <summary>1-2: model, at most 2 characters.</summary>
    public string Model { get; init; } = "";

    /// <summary>3: version of the firmware.</summary>
    public byte Firmware { get; init; }

    /// <summary>4-7: serial number u32.</summary>
    public uint SerialNumber { get; init; }

    /// <summary>8, high nibble: year of the standard, 2000 to 2015.</summary>
    public int StandardYear { get; init; } = 2000;

    /// <summary>8, low nibble: month of the standard, as sent.</summary>
    public int StandardMonth { get; init; }

    /// <summary>9-13: date of the protocol's version.</summary>
    public TimeTagA ProtocolDate { get; init; }

    /// <summary>14: battery charge, %.</summary>
    public byte BatteryPercent { get; init; }

    /// <summary>15-16: port 1.</summary>
    public PortFormat Port1 { get; init; }

    /// <summary>17: start mode of port 1; 255 has been seen.</summary>
    public byte Port1StartMode { get; init; }

    /// <summary>18-37: initialisation string of the modem at port 1, at most 20 characters. It may contain a PIN.</summary>
    public Masked<string> Modem { get; init; } = new("");

    /// <summary>38-39: port 2.</summary>
    public PortFormat Port2 { get; init; }

    /// <summary>40-41: optical port.</summary>
    public PortFormat OpticalPort { get; init; }

    /// <summary>42-57: ratios of the measuring transformers.</summary>
    public TransformerRatios Ratios { get; init; }

    /// <summary>58: integration period 1, minutes; 0 when not used.</summary>
    public byte Period1Minutes { get; init; }

    /// <summary>59: integration period 2, minutes; 0 when not used.</summary>
    public byte Period2Minutes { get; init; }

    /// <summary>60: integration period 3, minutes; 0 when not used.</summary>
    public byte Period3Minutes { get; init; }

    /// <summary>61, bits 0-1: contract I.</summary>
    public ContractState Contract1 { get; init; }

    /// <summary>61, bits 2-3: contract II.</summary>
    public ContractState Contract2 { get; init; }

    /// <summary>61, bits 4-5: contract III.</summary>
    public ContractState Contract3 { get; init; }

    /// <summary>Reads an ASDU of type 142; false when it is of another type or does not have exactly 246 octets of data.</summary>
    public static bool TryRead(in Asdu asdu, [NotNullWhen(true)] out RegistrarConfiguration? configuration)
    {
        configuration = asdu.Header.Type == TypeIdentification.Configuration && asdu.Data.Length == Length ? Read(asdu.Data) : null;
        return configuration is not null;
    }

    /// <summary>Writes an ASDU of type 142; sets type and N, and the reserved octets to 0. Returns its length.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The date of the standard does not fit its nibbles, a state its two bits, or a text its
    /// octets.</exception>
    public int Write(Span<byte> asdu, AsduHeader header)
    {
        (header with { Type = TypeIdentification.Configuration, Count = 1 }).Write(asdu);
        var data = asdu.Slice(AsduHeader.Length, Length);
        data.Clear();
        data[0] = Manufacturer;
        TextOctets.Write(data[1..], Model, ModelLength);
        data[3] = Firmware;
        BinaryPrimitives.WriteUInt32LittleEndian(data[4..], SerialNumber);
        data[8] = (byte)(Fitting(StandardYear - 2000, 15) << 4 | Fitting(StandardMonth, 15));
        ProtocolDate.Write(data[9..]);
        data[14] = BatteryPercent;
        Port1.Write(data[15..]);
        data[17] = Port1StartMode;
        TextOctets.Write(data[18..], Modem.Reveal(), ModemLength);
        Port2.Write(data[38..]);
        OpticalPort.Write(data[40..]);
        Ratios.Write(data[42..]);
        (data[58], data[59], data[60]) = (Period1Minutes, Period2Minutes, Period3Minutes);
        data[61] = (byte)(Fitting((int)Contract1, 3) | Fitting((int)Contract2, 3) << 2 | Fitting((int)Contract3, 3) << 4);
        return AsduHeader.Length + Length;
    }

    private static RegistrarConfiguration Read(ReadOnlySpan<byte> data) => new()
    {
        Manufacturer = data[0],
        Model = TextOctets.Read(data.Slice(1, ModelLength)),
        Firmware = data[3],
        SerialNumber = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]),
        StandardYear = 2000 + (data[8] >> 4),
        StandardMonth = data[8] & 0x0F,
        ProtocolDate = TimeTagA.Read(data[9..]),
        BatteryPercent = data[14],
        Port1 = PortFormat.Read(data[15..]),
        Port1StartMode = data[17],
        Modem = new Masked<string>(TextOctets.Read(data.Slice(18, ModemLength))),
        Port2 = PortFormat.Read(data[38..]),
        OpticalPort = PortFormat.Read(data[40..]),
        Ratios = TransformerRatios.Read(data[42..]),
        Period1Minutes = data[58],
        Period2Minutes = data[59],
        Period3Minutes = data[60],
        Contract1 = (ContractState)(data[61] & 3),
        Contract2 = (ContractState)(data[61] >> 2 & 3),
        Contract3 = (ContractState)(data[61] >> 4 & 3),
    };

    private static int Fitting(int value, int largest)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, largest);
        return value;
    }
}
