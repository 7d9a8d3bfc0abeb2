// Logs in to one meter, prints its serial number and its clock, and ends the session:
//     dotnet run --project samples/ReadOneMeter -- HOST:PORT LINK POINT KEY
using Iec102.Lines;
using Iec102.Lines.Tcp;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;

if (args is not [var address, var linkText, var pointText, var keyText] || !TcpLineOptions.TryParse(address, out var converter)
    || !ushort.TryParse(linkText, out var link) || !ushort.TryParse(pointText, out var point) || !uint.TryParse(keyText, out var key))
{
    Console.Error.WriteLine("Four arguments are needed: HOST:PORT LINK POINT KEY, for example 192.0.2.10:4001 1 1 7.");
    return 2;
}

await using var line = await new TcpLineFactory(converter).OpenAsync(default);
var (master, reader, buffer) = (new LinkMaster(link, new LinkTiming()), new FrameReader(), new byte[512]);
foreach (var request in (Request[])[
    Request.Login(point, key), Request.ReadDeviceIdentification(point), Request.ReadCurrentTime(point), Request.EndSession(point)])
{
    // The link layer has neither a clock nor a line: it is given the time and the octets, and says what to do next.
    var events = master.Begin(request, restartLink: !master.IsUp, Now(), expires: Now() + TimeSpan.FromMinutes(1));
    while (true)
    {
        if (events.HasFlag(LinkEvents.Transmit))
        {
            reader.Restart();
            await line.WriteAsync(master.Outgoing, default);
        }

        if (events.HasFlag(LinkEvents.Ended))
            break;
        using var deadline = new CancellationTokenSource(Math.Max(0, (int)(master.Deadline - Now()).TotalMilliseconds));
        try
        {
            events = Take(buffer.AsSpan(0, await line.ReadAsync(buffer, deadline.Token)));
        }
        catch (OperationCanceledException)
        {
            events = master.OnDeadline(Now());
        }
    }

    if (master.Result.Outcome != ExchangeOutcome.Completed)
        throw new InvalidOperationException($"The request of type {request} ended as {master.Result}.");
}

return 0;

// Turns octets into frames, hands the frames to the link layer, and prints what the link layer reports as data.
LinkEvents Take(ReadOnlySpan<byte> octets)
{
    if (octets.IsEmpty)
        throw new LineException("The far end closed the line.");
    var events = LinkEvents.None;
    while (events == LinkEvents.None && reader.TryRead(ref octets, out var frame))
    {
        events = master.OnFrame(frame, Now());
        if (!events.HasFlag(LinkEvents.Data) || !Asdu.TryRead(frame.Asdu, out var asdu))
            continue;
        if (DeviceIdentification.TryRead(asdu, out var device))
            Console.WriteLine($"serial number {device.SerialNumber}");
        else if (MeterClock.TryRead(asdu, out var clock))
            Console.WriteLine($"clock {clock.Time}");
    }

    return events;
}

static TimeSpan Now() => TimeSpan.FromMilliseconds(Environment.TickCount64);
