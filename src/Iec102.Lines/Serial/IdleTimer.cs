using Microsoft.Win32.SafeHandles;

namespace Iec102.Lines.Serial;

/// <summary>
/// Waits for fractions of a millisecond without holding a thread (timerfd). The timers of .NET can take twice the 3.4 ms that 33 bits last
/// at 9600 baud, and the wait precedes every frame.
/// </summary>
internal sealed unsafe class IdleTimer : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly DescriptorWatch _watch;

    public IdleTimer()
    {
        _handle = Libc.TimerCreate(Libc.MonotonicClock, Libc.NonBlocking | Libc.CloseOnExec);
        if (_handle.IsInvalid)
            throw new LineException($"No timer is available for the idle time before a frame: {Libc.Message(Libc.LastError)}.");
        _watch = DescriptorPoll.Watch(_handle);
    }

    /// <summary>Waits; only one wait may be pending. Setting the timer again discards the expiry of a wait that was cancelled.</summary>
    public Task WaitAsync(TimeSpan time, CancellationToken ct)
    {
        var setting =
            stackalloc nint[4] { 0, 0, (nint)(time.Ticks / TimeSpan.TicksPerSecond), (nint)(time.Ticks % TimeSpan.TicksPerSecond * 100) };
        if (Libc.TimerSet(_handle, 0, setting, null) < 0)
            throw new LineException($"The idle time before a frame cannot be kept: {Libc.Message(Libc.LastError)}.");
        return _watch.ReadableAsync(ct);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watch.Dispose();
        _handle.Dispose();
    }
}
