using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Iec102.Hocon;

/// <summary>
/// Reads files that somebody has named: only regular ones, and none that is too long. A named pipe would have to be waited for, and a
/// device such as /dev/zero never ends.
/// </summary>
public static partial class RegularFile
{
    // O_NONBLOCK | O_CLOEXEC: opening a pipe does not wait for a writer.
    private const int LinuxFlags = 0x800 | 0x80000;
    private const int MacFlags = 0x4 | 0x1000000;

    /// <summary>The octets of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">How many octets it may have.</param>
    /// <exception cref="IOException">The file cannot be read, is not a regular file, or is too long; the message is a sentence.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static byte[] Read(string path, int most)
    {
        if (Directory.Exists(path))
            throw new IOException("it is a folder.");
        using var file = new FileStream(Open(path), FileAccess.Read, bufferSize: 0);
        if (!file.CanSeek)
            throw new IOException("it is not a regular file.");
        if (file.Length > most)
            throw new IOException($"it has {file.Length} octets, and {most} are allowed.");
        var octets = new byte[file.Length];
        file.ReadExactly(octets);
        // A device has the length 0.
        if (file.ReadByte() >= 0)
            throw new IOException(octets.Length == 0 ? "it is not a regular file." : "it was changed while it was read.");
        return octets;
    }

    private static SafeFileHandle Open(string path)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
            return File.OpenHandle(path);
        var descriptor = OpenAtOnce(path, OperatingSystem.IsLinux() ? LinuxFlags : MacFlags);
        // What fails here fails there too, and there the exception says why.
        return descriptor < 0 ? File.OpenHandle(path) : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenAtOnce(string path, int flags);
}
