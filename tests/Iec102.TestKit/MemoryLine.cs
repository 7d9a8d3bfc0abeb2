using Iec102.Lines;

namespace Iec102.Testing;

/// <summary>
/// A line in memory: octets that are written reach the far end at once, and octets that the far end delivers arrive at once.
/// </summary>
/// <param name="farEnd">Receives the octets that are written to this line.</param>
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

    /// <summary>Whether the line was closed at this end.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>How many octets have arrived at this end and have not been read.</summary>
    public int Unread
    {
        get
        {
            lock (_gate)
                return _arrived.Sum(octets => octets.Length);
        }
    }

    /// <summary>Whether a write waits until <see cref="EndWrite"/> is called.</summary>
    public bool WritesWait { get; set; }

    /// <summary>Whether a second write was begun while another was still waiting.</summary>
    public bool WritesOverlapped { get; private set; }

    /// <summary>The error with which writing fails; null when it succeeds.</summary>
    public string? WriteFailure { get; set; }

    /// <summary>Called when the line is closed at this end.</summary>
    public Action Closed { get; init; } = () => { };

    /// <summary>Creates the two ends of one line.</summary>
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

    /// <summary>Ends the waiting write: its octets reach the far end.</summary>
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

    /// <summary>Lets octets arrive at this end.</summary>
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

    /// <summary>Plays a far end that closes the line: once the octets that have arrived are read, nothing more follows.</summary>
    public void Finish()
    {
        lock (_gate)
            _isFinished = true;
        EndReading(reading => reading.SetResult(0));
    }

    /// <summary>Loses the line: from now on reading fails with this error.</summary>
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

    // A task is completed outside the lock, because its reader continues there and then.
    private void EndReading(Action<TaskCompletionSource<int>> end)
    {
        TaskCompletionSource<int>? reading;
        lock (_gate)
            (reading, _reading) = (_reading, null);
        if (reading is not null)
            end(reading);
    }
}
