using System.Buffers.Binary;
using Iec102.Protocol.Time;

namespace Iec102.Protocol.Application;

/// <summary>An energy register of object 192, a u32: bits 0-29 value, bit 30 reserved, bit 31 invalid (protocol notes 4.6).</summary>
/// <param name="Value">kWh or kvarh, at most 2^30 - 1.</param>
/// <param name="IsInvalid">The meter marks the value as invalid.</param>
public readonly record struct EnergyRegister(uint Value, bool IsInvalid = false)
{
    /// <summary>Length in octets.</summary>
    internal const int Length = 4;

    private const uint ValueMask = 0x3FFF_FFFF;
    private const uint InvalidBit = 0x8000_0000;

    internal static EnergyRegister Read(ReadOnlySpan<byte> octets)
    {
        var word = BinaryPrimitives.ReadUInt32LittleEndian(octets);
        return new EnergyRegister(word & ValueMask, (word & InvalidBit) != 0);
    }

    internal void Write(Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Value, ValueMask);
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Value | (IsInvalid ? InvalidBit : 0));
    }
}

/// <summary>Object 192, instantaneous totals: six registers of 4 octets, then 24 time tag type a (protocol notes 4.6).</summary>
/// <param name="ActiveImport">0: A+, kWh.</param>
/// <param name="ActiveExport">4: A-, kWh.</param>
/// <param name="ReactiveQuadrant1">8: kvarh.</param>
/// <param name="ReactiveQuadrant2">12: kvarh.</param>
/// <param name="ReactiveQuadrant3">16: kvarh.</param>
/// <param name="ReactiveQuadrant4">20: kvarh.</param>
/// <param name="Time">24: when they were read.</param>
public readonly record struct EnergyTotals(
    EnergyRegister ActiveImport, EnergyRegister ActiveExport, EnergyRegister ReactiveQuadrant1, EnergyRegister ReactiveQuadrant2,
    EnergyRegister ReactiveQuadrant3, EnergyRegister ReactiveQuadrant4, TimeTagA Time)
{
    /// <summary>Length in octets, without the object address.</summary>
    internal const int Length = 6 * EnergyRegister.Length + TimeTagA.Length;

    internal static EnergyTotals Read(ReadOnlySpan<byte> octets) => new(
        EnergyRegister.Read(octets), EnergyRegister.Read(octets[4..]), EnergyRegister.Read(octets[8..]), EnergyRegister.Read(octets[12..]),
        EnergyRegister.Read(octets[16..]), EnergyRegister.Read(octets[20..]), TimeTagA.Read(octets[24..]));

    internal void Write(Span<byte> destination)
    {
        ActiveImport.Write(destination);
        ActiveExport.Write(destination[4..]);
        ReactiveQuadrant1.Write(destination[8..]);
        ReactiveQuadrant2.Write(destination[12..]);
        ReactiveQuadrant3.Write(destination[16..]);
        ReactiveQuadrant4.Write(destination[20..]);
        Time.Write(destination[24..]);
    }
}
