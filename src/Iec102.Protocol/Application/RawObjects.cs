namespace Iec102.Protocol;

/// <summary>
/// The last objects of an ASDU, from the first whose layout is not known on: its length is not known either, so the octets cannot be cut further.
/// </summary>
/// <param name="Count">How many objects they are, at least 1.</param>
/// <param name="Octets">Their octets; the first is the address of the first object.</param>
public sealed record RawObjects(byte Count, ReadOnlyMemory<byte> Octets)
{
    /// <summary>Address of the first object.</summary>
    public byte FirstAddress => Octets.Span[0];
}
