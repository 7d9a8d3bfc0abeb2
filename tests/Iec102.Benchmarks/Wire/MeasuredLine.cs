using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Iec102.Lines;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Simulator.Meters;

namespace Iec102.Benchmarks.Wire;

/// <summary>What the master sent after an answer.</summary>
internal enum RequestKind
{
    /// <summary>A poll for the next answer of a series.</summary>
    Poll,

    /// <summary>A request for a range of a curve: the previous range has been stored before it.</summary>
    Chunk,

    /// <summary>Anything else: link start-up, login, clock, current values.</summary>
    Other,
}

/// <summary>How long the master left the wire idle, in microseconds.</summary>
internal readonly record struct DeadTime(RequestKind Kind, long At, double Microseconds);

/// <summary>
/// A meter behind a TCP port with its own thread, which does nothing but wait for octets. The master's dead time is measured at the socket:
/// from just before the answer, its last octet included, is handed to the system until the next octets have been received. The figure
/// includes waking up this thread.
/// </summary>
internal sealed class MeasuredLine : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly LinkSlave _slave;
    private readonly LineFormat? _speed;
    private readonly Thread _thread;
    private readonly List<DeadTime> _deadTimes = [];
    private readonly Lock _lock = new();
    private Socket? _connection;
    private volatile bool _disposed;
    private long _firstOctetsAt;

    /// <param name="meter">The meter.</param>
    /// <param name="speed">The wire whose pace the answers keep; null to answer at once.</param>
    public MeasuredLine(SimulatedMeter meter, LineFormat? speed)
    {
        Meter = meter;
        _slave = new LinkSlave(meter.Options.LinkAddress, meter);
        _speed = speed;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _thread = new Thread(Serve, maxStackSize: 256 * 1024) { IsBackground = true, Name = meter.Options.Id };
        _thread.Start();
    }

    public SimulatedMeter Meter { get; }

    public int Port { get; }

    /// <summary>When the first octets arrived, as a timestamp; 0 until then.</summary>
    public long FirstOctetsAt => Volatile.Read(ref _firstOctetsAt);

    /// <summary>Returns and removes what was measured since the last call.</summary>
    public IReadOnlyList<DeadTime> Take()
    {
        lock (_lock)
        {
            DeadTime[] taken = [.. _deadTimes];
            _deadTimes.Clear();
            return taken;
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _listener.Dispose();
        _connection?.Dispose();
        _thread.Join();
    }

    private void Serve()
    {
        while (!_disposed)
        {
            try
            {
                using var connection = _connection = _listener.Accept();
                connection.NoDelay = true;
                Serve(connection);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // The master has disconnected, or this line was disposed.
            }
        }
    }

    private void Serve(Socket connection)
    {
        var reader = new FrameReader();
        var buffer = new byte[1024];
        var answeredAt = 0L;
        while (connection.Receive(buffer) is var count and > 0)
        {
            var receivedAt = Stopwatch.GetTimestamp();
            if (_firstOctetsAt == 0)
                Volatile.Write(ref _firstOctetsAt, receivedAt);
            ReadOnlySpan<byte> octets = buffer.AsSpan(0, count);
            while (reader.TryRead(ref octets, out var frame))
            {
                if (answeredAt != 0)
                    Note(KindOf(frame), answeredAt, receivedAt);
                answeredAt = 0;
                var requestLength = frame.Octets.Length;
                var answer = _slave.OnFrame(frame);
                if (answer.IsEmpty)
                    continue;
                PassWire(requestLength + answer.Length, receivedAt);
                answeredAt = Stopwatch.GetTimestamp();
                connection.Send(answer.Span);
            }
        }
    }

    private void Note(RequestKind kind, long answeredAt, long receivedAt)
    {
        lock (_lock)
            _deadTimes.Add(new DeadTime(kind, receivedAt, Stopwatch.GetElapsedTime(answeredAt, receivedAt).TotalMicroseconds));
    }

    private void PassWire(int octets, long receivedAt)
    {
        if (_speed is not { } speed)
            return;
        var wireTime = TimeSpan.FromSeconds((double)octets * speed.BitsPerCharacter / speed.Baud);
        var rest = wireTime - Stopwatch.GetElapsedTime(receivedAt);
        if (rest > TimeSpan.Zero)
            Thread.Sleep(rest);
    }

    private static RequestKind KindOf(in Frame frame) =>
        frame.Control.Primary is PrimaryFunction.RequestClass2 ? RequestKind.Poll
        : AsksForRange(frame) ? RequestKind.Chunk
        : RequestKind.Other;

    private static bool AsksForRange(in Frame frame) => !frame.Asdu.IsEmpty
        && (TypeIdentification)frame.Asdu[0] is TypeIdentification.ReadIncrementalTotals or TypeIdentification.ReadIncrementalTotalBlocks;
}
