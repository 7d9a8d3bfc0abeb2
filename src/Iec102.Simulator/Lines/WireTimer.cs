namespace Iec102.Simulator.Lines;

/// <summary>
/// Waits for times of a clock, to about a millisecond and for any number of lines. On the system's clock one thread sleeps until the
/// earliest moment, because the system's timers are too coarse for frames of six octets; on any other clock that clock's own timers are
/// used.
/// </summary>
public sealed class WireTimer : IDisposable
{
    private readonly PriorityQueue<TaskCompletionSource, TimeSpan> _waiting = new();
    private readonly long _start;
    private readonly Thread? _thread;
    private bool _disposed;

    /// <summary>Makes a timer on a clock.</summary>
    public WireTimer(TimeProvider time)
    {
        Time = time;
        _start = time.GetTimestamp();
        if (time != TimeProvider.System)
            return;
        _thread = new Thread(Run) { IsBackground = true, Name = "wire timer" };
        _thread.Start();
    }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>The time since this timer was made.</summary>
    public TimeSpan Now => Time.GetElapsedTime(_start);

    /// <summary>Completes when <see cref="Now"/> has reached the given time.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled, or the timer was disposed.</exception>
    public async Task WaitUntilAsync(TimeSpan moment, CancellationToken ct)
    {
        var rest = moment - Now;
        if (rest <= TimeSpan.Zero)
            return;
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = ct.Register(() => source.TrySetCanceled(ct));
        if (_thread is null)
        {
            await using var timer = Time.CreateTimer(_ => source.TrySetResult(), null, rest, Timeout.InfiniteTimeSpan);
            await source.Task;
            return;
        }

        lock (_waiting)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _waiting.Enqueue(source, moment);
            if (_waiting.Peek() == source)
                Monitor.Pulse(_waiting);
        }

        await source.Task;
    }

    /// <summary>Ends every wait.</summary>
    public void Dispose()
    {
        lock (_waiting)
        {
            _disposed = true;
            while (_waiting.TryDequeue(out var source, out _))
                source.TrySetCanceled();
            Monitor.Pulse(_waiting);
        }

        _thread?.Join();
    }

    private void Run()
    {
        lock (_waiting)
        {
            while (!_disposed)
            {
                if (!_waiting.TryPeek(out var source, out var moment))
                {
                    Monitor.Wait(_waiting);
                    continue;
                }

                var rest = moment - Now;
                if (rest > TimeSpan.Zero)
                {
                    Monitor.Wait(_waiting, (int)Math.Min(Math.Ceiling(rest.TotalMilliseconds), int.MaxValue));
                    continue;
                }

                _waiting.Dequeue();
                source.TrySetResult();
            }
        }
    }
}
