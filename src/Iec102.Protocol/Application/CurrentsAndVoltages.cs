using System.Buffers.Binary;
using Iec102.Protocol.Time;

namespace Iec102.Protocol.Application;

/// <summary>
/// Current and voltage of one phase, a 56-bit little-endian word (protocol notes 4.6): bits 0-23 current, 24-53 voltage, 54 reserved, 55
/// invalid. Both are secondary-side values.
/// </summary>
/// <param name="CurrentTenths">Current in 0.1 A, at most 2^24 - 1.</param>
/// <param name="VoltageTenths">Voltage in 0.1 V, at most 2^30 - 1.</param>
/// <param name="IsInvalid">The meter marks the phase as invalid.</param>
public readonly record struct PhaseValues(int CurrentTenths, int VoltageTenths, bool IsInvalid = false)
{
    /// <summary>Length in octets.</summary>
    internal const int Length = 7;

    private const int CurrentMask = 0xFF_FFFF;
    private const int VoltageMask = 0x3FFF_FFFF;
    private const uint InvalidBit = 0x8000_0000;

    internal static PhaseValues Read(ReadOnlySpan<byte> octets)
    {
        var upper = BinaryPrimitives.ReadUInt32LittleEndian(octets[3..]);
        return new PhaseValues(
            (int)BinaryPrimitives.ReadUInt32LittleEndian(octets) & CurrentMask, (int)(upper & VoltageMask), (upper & InvalidBit) != 0);
    }

    internal void Write(Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(CurrentTenths);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(CurrentTenths, CurrentMask);
        ArgumentOutOfRangeException.ThrowIfNegative(VoltageTenths);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(VoltageTenths, VoltageMask);
        BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)CurrentTenths);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[3..], (uint)VoltageTenths | (IsInvalid ? InvalidBit : 0));
    }
}

/// <summary>Object 194, currents and voltages: three phases of 7 octets, then 21 time tag type a (protocol notes 4.6).</summary>
/// <param name="Phase1">0: phase I.</param>
/// <param name="Phase2">7: phase II.</param>
/// <param name="Phase3">14: phase III.</param>
/// <param name="Time">21: when they were measured.</param>
public readonly record struct CurrentsAndVoltages(PhaseValues Phase1, PhaseValues Phase2, PhaseValues Phase3, TimeTagA Time)
{
    /// <summary>Length in octets, without the object address.</summary>
    internal const int Length = 3 * PhaseValues.Length + TimeTagA.Length;

    internal static CurrentsAndVoltages Read(ReadOnlySpan<byte> octets) =>
        new(PhaseValues.Read(octets), PhaseValues.Read(octets[7..]), PhaseValues.Read(octets[14..]), TimeTagA.Read(octets[21..]));

    internal void Write(Span<byte> destination)
    {
        Phase1.Write(destination);
        Phase2.Write(destination[7..]);
        Phase3.Write(destination[14..]);
        Time.Write(destination[21..]);
    }
}
