using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Iec102.Lines.Serial;

/// <summary>
/// The C library calls that serial lines need, with the constants and layouts of Linux on x86-64 and arm64 (asm-generic).
/// </summary>
internal static unsafe partial class Libc
{
    // open
    public const int ReadWrite = 0x2, NoControllingTerminal = 0x100, NonBlocking = 0x800, CloseOnExec = 0x80000;

    // errno
    public const int EPERM = 1, ENOENT = 2, EINTR = 4, EIO = 5, ENXIO = 6, EAGAIN = 11, EACCES = 13, EBUSY = 16, ENODEV = 19,
        ENOTDIR = 20, EISDIR = 21, EINVAL = 22, ENOTTY = 25;

    // flock
    public const int LockExclusively = 2, LockWithoutWaiting = 4;

    // ioctl
    public const nuint TCGETS2 = 0x802C542A, TCSETS2 = 0x402C542B, TCFLSH = 0x540B, TIOCEXCL = 0x540C, TIOCNXCL = 0x540D,
        TIOCMGET = 0x5415, TIOCMBIS = 0x5416, TIOCMBIC = 0x5417, TIOCSRS485 = 0x542F;

    public const int FlushBothWays = 2, ModemDtr = 0x2, ModemRts = 0x4;

    // epoll and timerfd
    public const int EpollCloseOnExec = 0x80000, EpollAdd = 1, EpollModify = 3, MonotonicClock = 1;
    public const uint EpollIn = 0x1, EpollOut = 0x4, EpollError = 0x8, EpollHangUp = 0x10, EpollOneShot = 0x40000000;

    public static int LastError => Marshal.GetLastPInvokeError();

    public static string Message(int error) => Marshal.GetPInvokeErrorMessage(error);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle handle, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeFileHandle handle, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(SafeFileHandle handle, int operation);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(SafeFileHandle handle, nuint request, nint argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(SafeFileHandle handle, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    public static partial SafeFileHandle OpenPseudoTerminal(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    public static partial int GrantPseudoTerminal(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    public static partial int UnlockPseudoTerminal(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    public static partial int PseudoTerminalName(SafeFileHandle master, byte* name, nuint size);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial SafeFileHandle EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(SafeFileHandle epoll, int operation, SafeFileHandle handle, byte* what);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(SafeFileHandle epoll, byte* events, int count, int timeout);

    [LibraryImport("libc", EntryPoint = "timerfd_create", SetLastError = true)]
    public static partial SafeFileHandle TimerCreate(int clock, int flags);

    /// <param name="timer">descriptor of the timer</param>
    /// <param name="flags">0: the time counts from now</param>
    /// <param name="setting">
    /// four words: seconds and nanoseconds of the interval, then seconds and nanoseconds until the timer first expires
    /// </param>
    /// <param name="old">null: the previous setting is not needed</param>
    [LibraryImport("libc", EntryPoint = "timerfd_settime", SetLastError = true)]
    public static partial int TimerSet(SafeFileHandle timer, int flags, nint* setting, nint* old);
}
