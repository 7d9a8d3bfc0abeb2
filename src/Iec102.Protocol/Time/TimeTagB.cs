using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace Iec102.Protocol.Time;

/// <summary>
/// Time tag type b, 7 octets, to the millisecond (protocol notes 3.2): 0-1 a little-endian word with milliseconds in bits 0-9 and seconds
/// in bits 10-15; 2-6 a time tag type a.
/// </summary>
/// <param name="Minutes">The type a part.</param>
/// <param name="Second">Second, 0 to 59.</param>
/// <param name="Millisecond">Millisecond, 0 to 999.</param>
public readonly record struct TimeTagB(TimeTagA Minutes, int Second, int Millisecond)
{
    /// <summary>Length in octets.</summary>
    public const int Length = 7;

    /// <summary>Makes a tag for a civil time.</summary>
    public TimeTagB(LocalDateTime local, bool summerTime)
        : this(new TimeTagA(local, summerTime), local.Second, local.Millisecond)
    {
    }

    /// <summary>Reads the tag at the front of at least 7 octets.</summary>
    public static TimeTagB Read(ReadOnlySpan<byte> octets)
    {
        var word = BinaryPrimitives.ReadUInt16LittleEndian(octets);
        return new TimeTagB(TimeTagA.Read(octets[2..]), word >> 10, word & 0x3FF);
    }

    /// <summary>Writes 7 octets.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(destination, (ushort)((Second << 10) | Millisecond));
        Minutes.Write(destination[2..]);
    }

    /// <summary>The label as a date and time; false when that date or time does not exist.</summary>
    public bool TryGetLocal([NotNullWhen(true)] out LocalDateTime? local)
    {
        local = Second <= 59 && Millisecond <= 999 && Minutes.TryGetLocal(out var minutes)
            ? minutes.Value.PlusSeconds(Second).PlusMilliseconds(Millisecond)
            : null;
        return local is not null;
    }

    /// <summary>The tag as text, such as 2024-03-27 10:15:30.250 W.</summary>
    public override string ToString()
    {
        var minutes = Minutes.ToString();
        return Minutes.IsEmpty ? minutes : $"{minutes[..16]}:{Second:00}.{Millisecond:000}{minutes[16..]}";
    }
}
