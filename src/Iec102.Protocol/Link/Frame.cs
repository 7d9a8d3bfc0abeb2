using Iec102.Protocol.Application;

namespace Iec102.Protocol.Link;

/// <summary>The three shapes of an FT1.2 frame (protocol notes 1.2).</summary>
public enum FrameFormat : byte
{
    /// <summary>Start octet 0x10, always 6 octets: 10 C A A checksum 16.</summary>
    Fixed,

    /// <summary>Start octet 0x68: 68 L L 68 C A A ASDU checksum 16, at most 261 octets.</summary>
    Variable,

    /// <summary>
    /// The single octet 0xE5, an acknowledgement without an address; no REE meter is known to send it, but a master may accept it as an
    /// ACK.
    /// </summary>
    SingleCharacter,
}

/// <summary>
/// One FT1.2 frame whose start, length, checksum and end octet have been checked. It is a view of the reader's buffer, valid until the next
/// frame is requested from the reader.
/// <para>Fixed: 0 start 0x10, 1 C, 2-3 link address, 4 checksum, 5 end 0x16.</para>
/// <para>Variable: 0 start 0x68, 1-2 L twice, 3 start again, 4 C, 5-6 link address, 7.. ASDU, then checksum and end 0x16; L = 3 + length of
/// the ASDU.</para>
/// </summary>
public readonly ref struct Frame
{
    /// <summary>Length of the longest frame: L = 255 and the six octets around it.</summary>
    public const int MaxLength = 261;

    /// <summary>Length of a fixed frame.</summary>
    public const int FixedLength = 6;

    /// <summary>Smallest L of a variable frame: C, link address and an ASDU header.</summary>
    public const int MinL = 3 + AsduHeader.Length;

    internal Frame(ReadOnlySpan<byte> octets)
    {
        Octets = octets;
        Format = octets[0] switch
        {
            StartFixed => FrameFormat.Fixed,
            StartVariable => FrameFormat.Variable,
            _ => FrameFormat.SingleCharacter,
        };
    }

    internal const byte StartFixed = 0x10;
    internal const byte StartVariable = 0x68;
    internal const byte SingleAcknowledge = 0xE5;
    internal const byte End = 0x16;

    /// <summary>The whole frame as on the wire.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    /// <summary>The shape of the frame.</summary>
    public FrameFormat Format { get; }

    /// <summary>The control field; for a single character, that of an ACK.</summary>
    public ControlField Control => Format switch
    {
        FrameFormat.Fixed => new(Octets[1]),
        FrameFormat.Variable => new(Octets[4]),
        _ => ControlField.OfMeter(SecondaryFunction.Acknowledge),
    };

    /// <summary>The link address; 0 for a single character, which has none.</summary>
    public ushort LinkAddress => Format switch
    {
        FrameFormat.Fixed => (ushort)(Octets[2] | (Octets[3] << 8)),
        FrameFormat.Variable => (ushort)(Octets[5] | (Octets[6] << 8)),
        _ => 0,
    };

    /// <summary>The ASDU of a variable frame; empty in frames of other shapes.</summary>
    public ReadOnlySpan<byte> Asdu => Format == FrameFormat.Variable ? Octets[7..^2] : default;
}
