using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Iec102.Lines.Serial;

/// <summary>
/// The one thread of the process that waits for all its serial lines at once (epoll), so that an idle line costs no thread.
/// It only reports which lines are ready; reading and writing are done elsewhere.
/// </summary>
internal sealed unsafe class DescriptorPoll
{
    private const int EventsAtOnce = 64;

    // struct epoll_event { uint32 events; uint64 data; } is packed on x86-64 only.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventSize = DataOffset + sizeof(ulong);

    private static readonly Lazy<DescriptorPoll> OfProcess = new(() => new DescriptorPoll());

    private readonly SafeFileHandle _epoll;
    private readonly ConcurrentDictionary<ulong, DescriptorWatch> _watches = new();
    private ulong _lastKey;

    private DescriptorPoll()
    {
        _epoll = Libc.EpollCreate(Libc.EpollCloseOnExec);
        if (_epoll.IsInvalid) throw new LineException($"Waiting for serial lines is not possible: {Libc.Message(Libc.LastError)}.");
        new Thread(Run) { IsBackground = true, Name = "serial lines" }.Start();
    }

    /// <summary>Begins to watch a descriptor; disposing the returned watch ends it.</summary>
    public static DescriptorWatch Watch(SafeFileHandle handle)
    {
        var poll = OfProcess.Value;
        // Unlike descriptors, keys are never reused, so a late event finds no watch rather than the wrong one.
        var key = Interlocked.Increment(ref poll._lastKey);
        var watch = new DescriptorWatch(poll, handle, key);
        poll.Control(Libc.EpollAdd, handle, key, 0);
        poll._watches[key] = watch;
        return watch;
    }

    /// <summary>Asks for one report as soon as one of the events occurs, which may be at once.</summary>
    public void Arm(SafeFileHandle handle, ulong key, uint events) => Control(Libc.EpollModify, handle, key, events);

    /// <summary>Forgets a watch. Closing its descriptor removes it from the epoll set.</summary>
    public void Forget(ulong key) => _watches.TryRemove(key, out _);

    private void Control(int operation, SafeFileHandle handle, ulong key, uint events)
    {
        var what = stackalloc byte[EventSize];
        *(uint*)what = events | Libc.EpollOneShot;
        *(ulong*)(what + DataOffset) = key;
        if (Libc.EpollControl(_epoll, operation, handle, what) < 0)
            throw new LineException($"Waiting for a serial line is not possible: {Libc.Message(Libc.LastError)}.");
    }

    private void Run()
    {
        var events = stackalloc byte[EventsAtOnce * EventSize];
        while (true)
        {
            // A negative count means that a signal interrupted the wait.
            var count = Libc.EpollWait(_epoll, events, EventsAtOnce, timeout: -1);
            for (var e = events; count > 0; count--, e += EventSize)
            {
                if (_watches.TryGetValue(*(ulong*)(e + DataOffset), out var watch)) watch.Report(*(uint*)e);
            }
        }
    }
}
