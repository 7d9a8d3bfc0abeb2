using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Iec102.Hocon;

/// <summary>
/// Brings the names of the files in a folder to the disk. Without that, a file that was brought to the disk and then given its name may
/// have its former one after a power failure.
/// </summary>
public static partial class FolderNames
{
    // O_CLOEXEC
    private const int CloseOnExec = 0x80000;

    /// <summary>Waits until the names are on the disk. Only Linux needs to be asked, and a folder that may not be read cannot be.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">The disk does not take them.</exception>
    public static void ToDisk(string folder)
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var handle = Open(folder, CloseOnExec);
        if (!handle.IsInvalid)
            RandomAccess.FlushToDisk(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);
}
