using System.Runtime.InteropServices;

namespace Iec102.Server.Hosting;

/// <summary>
/// This computer's own clock: whether the system considers it synchronised. A meter must not be set by a clock that is itself wrong.
/// </summary>
internal static partial class HostClock
{
    // adjtimex(2): its return value for a clock that is not synchronised, and room for struct timex (208 octets on 64-bit Linux).
    private const int TimeError = 5;
    private const int TimexLength = 256;

    /// <summary>Whether the kernel considers the clock synchronised; null where the kernel cannot be asked.</summary>
    public static bool? IsSynchronised()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        // With all octets zero the call only reads the state and sets nothing.
        var state = ReadState(new byte[TimexLength]);
        return state < 0 ? null : state != TimeError;
    }

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    private static partial int ReadState(byte[] timex);
}
