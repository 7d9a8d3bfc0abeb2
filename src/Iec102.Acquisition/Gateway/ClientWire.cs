using Akka.Actor;
using Iec102.Acquisition.Ports;
using Iec102.Lines;
using Iec102.Protocol.Link;

namespace Iec102.Acquisition.Gateway;

/// <summary>Takes a frame; it is valid during the call.</summary>
internal delegate void FrameTaker(in Frame frame);

/// <summary>The line of a client: turns its octets into frames, sends frames to it, counts both and shows them to watchers.</summary>
internal sealed class ClientWire
{
    private const int OnlyGeneration = 1;

    private readonly LineConnection _line;
    private readonly TimeSpan _longestGap;
    private readonly ClientAddress _client;
    private readonly ClientTally _tally;
    private readonly TimeProvider _time;
    private readonly FrameReader _reader = new();
    private TimeSpan _lastOctetAt;

    /// <summary>Begins to read an open line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="longestGap">The longest time between two octets of a frame.</param>
    /// <param name="client">The client.</param>
    /// <param name="tally">Counts the frames.</param>
    /// <param name="time">The clock.</param>
    /// <param name="session">Is sent the news of the line.</param>
    public ClientWire(
        ILine line, TimeSpan longestGap, ClientAddress client, ClientTally tally, TimeProvider time, IActorRef session)
    {
        _longestGap = longestGap;
        _client = client;
        _tally = tally;
        _time = time;
        LastFrameAt = time.Elapsed();
        _line = new LineConnection(line, OnlyGeneration, session);
    }

    public FrameWatchers Watchers { get; } = new();

    /// <summary>When the last frame arrived, or the client connected.</summary>
    public TimeSpan LastFrameAt { get; private set; }

    /// <summary>Octets that the client has not taken from its line.</summary>
    public int WaitingOctets => _line.WaitingOctets;

    /// <summary>Takes octets, and hands over the frames that are whole now.</summary>
    public void Take(OctetsArrived chunk, FrameTaker take)
    {
        var now = _time.Elapsed();
        if (_reader.InsideFrame && now - _lastOctetAt >= _longestGap)
            _reader.Restart();
        _lastOctetAt = now;
        ReadOnlySpan<byte> octets = chunk.Buffer.AsSpan(0, chunk.Count);
        while (_reader.TryRead(ref octets, out var frame))
        {
            LastFrameAt = now;
            _tally.FramesReceived++;
            Trace(sent: false, frame.Octets);
            take(frame);
        }

        _line.Taken(chunk);
        _tally.Heard(_reader);
    }

    /// <summary>Sends a frame, unless it is empty.</summary>
    public void Send(ReadOnlyMemory<byte> frame)
    {
        if (frame.IsEmpty)
            return;
        _tally.FramesSent++;
        _line.Send(frame);
        Trace(sent: true, frame.Span);
    }

    public void OnWriteEnded() => _line.OnWriteEnded();

    public void Close() => _line.Close();

    private void Trace(bool sent, ReadOnlySpan<byte> frame)
    {
        if (!Watchers.IsEmpty)
            Watchers.Tell(_time.Now(), _client.ToString(), sent, frame);
    }
}
