using Microsoft.Win32.SafeHandles;

namespace Iec102.Lines.Serial;

/// <summary>
/// Lets one reader and one writer wait until a descriptor is ready or broken. A broken one ends the wait too; the next call on it reports
/// the error.
/// </summary>
internal sealed class DescriptorWatch(DescriptorPoll poll, SafeFileHandle handle, ulong key) : IDisposable
{
    private const uint Broken = Libc.EpollError | Libc.EpollHangUp;

    private readonly Lock _gate = new();
    private TaskCompletionSource? _reader, _writer;
    private bool _disposed;

    /// <summary>Waits until a read would not block.</summary>
    /// <exception cref="ObjectDisposedException">the watch was disposed before or during the wait</exception>
    public Task ReadableAsync(CancellationToken ct) => WaitAsync(ref _reader, ct);

    /// <summary>Waits until a write would not block.</summary>
    /// <exception cref="ObjectDisposedException">the watch was disposed before or during the wait</exception>
    public Task WritableAsync(CancellationToken ct) => WaitAsync(ref _writer, ct);

    /// <summary>Takes the events that the poll has reported.</summary>
    public void Report(uint events)
    {
        lock (_gate)
        {
            if (_disposed) return;
            if ((events & (Libc.EpollIn | Broken)) != 0) Release(ref _reader);
            if ((events & (Libc.EpollOut | Broken)) != 0) Release(ref _writer);
            Arm();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        poll.Forget(key);
        lock (_gate)
        {
            _disposed = true;
            _reader?.TrySetException(Closed());
            _writer?.TrySetException(Closed());
        }
    }

    private Task WaitAsync(ref TaskCompletionSource? waiter, CancellationToken ct)
    {
        // The continuation must not run on the thread that serves all lines.
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_disposed) throw Closed();
            if (IsWaiting(waiter)) throw new InvalidOperationException("A line takes one read and one write at a time.");
            waiter = ready;
            Arm();
        }
        return ct.CanBeCanceled ? Cancellable(ready, ct) : ready.Task;
    }

    private static async Task Cancellable(TaskCompletionSource ready, CancellationToken ct)
    {
        using var registration = ct.UnsafeRegister(static (waiter, token) => ((TaskCompletionSource)waiter!).TrySetCanceled(token), ready);
        await ready.Task;
    }

    private void Arm()
    {
        var events = (IsWaiting(_reader) ? Libc.EpollIn : 0) | (IsWaiting(_writer) ? Libc.EpollOut : 0);
        if (events != 0) poll.Arm(handle, key, events);
    }

    private static bool IsWaiting(TaskCompletionSource? waiter) => waiter is { Task.IsCompleted: false };

    private static void Release(ref TaskCompletionSource? waiter)
    {
        waiter?.TrySetResult();
        waiter = null;
    }

    private static ObjectDisposedException Closed() => new(nameof(DescriptorWatch));
}
