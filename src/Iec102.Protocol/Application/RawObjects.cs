namespace Iec102.Protocol.Application;

/// <summary>
/// The last objects of an ASDU, beginning with the first one of unknown layout. Its length is not known either, so the octets cannot be
/// divided further.
/// </summary>
/// <param name="Count">How many objects there are, at least 1.</param>
/// <param name="Octets">Their octets; the first one is the address of the first object.</param>
public sealed record RawObjects(byte Count, ReadOnlyMemory<byte> Octets)
{
    /// <summary>Address of the first object.</summary>
    public byte FirstAddress => Octets.Span[0];
}
