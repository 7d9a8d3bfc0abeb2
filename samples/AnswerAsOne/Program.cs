// Plays a meter with link address 1. It gives its serial number and its clock to anyone who connects, and refuses everything else:
//     dotnet run --project samples/AnswerAsOne -- PORT
using Iec102.Lines;
using Iec102.Lines.Tcp;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Protocol.Time;
using NodaTime;

if (args is not [var portText] || !ushort.TryParse(portText, out var port))
{
    Console.Error.WriteLine("One argument is needed: PORT, the TCP port to listen on, or 0 for any free one.");
    return 2;
}

using var listener = new TcpLineListener(port);
var slave = new LinkSlave(linkAddress: 1, new Meter());
Console.WriteLine($"listening on 127.0.0.1:{listener.Port}");
while (true)
{
    await using var line = await listener.AcceptAsync(default);
    var (reader, buffer) = (new FrameReader(), new byte[512]);
    try
    {
        while (await line.ReadAsync(buffer, default) is var count and > 0)
        {
            foreach (var answer in Answers(reader, buffer.AsSpan(0, count)))
                await line.WriteAsync(answer, default);
        }
    }
    catch (LineException)
    {
        // The client has gone; the loop waits for the next one.
    }
}

List<byte[]> Answers(FrameReader reader, ReadOnlySpan<byte> octets)
{
    var answers = new List<byte[]>();
    while (reader.TryRead(ref octets, out var frame))
        answers.Add(slave.OnFrame(frame).ToArray());
    return answers;
}

/// <summary>The meter's application: each request has one answer, which is kept until the next poll.</summary>
internal sealed class Meter : ISlaveApplication
{
    private readonly byte[] _answer = new byte[Asdu.MaxLength];
    private int _length;

    public void OnReset() => _length = 0;

    public RequestVerdict OnRequest(in Asdu request)
    {
        var header = request.Header with { Cause = CauseOfTransmission.Request };
        _length = header.Type switch
        {
            TypeIdentification.ReadDeviceIdentification => new DeviceIdentification(2002, 4, 0, 12345678).Write(_answer, header),
            TypeIdentification.ReadCurrentTime => new MeterClock(Label(DateTime.Now)).Write(_answer, header),
            TypeIdentification.Login or TypeIdentification.EndSession => Mirror(request, CauseOfTransmission.ActivationConfirmation),
            _ => Mirror(request, CauseOfTransmission.TypeNotAvailable),
        };
        return RequestVerdict.Accept;
    }

    public int NextAnswer(Span<byte> destination)
    {
        var length = _length;
        _answer.AsSpan(0, length).CopyTo(destination);
        _length = 0;
        return length;
    }

    private static TimeTagB Label(DateTime time) => new(LocalDateTime.FromDateTime(time), TimeZoneInfo.Local.IsDaylightSavingTime(time));

    private int Mirror(in Asdu request, CauseOfTransmission cause)
    {
        request.Octets.CopyTo(_answer);
        (request.Header with { Cause = cause }).Write(_answer);
        return request.Octets.Length;
    }
}
