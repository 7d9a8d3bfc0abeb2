using System.Runtime.InteropServices;

namespace Iec102.Hocon;

/// <summary>
/// Replaces a file by another with the same name, owner and permissions, so that whoever reads it finds either the old one or the new one
/// whole, also after a power failure. A symbolic link stays, and the file that it leads to is replaced.
/// </summary>
public static partial class FileReplacement
{
    private const int RelativeToHere = -100;
    private const uint Basics = 0x7ff;
    private const int OwnerAt = 20;

    /// <summary>Replaces a file.</summary>
    /// <param name="path">The file, which exists.</param>
    /// <param name="octets">What it is to hold.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it, or may not give it to its owner.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> octets)
    {
        var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        var fresh = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}");
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(fresh, options))
            {
                file.Write(octets);
                file.Flush(flushToDisk: true);
            }

            if (!OperatingSystem.IsWindows())
            {
                KeepOwner(target, fresh);
                File.SetUnixFileMode(fresh, File.GetUnixFileMode(target));
            }

            File.Move(fresh, target, overwrite: true);
            FolderNames.ToDisk(Path.GetDirectoryName(target)!);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }
    }

    private static void KeepOwner(string old, string fresh)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var (user, group) = OwnerOf(old);
        if (OwnerOf(fresh) != (user, group) && ChangeOwner(fresh, user, group) != 0)
            throw new UnauthorizedAccessException(
                $"The file '{old}' belongs to another user or group than that of the server, which cannot keep that.");
    }

    private static (uint User, uint Group) OwnerOf(string path)
    {
        // struct statx is laid out alike on every processor: the owner's two numbers are its octets 20 to 27.
        var status = new byte[256];
        if (Statx(RelativeToHere, path, 0, Basics, status) != 0)
            throw new IOException($"The owner of '{path}' cannot be found out.");
        return (BitConverter.ToUInt32(status, OwnerAt), BitConverter.ToUInt32(status, OwnerAt + sizeof(uint)));
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, byte[] status);

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
