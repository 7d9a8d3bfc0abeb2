namespace Iec102.Protocol.Link;

/// <summary>
/// The frame that a master is sending: made once, then sent and repeated octet for octet. It keeps the frame count bit, which changes with
/// every new counted frame and never with a repeat (protocol notes 1.4).
/// </summary>
internal sealed class OutgoingFrame(ushort linkAddress)
{
    private readonly byte[] _octets = new byte[Frame.MaxLength];
    private int _length;
    private bool _frameCountBit;

    /// <summary>The octets to send.</summary>
    public ReadOnlyMemory<byte> Octets => _octets.AsMemory(0, _length);

    /// <summary>How often the frame was sent.</summary>
    public int Transmissions { get; private set; }

    /// <summary>When the frame was last sent.</summary>
    public TimeSpan SentAt { get; private set; }

    /// <summary>Notes that the meter has reset its link: the next counted frame has FCB = 1.</summary>
    public void OnLinkReset() => _frameCountBit = false;

    /// <summary>Withdraws a frame that was never sent; the next one uses its frame count bit.</summary>
    public void Withdraw()
    {
        if (new Frame(Octets.Span).Control.FrameCountValid)
            _frameCountBit = !_frameCountBit;
    }

    public void MakeFixed(PrimaryFunction function) => WriteFixed(ControlField.OfMaster(function));

    public void MakePoll() => WriteFixed(NextCounted(PrimaryFunction.RequestClass2));

    public void MakeUserData(ReadOnlySpan<byte> asdu)
    {
        _length = FrameWriter.WriteVariable(_octets, NextCounted(PrimaryFunction.UserData), linkAddress, asdu);
        Transmissions = 0;
    }

    public void OnSent(TimeSpan now)
    {
        Transmissions++;
        SentAt = now;
    }

    private void WriteFixed(ControlField control)
    {
        _length = FrameWriter.WriteFixed(_octets, control, linkAddress);
        Transmissions = 0;
    }

    private ControlField NextCounted(PrimaryFunction function)
    {
        _frameCountBit = !_frameCountBit;
        return ControlField.OfMaster(function, _frameCountBit);
    }
}
