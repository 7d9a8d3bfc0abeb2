using Iec102.Lines;

namespace Iec102.Testing;

/// <summary>
/// A line in memory, without a medium: what is written reaches the far end at once, and what the far end delivers arrives at once.
/// </summary>
/// <param name="farEnd">What receives the octets that are written here.</param>
public sealed class MemoryLine(Action<MemoryLine, ReadOnlyMemory<byte>> farEnd) : ILine
{
    private readonly Lock _gate = new();
    private readonly LinkedList<ReadOnlyMemory<byte>> _arrived = new();
    private Memory<byte> _buffer;
    private TaskCompletionSource<int>? _reading;
    private TaskCompletionSource? _writing;
    private string? _loss;
    private bool _isFinished;

    public TimeSpan CharacterTime => TimeSpan.Zero;

    /// <summary>It was closed here.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Writes end only with <see cref="EndWrite"/>.</summary>
    public bool WritesWait { get; set; }

    /// <summary>A second write was begun while one was pending.</summary>
    public bool WritesOverlapped { get; private set; }

    /// <summary>Why writing fails; null when it does not.</summary>
    public string? WriteFailure { get; set; }

    /// <summary>What happens when it is closed here.</summary>
    public Action Closed { get; init; } = () => { };

    /// <summary>Two ends of one line.</summary>
    public static (MemoryLine Near, MemoryLine Far) Pair()
    {
        MemoryLine far = null!;
        var near = new MemoryLine((_, octets) => far.Deliver(octets.ToArray())) { Closed = () => far.Finish() };
        far = new MemoryLine((_, octets) => near.Deliver(octets.ToArray())) { Closed = near.Finish };
        return (near, far);
    }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        lock (_gate)
        {
            if (_arrived.Count > 0)
                return new ValueTask<int>(TakeInto(buffer));
            if (_loss is { } loss)
                throw new LineException(loss);
            if (_isFinished)
                return new ValueTask<int>(0);
            _buffer = buffer;
            _reading = new TaskCompletionSource<int>();
            ct.Register(() => EndReading(reading => reading.SetCanceled(ct)));
            return new ValueTask<int>(_reading.Task);
        }
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken ct)
    {
        if (WriteFailure is { } failure)
            throw new LineException(failure);
        WritesOverlapped |= _writing is not null;
        if (!WritesWait)
        {
            farEnd(this, octets);
            return ValueTask.CompletedTask;
        }

        _writing = new TaskCompletionSource();
        return new ValueTask(FinishAsync(octets));
    }

    /// <summary>The write that waits ends, and what it writes is received.</summary>
    public void EndWrite()
    {
        var writing = _writing!;
        _writing = null;
        writing.SetResult();
    }

    public ValueTask DisposeAsync()
    {
        IsClosed = true;
        Fail("The line was closed here.");
        Closed();
        return ValueTask.CompletedTask;
    }

    /// <summary>Octets arrive here.</summary>
    public void Deliver(ReadOnlyMemory<byte> octets)
    {
        lock (_gate)
        {
            if (_loss is not null || _isFinished || octets.IsEmpty)
                return;
            _arrived.AddLast(octets);
            if (_reading is null)
                return;
        }

        EndReading(reading => reading.SetResult(TakeInto(_buffer)));
    }

    /// <summary>The far end has closed the line: after what has arrived, nothing more can be read.</summary>
    public void Finish()
    {
        lock (_gate)
            _isFinished = true;
        EndReading(reading => reading.SetResult(0));
    }

    /// <summary>The line is lost.</summary>
    public void Fail(string error)
    {
        lock (_gate)
            _loss ??= error;
        EndReading(reading => reading.SetException(new LineException(error)));
    }

    private async Task FinishAsync(ReadOnlyMemory<byte> octets)
    {
        await _writing!.Task;
        farEnd(this, octets);
    }

    private int TakeInto(Memory<byte> buffer)
    {
        lock (_gate)
        {
            var octets = _arrived.First!.Value;
            _arrived.RemoveFirst();
            var count = Math.Min(octets.Length, buffer.Length);
            octets[..count].CopyTo(buffer);
            if (count < octets.Length)
                _arrived.AddFirst(octets[count..]);
            return count;
        }
    }

    // Whoever reads goes on outside the lock.
    private void EndReading(Action<TaskCompletionSource<int>> end)
    {
        TaskCompletionSource<int>? reading;
        lock (_gate)
            (reading, _reading) = (_reading, null);
        if (reading is not null)
            end(reading);
    }
}
