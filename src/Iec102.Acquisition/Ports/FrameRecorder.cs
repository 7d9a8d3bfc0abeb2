using System.Buffers.Binary;
using NodaTime;

namespace Iec102.Acquisition.Ports;

/// <summary>
/// The last octets that passed on a line, valid frames and others, each with its time and direction. They are kept in a ring that is made
/// at the first of them, so that recording allocates nothing, and put into words only when somebody asks.
/// </summary>
internal sealed class FrameRecorder
{
    /// <summary>Some hundreds of frames; with ten thousand ports it is 80 MB.</summary>
    private const int Capacity = 8 * 1024;

    /// <summary>More than a frame has; what is longer is kept only so far.</summary>
    private const int MostOctets = 1024;

    // Before the octets: the time in ticks, the direction, and the number of octets.
    private const int HeadLength = sizeof(long) + 1 + sizeof(ushort);

    private byte[]? _ring;
    private int _begin;
    private int _used;

    /// <summary>Records octets in place of the oldest ones.</summary>
    public void Add(Instant at, bool sent, ReadOnlySpan<byte> octets)
    {
        if (octets.Length > MostOctets)
            octets = octets[..MostOctets];
        _ring ??= new byte[Capacity];
        Span<byte> head = stackalloc byte[HeadLength];
        while (_used + HeadLength + octets.Length > Capacity)
        {
            Copy(_begin, head);
            Skip(HeadLength + LengthIn(head));
        }

        BinaryPrimitives.WriteInt64LittleEndian(head, at.ToUnixTimeTicks());
        head[sizeof(long)] = sent ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(head[(sizeof(long) + 1)..], (ushort)octets.Length);
        Append(head);
        Append(octets);
    }

    /// <summary>What is recorded, the oldest first, in words and with secrets masked.</summary>
    public IReadOnlyList<FrameSeen> Read()
    {
        var frames = new List<FrameSeen>();
        Span<byte> head = stackalloc byte[HeadLength];
        for (var at = 0; at < _used;)
        {
            Copy(_begin + at, head);
            var octets = new byte[LengthIn(head)];
            Copy(_begin + at + HeadLength, octets);
            frames.Add(FrameSeen.Of(
                Instant.FromUnixTimeTicks(BinaryPrimitives.ReadInt64LittleEndian(head)), client: null, head[sizeof(long)] == 1, octets));
            at += HeadLength + octets.Length;
        }

        return frames;
    }

    private static int LengthIn(ReadOnlySpan<byte> head) => BinaryPrimitives.ReadUInt16LittleEndian(head[(sizeof(long) + 1)..]);

    private void Skip(int octets) => (_begin, _used) = ((_begin + octets) % Capacity, _used - octets);

    private void Append(ReadOnlySpan<byte> octets)
    {
        var at = (_begin + _used) % Capacity;
        var first = Math.Min(octets.Length, Capacity - at);
        octets[..first].CopyTo(_ring.AsSpan(at));
        octets[first..].CopyTo(_ring);
        _used += octets.Length;
    }

    private void Copy(int from, Span<byte> octets)
    {
        from %= Capacity;
        var first = Math.Min(octets.Length, Capacity - from);
        _ring.AsSpan(from, first).CopyTo(octets);
        _ring.AsSpan(0, octets.Length - first).CopyTo(octets[first..]);
    }
}
