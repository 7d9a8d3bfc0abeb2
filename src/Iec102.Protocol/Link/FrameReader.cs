namespace Iec102.Protocol.Link;

/// <summary>Takes octets that belong to no valid frame; they are valid during the call.</summary>
public delegate void DroppedOctets(ReadOnlySpan<byte> octets);

/// <summary>
/// Finds FT1.2 frames in a stream of octets that may be split anywhere, contain junk, and have lost or garbled octets (protocol notes 1.2
/// and 8).
/// <para>Every frame is checked once, here: start octets, both lengths, checksum and end octet. Octets that do not pass are dropped up to
/// the next start octet, so a frame hidden behind a false start is still found. At most one frame (261 octets) is ever buffered; nothing is
/// allocated per frame.</para>
/// <code>while (reader.TryRead(ref octets, out var frame)) Use(frame);</code>
/// </summary>
/// <param name="onDropped">Takes what is dropped, in the order in which it arrived; null when nobody wants it.</param>
public sealed class FrameReader(DroppedOctets? onDropped = null)
{
    private readonly byte[] _buffer = new byte[Frame.MaxLength];
    private int _count;
    private int _delivered;
    private bool _nothingSeen;

    /// <summary>Octets that did not belong to a frame.</summary>
    public long JunkOctets { get; private set; }

    /// <summary>Octets that began like a frame but had a wrong checksum or end octet.</summary>
    public long ChecksumErrors { get; private set; }

    /// <summary>Whether the beginning of a frame has arrived and the rest has not.</summary>
    public bool InsideFrame => _count > _delivered;

    /// <summary>
    /// Must be called when a request is sent. From then on the rest of an earlier frame is junk, and 0xE5 is a single-character
    /// acknowledgement only as the very first octet after this call, because an 0xE5 inside a damaged frame is not one.
    /// </summary>
    public void Restart()
    {
        DropDelivered();
        Drop(_buffer.AsSpan(0, _count));
        _count = 0;
        _nothingSeen = true;
    }

    /// <summary>
    /// Takes octets from <paramref name="octets"/> until a frame is complete. When it returns false, all of them have been taken. The frame
    /// is valid until the next call.
    /// </summary>
    public bool TryRead(scoped ref ReadOnlySpan<byte> octets, out Frame frame)
    {
        DropDelivered();
        while (true)
        {
            var length = FrameLength();
            if (length != 0 && length <= _count)
            {
                _delivered = length;
                frame = new Frame(_buffer.AsSpan(0, length));
                return true;
            }

            if (octets.IsEmpty)
            {
                frame = default;
                return false;
            }

            Take(ref octets, length == 0 ? 1 : length - _count);
        }
    }

    /// <summary>
    /// How many octets must be buffered before more is known about the frame at the front of the buffer; drops octets from the front that
    /// cannot begin a frame. At most the number of buffered octets when a complete valid frame is at the front; 0 when the buffer is empty.
    /// </summary>
    private int FrameLength()
    {
        while (_count > 0)
        {
            var needed = Needed(_buffer.AsSpan(0, _count));
            if (needed > 0)
                return needed;
            DropToNextStart();
        }

        return 0;
    }

    /// <summary>Length of the frame that begins here, or of the part needed to know that length; 0 when no frame begins here.</summary>
    private int Needed(ReadOnlySpan<byte> octets)
    {
        switch (octets[0])
        {
            case Frame.StartFixed:
                if (octets.Length < Frame.FixedLength)
                    return Frame.FixedLength;
                return Passes(octets[1..4], octets[4], octets[5]) ? Frame.FixedLength : 0;

            case Frame.StartVariable:
                if (octets.Length > 1 && octets[1] < Frame.MinL)
                    return 0;
                if (octets.Length > 2 && octets[2] != octets[1])
                    return 0;
                if (octets.Length > 3 && octets[3] != Frame.StartVariable)
                    return 0;
                if (octets.Length < 4)
                    return octets.Length + 1;
                var l = octets[1];
                if (octets.Length < l + 6)
                    return l + 6;
                return Passes(octets.Slice(4, l), octets[4 + l], octets[5 + l]) ? l + 6 : 0;

            case Frame.SingleAcknowledge when _nothingSeen:
                return 1;

            default:
                return 0;
        }
    }

    private bool Passes(ReadOnlySpan<byte> summed, byte checksum, byte end)
    {
        if (end == Frame.End && FrameWriter.Checksum(summed) == checksum)
            return true;
        ChecksumErrors++;
        return false;
    }

    private void Take(ref ReadOnlySpan<byte> octets, int wanted)
    {
        if (_count == 0)
        {
            // Between frames: skip to the next octet that can begin one.
            var start = _nothingSeen && octets[0] == Frame.SingleAcknowledge ? 0 : octets.IndexOfAny(Frame.StartFixed, Frame.StartVariable);
            if (start != 0)
            {
                _nothingSeen = false;
                start = start < 0 ? octets.Length : start;
                Drop(octets[..start]);
                octets = octets[start..];
                if (octets.IsEmpty)
                    return;
            }
        }

        var taken = Math.Min(wanted, octets.Length);
        octets[..taken].CopyTo(_buffer.AsSpan(_count));
        _count += taken;
        octets = octets[taken..];
    }

    private void DropDelivered()
    {
        if (_delivered == 0)
            return;
        _buffer.AsSpan(_delivered, _count - _delivered).CopyTo(_buffer);
        _count -= _delivered;
        _delivered = 0;
        _nothingSeen = false;
    }

    private void DropToNextStart()
    {
        var next = _buffer.AsSpan(1, _count - 1).IndexOfAny(Frame.StartFixed, Frame.StartVariable);
        var dropped = next < 0 ? _count : 1 + next;
        Drop(_buffer.AsSpan(0, dropped));
        _buffer.AsSpan(dropped, _count - dropped).CopyTo(_buffer);
        _count -= dropped;
        _nothingSeen = false;
    }

    private void Drop(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty)
            return;
        JunkOctets += octets.Length;
        onDropped?.Invoke(octets);
    }
}
