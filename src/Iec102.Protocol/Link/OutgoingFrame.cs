namespace Iec102.Protocol;

/// <summary>
/// The frame of a master that is on its way: made once, then sent and repeated octet for octet. Keeps the frame count bit, which changes with every
/// new counted frame and never with a repeat (protocol notes 1.4).
/// </summary>
internal sealed class OutgoingFrame(ushort linkAddress)
{
    private readonly byte[] _octets = new byte[Frame.MaxLength];
    private int _length;
    private bool _frameCountBit;

    /// <summary>The octets to send.</summary>
    public ReadOnlyMemory<byte> Octets => _octets.AsMemory(0, _length);

    /// <summary>How often it was sent.</summary>
    public int Transmissions { get; private set; }

    /// <summary>When it was sent last.</summary>
    public TimeSpan SentAt { get; private set; }

    /// <summary>The meter has reset its link: the next counted frame carries FCB = 1.</summary>
    public void OnLinkReset() => _frameCountBit = false;

    /// <summary>The frame was never sent: its count is free for the next one.</summary>
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
