using System.Net;
using System.Text;
using Iec102.Lines;
using Iec102.Lines.Tcp;
using Iec102.Protocol.Link;

namespace Iec102.Simulator.Hosting;

/// <summary>
/// Records who talked to which line and when, as the far end saw it. Each line of the file is a time in UTC, the id of the line, address
/// and port of the program that connected, and what happened: <c>opened</c>, <c>frame</c> (a valid frame came from it) or <c>closed</c>.
/// </summary>
internal sealed class TalkRecord(string path, TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();

    // Without a buffer every line is one write, so a simulator that is killed leaves whole lines.
    private readonly FileStream _file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <summary>Records that a connection was opened; returns it as a line that records its frames and its end.</summary>
    public ILine Opened(string line, TcpLine connection)
    {
        Write(line, connection.FarEnd, "opened");
        return new RecordedLine(this, line, connection);
    }

    public void Dispose() => _file.Dispose();

    private void Write(string line, IPEndPoint farEnd, string what)
    {
        lock (_lock)
            _file.Write(Encoding.UTF8.GetBytes($"{time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {line} {farEnd} {what}\n"));
    }

    private sealed class RecordedLine(TalkRecord record, string id, TcpLine connection) : ILine
    {
        private readonly FrameReader _reader = new();

        public TimeSpan CharacterTime => connection.CharacterTime;

        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
        {
            var count = await connection.ReadAsync(buffer, ct);
            ReadOnlySpan<byte> octets = buffer.Span[..count];
            while (_reader.TryRead(ref octets, out _))
                record.Write(id, connection.FarEnd, "frame");
            return count;
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken ct) => connection.WriteAsync(octets, ct);

        public async ValueTask DisposeAsync()
        {
            await connection.DisposeAsync();
            record.Write(id, connection.FarEnd, "closed");
        }
    }
}
