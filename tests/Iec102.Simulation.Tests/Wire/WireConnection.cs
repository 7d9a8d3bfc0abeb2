using Iec102.Lines;

namespace Iec102.Simulation.Tests;

/// <summary>The node's end of a wire, from opening to closing.</summary>
internal sealed class WireConnection(Life life, SimulatedWire wire) : ILine
{
    private readonly Queue<byte> _inbox = new();
    private TaskCompletionSource<int>? _reading;
    private Memory<byte> _into;
    private bool _isLost;
    private bool _isClosed;

    public TimeSpan CharacterTime => TimeSpan.Zero;

    /// <summary>The node that opened it.</summary>
    public Life Node => life;

    /// <summary>Checks what the node sends and hears against the rules of the link layer.</summary>
    public WireWatch Watch { get; } = new(wire.Address);

    /// <summary>Whether the connection is half open: octets that are written vanish, and none arrive any more.</summary>
    public bool IsDead { get; set; }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        if (_isClosed)
            throw new LineException("The line is closed.");
        if (_inbox.Count > 0)
            return new ValueTask<int>(Take(buffer));
        if (_isLost)
            return new ValueTask<int>(0);
        (_reading, _into) = (new TaskCompletionSource<int>(), buffer);
        return new ValueTask<int>(_reading.Task);
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken ct)
    {
        if (_isClosed || _isLost)
            throw new LineException("The line is lost.");
        wire.FromNode(this, octets.Span);
        if (!life.World.Chance.Is(0.02))
            return ValueTask.CompletedTask;
        // A buffer on the way is full, so the write must wait.
        var written = new TaskCompletionSource();
        life.After(life.World.Chance.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(50)), written.SetResult);
        return new ValueTask(written.Task);
    }

    public ValueTask DisposeAsync()
    {
        _isClosed = true;
        wire.Closed(this);
        var reading = _reading;
        _reading = null;
        if (reading is not null)
            life.Soon(() => reading.SetException(new LineException("The line is closed.")));
        return ValueTask.CompletedTask;
    }

    public void Deliver(byte[] octets)
    {
        if (_isClosed || _isLost || IsDead || life.IsOver)
            return;
        Watch.OnHeard(octets);
        life.World.Trace.Fold(octets);
        foreach (var octet in octets)
            _inbox.Enqueue(octet);
        if (_reading is { } reading)
            life.Soon(() => End(reading, Take(_into)));
    }

    public void Lose()
    {
        _isLost = true;
        if (_reading is { } reading)
            life.Soon(() => End(reading, 0));
    }

    /// <summary>Ends a read; of several causes, the first one counts.</summary>
    private void End(TaskCompletionSource<int> reading, int count)
    {
        if (_reading != reading)
            return;
        _reading = null;
        reading.SetResult(count);
    }

    private int Take(Memory<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _inbox.Count);
        for (var i = 0; i < count; i++)
            buffer.Span[i] = _inbox.Dequeue();
        return count;
    }
}
