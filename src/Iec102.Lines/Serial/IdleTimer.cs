using Microsoft.Win32.SafeHandles;

namespace Iec102.Lines;

/// <summary>
/// Waits for parts of a millisecond without holding a thread (timerfd). The timers of .NET take up to twice as long for the 3.4 ms that are
/// 33 bits at 9600 baud, and that before every frame.
/// </summary>
internal sealed unsafe class IdleTimer : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly DescriptorWatch _watch;

    public IdleTimer()
    {
        _handle = Libc.TimerCreate(Libc.MonotonicClock, Libc.NonBlocking | Libc.CloseOnExec);
        if (_handle.IsInvalid) throw new LineException($"A timer for the idle time before a frame cannot be had: {Libc.Message(Libc.LastError)}.");
        _watch = DescriptorPoll.Watch(_handle);
    }

    /// <summary>Waits; one wait at a time. Setting the timer anew takes back the expiry of a wait that was cancelled.</summary>
    public Task WaitAsync(TimeSpan time, CancellationToken ct)
    {
        var setting = stackalloc nint[4] { 0, 0, (nint)(time.Ticks / TimeSpan.TicksPerSecond), (nint)(time.Ticks % TimeSpan.TicksPerSecond * 100) };
        if (Libc.TimerSet(_handle, 0, setting, null) < 0) throw new LineException($"The idle time before a frame cannot be kept: {Libc.Message(Libc.LastError)}.");
        return _watch.ReadableAsync(ct);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watch.Dispose();
        _handle.Dispose();
    }
}
