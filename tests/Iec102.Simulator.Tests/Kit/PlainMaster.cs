using Iec102.Lines;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Testing;

namespace Iec102.Simulator.Tests;

/// <summary>
/// The plainest master possible: one frame, one answer, FCB toggled on every new frame, no repeats. It reaches meters directly or over any
/// line.
/// </summary>
internal sealed class PlainMaster(Func<byte[], Task<byte[]>> exchange, ushort linkAddress = 1, ushort point = 1)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private bool _frameCountBit = true;

    public static PlainMaster Of(LinkSlave slave, ushort point = 1) =>
        new(octets => Task.FromResult(Octets.Answer(slave, octets)), slave.LinkAddress, point);

    public static PlainMaster Of(ILine line, ushort linkAddress = 1)
    {
        var reader = new FrameReader();
        return new PlainMaster(octets => ExchangeAsync(line, reader, octets), linkAddress);
    }

    public static async Task<byte[]> ReadFrameAsync(ILine line, FrameReader reader)
    {
        using var patience = new CancellationTokenSource(Patience);
        var buffer = new byte[512];
        while (await line.ReadAsync(buffer, patience.Token) is var count and > 0)
        {
            if (FirstFrame(reader, buffer.AsSpan(0, count)) is { } frame)
                return frame;
        }

        throw new EndOfStreamException();
    }

    public Task<byte[]> StatusAsync() => FixedAsync(ControlField.OfMaster(PrimaryFunction.RequestLinkStatus));

    public async Task ResetAsync()
    {
        await FixedAsync(ControlField.OfMaster(PrimaryFunction.ResetRemoteLink));
        _frameCountBit = true;
    }

    public Task<byte[]> PollAsync() => FixedAsync(ControlField.OfMaster(PrimaryFunction.RequestClass2, Toggle()));

    public Task<byte[]> SendAsync(ReadOnlySpan<byte> asdu)
    {
        var octets = new byte[Frame.MaxLength];
        var length = FrameWriter.WriteVariable(octets, ControlField.OfMaster(PrimaryFunction.UserData, Toggle()), linkAddress, asdu);
        return exchange(octets[..length]);
    }

    /// <summary>Logs in: FC0, then 183.</summary>
    public async Task<byte[]> LogInAsync(uint key = 1)
    {
        await ResetAsync();
        return (await AskAsync(Request.Login(point, key))).Single();
    }

    /// <summary>Sends a request and polls until the meter has no more data; returns the ASDUs.</summary>
    public Task<List<byte[]>> AskAsync(Request request) => AskAsync(request.Asdu.ToArray());

    public async Task<List<byte[]>> AskAsync(byte[] asdu)
    {
        (await SendAsync(asdu))[1].ShouldBe((byte)SecondaryFunction.Acknowledge);
        var answers = new List<byte[]>();
        for (var frame = await PollAsync(); frame[0] == 0x68; frame = await PollAsync())
            answers.Add(frame[7..^2]);
        return answers;
    }

    private static async Task<byte[]> ExchangeAsync(ILine line, FrameReader reader, byte[] octets)
    {
        await line.WriteAsync(octets, CancellationToken.None);
        return await ReadFrameAsync(line, reader);
    }

    private static byte[]? FirstFrame(FrameReader reader, ReadOnlySpan<byte> octets) =>
        reader.TryRead(ref octets, out var frame) ? frame.Octets.ToArray() : null;

    private Task<byte[]> FixedAsync(ControlField control)
    {
        var octets = new byte[Frame.FixedLength];
        FrameWriter.WriteFixed(octets, control, linkAddress);
        return exchange(octets);
    }

    private bool Toggle()
    {
        var bit = _frameCountBit;
        _frameCountBit = !bit;
        return bit;
    }
}
