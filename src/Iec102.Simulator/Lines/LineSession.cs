using Iec102.Protocol.Link;


namespace Iec102.Simulator.Lines;

/// <summary>Offers a frame to the meters of a line; returns the answer's octets, empty for silence.</summary>
internal delegate byte[] FrameOffer(in Frame frame);

/// <summary>
/// One connection to a simulated line: takes octets from the master and returns what the line delivers, one array of octets for each
/// answer, with whatever <see cref="LineBehaviour"/> adds to it.
/// </summary>
public sealed class LineSession
{
    private const byte Junk = 0xFF;
    private const byte SingleAcknowledge = 0xE5;

    /// <summary>A frame of an earlier reading, type 11: the hour that ended at 2024-07-15 01:00.</summary>
    private static readonly byte[] OldData =
        [0x0B, 0x01, 0x05, 0x01, 0x00, 0x0B, 0x01, 0xD2, 0x04, 0x00, 0x00, 0x00, 0x00, 0x81, 0x2F, 0x07, 0x18];

    /// <summary>
    /// Modbus RTU: three input registers of slave 1, two holding registers of slave 3, followed by the CRC-16. The last octet of the data
    /// looks like the start of a frame that would overlap the true one.
    /// </summary>
    private static readonly byte[] ModbusBefore = WithCrc([0x01, 0x04, 0x06, 0x68, 0x43, 0x00, 0x2A, 0x16, 0x10]);
    private static readonly byte[] ModbusBehind = WithCrc([0x03, 0x03, 0x04, 0x68, 0x68, 0x10, 0x5B]);

    private readonly LineBehaviour _behaviour;
    private readonly WireTimer _timer;
    private readonly TimeSpan _deafUntil;
    private readonly FrameOffer _offer;
    private readonly FrameReader _reader = new();
    private int _leftoversLeft;

    internal LineSession(LineBehaviour behaviour, WireTimer timer, FrameOffer offer)
    {
        (_behaviour, _timer, _offer) = (behaviour, timer, offer);
        _deafUntil = timer.Now + behaviour.DeafAfterConnect;
        _leftoversLeft = behaviour.LeftoversAtHandshake;
    }

    /// <summary>Takes octets from the master; returns what the line delivers, in order, nothing for silence.</summary>
    public IReadOnlyList<byte[]> AnswersTo(ReadOnlySpan<byte> octets)
    {
        if (_timer.Now < _deafUntil)
            return [];
        var answers = new List<byte[]>();
        while (_reader.TryRead(ref octets, out var frame))
        {
            var answer = _offer(frame);
            if (answer.Length > 0)
                answers.Add(AsItArrives(frame, answer));
        }

        return answers;
    }

    /// <summary>Shortens an ACK without DFC to the single octet; returns any other answer as it is.</summary>
    internal static byte[] Shortened(ReadOnlySpan<byte> answer) =>
        answer.Length == Frame.FixedLength && answer[1] == ControlField.OfMeter(SecondaryFunction.Acknowledge).Octet
            ? [SingleAcknowledge]
            : answer.ToArray();

    private byte[] AsItArrives(in Frame request, byte[] answer)
    {
        if (_leftoversLeft > 0 && request.Control.Primary == PrimaryFunction.RequestLinkStatus)
        {
            _leftoversLeft--;
            return LeftoversFor(request.LinkAddress);
        }

        if (_behaviour.JunkOctets > 0)
            answer = [.. Enumerable.Repeat(Junk, _behaviour.JunkOctets), .. answer];
        return _behaviour.HasModbus ? [.. ModbusBefore, .. answer, .. ModbusBehind] : answer;
    }

    /// <summary>
    /// The leftovers of an earlier reading in a converter: the end of a frame, an acknowledgement, and a whole frame of data.
    /// </summary>
    private static byte[] LeftoversFor(ushort link)
    {
        var data = new byte[Frame.MaxLength];
        var length = FrameWriter.WriteVariable(data, ControlField.OfMeter(SecondaryFunction.UserData), link, OldData);
        var acknowledgement = new byte[Frame.FixedLength];
        FrameWriter.WriteFixed(acknowledgement, ControlField.OfMeter(SecondaryFunction.Acknowledge), link);
        return [.. data[(length / 2)..length], .. acknowledgement, .. data[..length]];
    }

    private static byte[] WithCrc(byte[] message)
    {
        ushort crc = 0xFFFF;
        foreach (var octet in message)
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++)
                crc = (ushort)((crc & 1) != 0 ? crc >> 1 ^ 0xA001 : crc >> 1);
        }

        return [.. message, (byte)crc, (byte)(crc >> 8)];
    }
}
