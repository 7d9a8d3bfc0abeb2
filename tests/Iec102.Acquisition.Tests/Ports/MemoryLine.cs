using Iec102.Lines;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>Opens lines to a <see cref="FarEnd"/> in memory, or fails as told.</summary>
internal sealed class MemoryLines(FarEnd farEnd) : ILineFactory
{
    private readonly List<TaskCompletionSource<ILine>> _pending = [];

    public FarEnd FarEnd => farEnd;

    public string Address => "memory://far-end";

    /// <summary>What opening fails with; null when it succeeds.</summary>
    public string? Refusal { get; set; }

    /// <summary>Opening does not end until <see cref="EndOpening"/>.</summary>
    public bool TakesForever { get; set; }

    /// <summary>When opening was tried, by the virtual clock.</summary>
    public List<TimeSpan> Attempts { get; } = [];

    public List<MemoryLine> Opened { get; } = [];

    public MemoryLine Current => Opened[^1];

    public ValueTask<ILine> OpenAsync(CancellationToken ct)
    {
        Attempts.Add(farEnd.Now);
        if (TakesForever)
        {
            var pending = new TaskCompletionSource<ILine>();
            _pending.Add(pending);
            return new ValueTask<ILine>(pending.Task);
        }

        return Refusal is { } refusal ? throw new LineException(refusal) : new ValueTask<ILine>(Open());
    }

    /// <summary>The attempt that was begun first ends with an open line.</summary>
    public MemoryLine EndOpening()
    {
        var line = Open();
        var first = _pending[0];
        _pending.RemoveAt(0);
        first.SetResult(line);
        return line;
    }

    private MemoryLine Open()
    {
        var line = new MemoryLine(farEnd);
        Opened.Add(line);
        return line;
    }
}

/// <summary>A line in memory. What is written reaches the far end at once; what the far end sends is delivered when it says so.</summary>
internal sealed class MemoryLine(FarEnd farEnd) : ILine
{
    private readonly Lock _gate = new();
    private readonly Queue<byte[]> _arrived = new();
    private TaskCompletionSource<int>? _reading;
    private Memory<byte> _buffer;
    private TaskCompletionSource? _writing;
    private string? _end;

    public TimeSpan CharacterTime => TimeSpan.Zero;

    public bool IsClosed { get; private set; }

    /// <summary>Writes end only with <see cref="EndWrite"/>.</summary>
    public bool WritesWait { get; set; }

    /// <summary>A second write was begun while one was pending.</summary>
    public bool WritesOverlapped { get; private set; }

    public string? WriteFailure { get; set; }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        lock (_gate)
        {
            if (_arrived.TryDequeue(out var octets))
            {
                octets.CopyTo(buffer);
                return new ValueTask<int>(octets.Length);
            }

            if (_end is { } end)
                throw new LineException(end);
            _buffer = buffer;
            _reading = new TaskCompletionSource<int>();
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
            farEnd.Receive(this, octets.Span);
            return ValueTask.CompletedTask;
        }

        _writing = new TaskCompletionSource();
        return new ValueTask(FinishAsync(octets));
    }

    private async Task FinishAsync(ReadOnlyMemory<byte> octets)
    {
        await _writing!.Task;
        farEnd.Receive(this, octets.Span);
    }

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
        return ValueTask.CompletedTask;
    }

    /// <summary>Octets arrive.</summary>
    public void Deliver(byte[] octets)
    {
        TaskCompletionSource<int> reading;
        lock (_gate)
        {
            if (_end is not null)
                return;
            if (_reading is null)
            {
                _arrived.Enqueue(octets);
                return;
            }

            octets.CopyTo(_buffer);
            reading = _reading;
            _reading = null;
        }

        reading.SetResult(octets.Length);
    }

    /// <summary>The line is lost.</summary>
    public void Fail(string error)
    {
        TaskCompletionSource<int>? reading;
        lock (_gate)
        {
            _end ??= error;
            reading = _reading;
            _reading = null;
        }

        reading?.SetException(new LineException(error));
    }
}
