namespace Iec102.Protocol.Link;

/// <summary>Function codes of frames from the master to the meter, PRM = 1 (protocol notes 1.3).</summary>
public enum PrimaryFunction : byte
{
    /// <summary>FC0, reset of the remote link; FCV = 0.</summary>
    ResetRemoteLink = 0,

    /// <summary>FC3, user data, send/confirm; FCV = 1.</summary>
    UserData = 3,

    /// <summary>FC9, request of the link status; FCV = 0.</summary>
    RequestLinkStatus = 9,

    /// <summary>FC10, request of class 1 data; FCV = 1. Not used by REE masters.</summary>
    RequestClass1 = 10,

    /// <summary>FC11, request of class 2 data, the poll; FCV = 1.</summary>
    RequestClass2 = 11,
}

/// <summary>Function codes of frames from the meter to the master, PRM = 0 (protocol notes 1.3).</summary>
public enum SecondaryFunction : byte
{
    /// <summary>FC0, ACK.</summary>
    Acknowledge = 0,

    /// <summary>FC1, NACK: message not accepted, link busy.</summary>
    NotAccepted = 1,

    /// <summary>FC8, user data.</summary>
    UserData = 8,

    /// <summary>FC9, requested data not available.</summary>
    NoData = 9,

    /// <summary>FC11, status of the link.</summary>
    LinkStatus = 11,

    /// <summary>FC14, link service not working.</summary>
    NotWorking = 14,

    /// <summary>FC15, link service not used.</summary>
    NotUsed = 15,
}

/// <summary>
/// The control field C of a frame, one octet (protocol notes 1.3).
/// Bit 7 RES, bit 6 PRM, bit 5 FCB or ACD, bit 4 FCV or DFC, bits 3-0 function code.
/// </summary>
/// <param name="Octet">The octet as on the wire.</param>
public readonly record struct ControlField(byte Octet)
{
    private const byte Prm = 0x40;
    private const byte FcbOrAcd = 0x20;
    private const byte FcvOrDfc = 0x10;

    /// <summary>PRM: true in frames of the master.</summary>
    public bool IsPrimary => (Octet & Prm) != 0;

    /// <summary>FCB, the frame count bit; only meaningful in primary frames with <see cref="FrameCountValid"/>.</summary>
    public bool FrameCountBit => (Octet & FcbOrAcd) != 0;

    /// <summary>FCV: whether the frame count bit is valid (primary frames).</summary>
    public bool FrameCountValid => (Octet & FcvOrDfc) != 0;

    /// <summary>ACD: class 1 data is waiting (secondary frames); no REE meter uses it.</summary>
    public bool AccessDemand => (Octet & FcbOrAcd) != 0;

    /// <summary>DFC: the meter's receive buffer is full (secondary frames).</summary>
    public bool DataFlowControl => (Octet & FcvOrDfc) != 0;

    /// <summary>The function code as a number, 0 to 15.</summary>
    public byte FunctionCode => (byte)(Octet & 0x0F);

    /// <summary>The function code of a frame from the master.</summary>
    public PrimaryFunction Primary => (PrimaryFunction)FunctionCode;

    /// <summary>The function code of a frame from the meter.</summary>
    public SecondaryFunction Secondary => (SecondaryFunction)FunctionCode;

    /// <summary>Control field of a frame from the master without frame count (FC0, FC9).</summary>
    public static ControlField OfMaster(PrimaryFunction function) => new((byte)(Prm | (byte)function));

    /// <summary>Control field of a frame from the master with frame count (FC3, FC10, FC11).</summary>
    public static ControlField OfMaster(PrimaryFunction function, bool frameCountBit) =>
        new((byte)(Prm | FcvOrDfc | (frameCountBit ? FcbOrAcd : 0) | (byte)function));

    /// <summary>Control field of a frame from the meter.</summary>
    public static ControlField OfMeter(SecondaryFunction function, bool dataFlowControl = false) =>
        new((byte)((dataFlowControl ? FcvOrDfc : 0) | (byte)function));
}
