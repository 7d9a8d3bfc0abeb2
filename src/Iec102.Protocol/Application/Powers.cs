using System.Buffers.Binary;
using Iec102.Protocol.Time;

namespace Iec102.Protocol.Application;

/// <summary>
/// The powers of one phase or of all phases, a 64-bit little-endian word (protocol notes 4.6): bits 0-23 active power, 24-47 reactive
/// power, 48-57 power factor, 58 active sense, 59 reactive quadrants, 60-62 reserved, 63 invalid.
/// </summary>
/// <param name="ActiveKilowatts">Magnitude in kW, at most 2^24 - 1.</param>
/// <param name="ReactiveKilovars">Magnitude in kvar, at most 2^24 - 1.</param>
/// <param name="PowerFactorThousandths">Power factor times 1000, 0 to 1000.</param>
/// <param name="IsExport">Whether the active power is exported.</param>
/// <param name="IsQuadrant34">Whether the reactive power is in quadrant 3 or 4.</param>
/// <param name="IsInvalid">Whether the meter marks the group as invalid.</param>
public readonly record struct PowerGroup(
    int ActiveKilowatts, int ReactiveKilovars, int PowerFactorThousandths,
    bool IsExport = false, bool IsQuadrant34 = false, bool IsInvalid = false)
{
    /// <summary>Length in octets.</summary>
    internal const int Length = 8;

    private const int PowerMask = 0xFF_FFFF;
    private const int FactorMask = 0x3FF;

    internal static PowerGroup Read(ReadOnlySpan<byte> octets)
    {
        var word = BinaryPrimitives.ReadUInt64LittleEndian(octets);
        return new PowerGroup(
            (int)word & PowerMask, (int)(word >> 24) & PowerMask, (int)(word >> 48) & FactorMask,
            (word >> 58 & 1) != 0, (word >> 59 & 1) != 0, word >> 63 != 0);
    }

    internal void Write(Span<byte> destination)
    {
        var word = Fitting(ActiveKilowatts, PowerMask)
            | Fitting(ReactiveKilovars, PowerMask) << 24
            | Fitting(PowerFactorThousandths, FactorMask) << 48
            | (IsExport ? 1UL << 58 : 0) | (IsQuadrant34 ? 1UL << 59 : 0) | (IsInvalid ? 1UL << 63 : 0);
        BinaryPrimitives.WriteUInt64LittleEndian(destination, word);
    }

    private static ulong Fitting(int value, int mask)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, mask);
        return (ulong)value;
    }
}

/// <summary>Object 193, powers: four groups of 8 octets, then 32 time tag type a (protocol notes 4.6).</summary>
/// <param name="Total">0: all phases.</param>
/// <param name="Phase1">8: phase I.</param>
/// <param name="Phase2">16: phase II.</param>
/// <param name="Phase3">24: phase III.</param>
/// <param name="Time">32: when they were measured.</param>
public readonly record struct Powers(PowerGroup Total, PowerGroup Phase1, PowerGroup Phase2, PowerGroup Phase3, TimeTagA Time)
{
    /// <summary>Length in octets, without the object address.</summary>
    internal const int Length = 4 * PowerGroup.Length + TimeTagA.Length;

    internal static Powers Read(ReadOnlySpan<byte> octets) => new(
        PowerGroup.Read(octets), PowerGroup.Read(octets[8..]), PowerGroup.Read(octets[16..]),
        PowerGroup.Read(octets[24..]), TimeTagA.Read(octets[32..]));

    internal void Write(Span<byte> destination)
    {
        Total.Write(destination);
        Phase1.Write(destination[8..]);
        Phase2.Write(destination[16..]);
        Phase3.Write(destination[24..]);
        Time.Write(destination[32..]);
    }
}
