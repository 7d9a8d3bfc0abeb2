using System.Runtime.InteropServices;

namespace Iec102.Server.Hosting;

/// <summary>
/// Every file and directory that this program makes, whichever library makes it, is for its own user only: databases, logs, backups,
/// exports and fleet files hold passwords or what people consume.
/// </summary>
internal static partial class PrivateFiles
{
    // What group and others may do (octal 077).
    private const uint GroupAndOthers = 63;

    /// <summary>Takes the permissions of all others from the files that this process will make.</summary>
    public static void Begin()
    {
        if (!OperatingSystem.IsWindows())
            _ = SetMask(SetMask(GroupAndOthers) | GroupAndOthers);
    }

    /// <summary>Whether every user of this computer may read a file.</summary>
    public static bool IsReadByAll(string file) =>
        !OperatingSystem.IsWindows() && File.Exists(file) && (File.GetUnixFileMode(file) & UnixFileMode.OtherRead) != 0;

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetMask(uint mask);
}
