using System.Threading.Channels;
using Iec102.Lines;

namespace Iec102.Simulator.Tests;

/// <summary>Two ends of a line without any medium between them.</summary>
internal sealed class MemoryLine : ILine
{
    private readonly Channel<byte[]> _in = Channel.CreateUnbounded<byte[]>();
    private MemoryLine? _far;
    private byte[] _rest = [];

    public TimeSpan CharacterTime => TimeSpan.Zero;

    public static (MemoryLine Master, MemoryLine Meter) Pair()
    {
        var (master, meter) = (new MemoryLine(), new MemoryLine());
        (master._far, meter._far) = (meter, master);
        return (master, meter);
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        if (_rest.Length == 0)
        {
            if (!await _in.Reader.WaitToReadAsync(ct))
                return 0;
            _in.Reader.TryRead(out _rest!);
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest.AsMemory(0, count).CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken ct)
    {
        _far!._in.Writer.TryWrite(octets.ToArray());
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends the line: nothing more will be written at this end.</summary>
    public void Finish() => _far!._in.Writer.TryComplete();

    public ValueTask DisposeAsync()
    {
        Finish();
        _in.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}
