using Iec102.Lines;
using Iec102.Lines.Tcp;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;

namespace Iec102.Testing;

/// <summary>A program from outside: a link master with its own TCP connection that runs one exchange at a time.</summary>
public sealed class OutsideMaster(ILine line, ushort link) : IAsyncDisposable
{
    private static readonly LinkTiming Timing = new()
    {
        ReplyTimeout = TimeSpan.FromSeconds(5),
        FirstPause = TimeSpan.FromMilliseconds(20),
        LongestPause = TimeSpan.FromMilliseconds(100),
    };

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly LinkMaster _master = new(link, Timing);
    private readonly FrameReader _reader = new();
    private readonly byte[] _buffer = new byte[1024];
    private Task<int>? _reading;

    private static TimeSpan Now => TimeSpan.FromMilliseconds(Environment.TickCount64);

    /// <summary>Every ASDU that arrived in the last exchange, mirrors included.</summary>
    public List<byte[]> Heard { get; } = [];

    public static async Task<OutsideMaster> ConnectAsync(int port, ushort link, string host = "127.0.0.1") =>
        new(await new TcpLineFactory(new TcpLineOptions(host, port)).OpenAsync(CancellationToken.None), link);

    public async Task<ExchangeResult> LogInAsync(uint key = 1, ushort point = 1) =>
        await AskAsync(Request.Login(point, key), restartLink: true);

    /// <summary>Runs an exchange to its end, or until this many ASDUs have arrived.</summary>
    public async Task<ExchangeResult> AskAsync(Request request, bool restartLink = false, int atMost = int.MaxValue)
    {
        Heard.Clear();
        var events = _master.Begin(request, restartLink || !_master.IsUp, Now, Now + Limit);
        while (true)
        {
            if (events.HasFlag(LinkEvents.Transmit))
                await line.WriteAsync(_master.Outgoing.ToArray(), CancellationToken.None);
            if (events.HasFlag(LinkEvents.Ended))
                return _master.Result;
            if (Heard.Count >= atMost)
                return default;
            events = await NextAsync();
        }
    }

    public ValueTask DisposeAsync() => line.DisposeAsync();

    private async Task<LinkEvents> NextAsync()
    {
        _reading ??= line.ReadAsync(_buffer, CancellationToken.None).AsTask();
        var wait = _master.Deadline - Now;
        try
        {
            var count = await _reading.WaitAsync(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1));
            _reading = null;
            return count == 0 ? throw new LineException("The gateway closed the connection.") : Take(count);
        }
        catch (TimeoutException)
        {
            return _master.OnDeadline(Now);
        }
    }

    private LinkEvents Take(int count)
    {
        var events = LinkEvents.None;
        ReadOnlySpan<byte> octets = _buffer.AsSpan(0, count);
        while (_reader.TryRead(ref octets, out var frame))
        {
            var one = _master.OnFrame(frame, Now);
            if (one.HasFlag(LinkEvents.Content))
                Heard.Add(frame.Asdu.ToArray());
            events |= one;
        }

        return events;
    }
}
