using Iec102.Lines;
using Iec102.Testing;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>Opens lines to a <see cref="FarEnd"/> in memory, or fails to when a test wants that.</summary>
internal sealed class MemoryLines(FarEnd farEnd) : ILineFactory
{
    private readonly List<TaskCompletionSource<ILine>> _pending = [];

    public FarEnd FarEnd => farEnd;

    public string Address => "memory://far-end";

    /// <summary>The error with which opening fails; null when it succeeds.</summary>
    public string? Refusal { get; set; }

    /// <summary>Whether opening a line waits until <see cref="EndOpening"/> is called.</summary>
    public bool TakesForever { get; set; }

    /// <summary>What the far end does as soon as a line is open.</summary>
    public Action<MemoryLine> Greeting { get; set; } = _ => { };

    /// <summary>When each attempt to open a line was made, in virtual time.</summary>
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

    /// <summary>Ends the oldest waiting attempt with an open line.</summary>
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
        var line = new MemoryLine((line, octets) => farEnd.Receive(line, octets.Span));
        Opened.Add(line);
        Greeting(line);
        return line;
    }
}
