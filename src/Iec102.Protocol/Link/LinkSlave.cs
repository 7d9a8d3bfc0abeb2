using Iec102.Protocol.Application;

namespace Iec102.Protocol.Link;

/// <summary>How a slave's application responds to a request.</summary>
public enum RequestVerdict
{
    /// <summary>ACK.</summary>
    Accept,

    /// <summary>ACK with DFC = 1: accepted, but the receive buffer is full now.</summary>
    AcceptBusy,

    /// <summary>NACK: not accepted; the master is to send it again later.</summary>
    Reject,

    /// <summary>No answer at all, as if no station were there.</summary>
    Silence,
}

/// <summary>The application behind a <see cref="LinkSlave"/>: takes requests and gives answers.</summary>
public interface ISlaveApplication
{
    /// <summary>Called when the link was reset; the application must forget every answer that is still waiting.</summary>
    void OnReset();

    /// <summary>Takes a new request, which replaces any answers that are still waiting.</summary>
    RequestVerdict OnRequest(in Asdu request);

    /// <summary>
    /// Answers a poll: writes the next ASDU and returns its length, or returns 0 when there is no data now, <see cref="NotYet"/> when there
    /// may be some in a moment, and <see cref="Nothing"/> when the poll is to get no answer at all.
    /// </summary>
    int NextAnswer(Span<byte> destination);

    /// <summary>Holds the poll: <see cref="LinkSlave.Resume"/> or <see cref="LinkSlave.EndHold"/> will give its answer.</summary>
    const int NotYet = -1;

    /// <summary>Leaves the poll without an answer.</summary>
    const int Nothing = -2;
}

/// <summary>
/// The secondary station for one link address (protocol notes 1.3, 1.4 and 9), without clock or line: a frame is passed in, and the answer
/// is returned.
/// <para>It keeps the expected frame count bit and the last answer. A frame with the expected FCB is new; one with the other FCB is a
/// repeat and gets the last answer again without being processed. Frames for other addresses get no answer.</para>
/// <para>A poll may be held until its answer is available. Repeats of it get nothing meanwhile, so that one answer is sent for all of them;
/// a new frame replaces the held poll.</para>
/// </summary>
public sealed class LinkSlave
{
    private readonly ISlaveApplication _application;
    private readonly byte[] _response = new byte[Frame.MaxLength];
    private readonly byte[] _unremembered = new byte[Frame.FixedLength];
    private readonly byte[] _asdu = new byte[Asdu.MaxLength];
    private readonly byte[] _lastRequest = new byte[Frame.MaxLength];
    private int _responseLength;
    private int _lastRequestLength;
    private bool _expectedFrameCountBit = true;

    /// <summary>Makes a slave in the state after power-up: the first counted frame is expected with FCB = 1.</summary>
    public LinkSlave(ushort linkAddress, ISlaveApplication application)
    {
        LinkAddress = linkAddress;
        _application = application;
    }

    /// <summary>The link address.</summary>
    public ushort LinkAddress { get; }

    /// <summary>Frames that got the last answer again.</summary>
    public long Repeats { get; private set; }

    /// <summary>Whether a poll is held.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>Tries to answer the held poll: returns the octets to send, empty when there is no answer yet or no poll is held.</summary>
    public ReadOnlyMemory<byte> Resume()
    {
        if (!IsHeld)
            return default;
        _responseLength = Give();
        return _response.AsMemory(0, _responseLength);
    }

    /// <summary>Ends the wait of the held poll with "no data"; empty when no poll is held.</summary>
    public ReadOnlyMemory<byte> EndHold()
    {
        if (!IsHeld)
            return default;
        IsHeld = false;
        _responseLength = Fixed(SecondaryFunction.NoData);
        return _response.AsMemory(0, _responseLength);
    }

    /// <summary>Takes a frame from the line; returns the octets to send, empty for silence. They are valid until the next call.</summary>
    public ReadOnlyMemory<byte> OnFrame(in Frame frame)
    {
        var control = frame.Control;
        if (frame.Format == FrameFormat.SingleCharacter || !control.IsPrimary || frame.LinkAddress != LinkAddress)
            return default;
        switch (control.Primary, frame.Format)
        {
            case (PrimaryFunction.RequestLinkStatus, FrameFormat.Fixed):
                // This answer is not remembered, because a repeat of a counted frame must still get the answer to that frame.
                return _unremembered.AsMemory(
                    0, FrameWriter.WriteFixed(_unremembered, ControlField.OfMeter(SecondaryFunction.LinkStatus), LinkAddress));

            case (PrimaryFunction.ResetRemoteLink, FrameFormat.Fixed):
                _expectedFrameCountBit = true;
                _responseLength = 0;
                _lastRequestLength = 0;
                IsHeld = false;
                _application.OnReset();
                return _unremembered.AsMemory(
                    0, FrameWriter.WriteFixed(_unremembered, ControlField.OfMeter(SecondaryFunction.Acknowledge), LinkAddress));

            case (PrimaryFunction.UserData, FrameFormat.Variable):
            case (PrimaryFunction.RequestClass1 or PrimaryFunction.RequestClass2, FrameFormat.Fixed):
                return control.FrameCountValid ? OnCounted(frame, control) : default;

            default:
                return default;
        }
    }

    private ReadOnlyMemory<byte> OnCounted(in Frame frame, ControlField control)
    {
        if (control.FrameCountBit != _expectedFrameCountBit && !IsLoginWithoutReset(frame))
        {
            Repeats++;
            return _response.AsMemory(0, _responseLength);
        }

        _expectedFrameCountBit = !control.FrameCountBit;
        frame.Octets.CopyTo(_lastRequest);
        _lastRequestLength = frame.Octets.Length;
        IsHeld = false;
        _responseLength = control.Primary switch
        {
            PrimaryFunction.UserData => Take(frame),
            PrimaryFunction.RequestClass2 => Give(),
            _ => Fixed(SecondaryFunction.NoData),
        };
        return _response.AsMemory(0, _responseLength);
    }

    /// <summary>
    /// Some masters never reset the link and begin with the login: a login that does not repeat the last request starts a session.
    /// </summary>
    private bool IsLoginWithoutReset(in Frame frame) =>
        !frame.Asdu.IsEmpty && frame.Asdu[0] == (byte)TypeIdentification.Login
        && !frame.Octets.SequenceEqual(_lastRequest.AsSpan(0, _lastRequestLength));

    private int Take(in Frame frame)
    {
        if (!Asdu.TryRead(frame.Asdu, out var asdu))
            return Fixed(SecondaryFunction.NotAccepted);
        return _application.OnRequest(asdu) switch
        {
            RequestVerdict.Accept => Fixed(SecondaryFunction.Acknowledge),
            RequestVerdict.AcceptBusy => Fixed(SecondaryFunction.Acknowledge, dataFlowControl: true),
            RequestVerdict.Silence => 0,
            _ => Fixed(SecondaryFunction.NotAccepted),
        };
    }

    private int Give()
    {
        var length = _application.NextAnswer(_asdu);
        IsHeld = length == ISlaveApplication.NotYet;
        return length switch
        {
            0 => Fixed(SecondaryFunction.NoData),
            < 0 => 0,
            _ => FrameWriter.WriteVariable(
                _response, ControlField.OfMeter(SecondaryFunction.UserData), LinkAddress, _asdu.AsSpan(0, length)),
        };
    }

    private int Fixed(SecondaryFunction function, bool dataFlowControl = false) =>
        FrameWriter.WriteFixed(_response, ControlField.OfMeter(function, dataFlowControl), LinkAddress);
}
