using System.Buffers.Binary;

namespace Iec102.Protocol.Application;

/// <summary>
/// Ratios of the measuring transformers, 16 octets (protocol notes 4.8 and 4.9): primary and secondary voltage and current, four u32.
/// </summary>
/// <param name="PrimaryVoltageTenths">0: 0.1 V.</param>
/// <param name="SecondaryVoltageTenths">4: 0.1 V.</param>
/// <param name="PrimaryCurrentTenths">8: 0.1 A.</param>
/// <param name="SecondaryCurrentTenths">12: 0.1 A.</param>
public readonly record struct TransformerRatios(
    uint PrimaryVoltageTenths, uint SecondaryVoltageTenths, uint PrimaryCurrentTenths, uint SecondaryCurrentTenths)
{
    /// <summary>Length in octets.</summary>
    internal const int Length = 16;

    internal static TransformerRatios Read(ReadOnlySpan<byte> octets) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(octets), BinaryPrimitives.ReadUInt32LittleEndian(octets[4..]),
        BinaryPrimitives.ReadUInt32LittleEndian(octets[8..]), BinaryPrimitives.ReadUInt32LittleEndian(octets[12..]));

    internal void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, PrimaryVoltageTenths);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], SecondaryVoltageTenths);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], PrimaryCurrentTenths);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[12..], SecondaryCurrentTenths);
    }
}
