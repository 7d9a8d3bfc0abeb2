using System.Security.Cryptography;
using Iec102.Fleet;
using Iec102.Hocon;
using Iec102.Storage.Exports;
using Iec102.Storage.Schema;
using Iec102.Storage.Writing;

namespace Iec102.Server.Deliveries;

/// <summary>
/// The folder of a delivery. Others fetch files from it at any moment, so a file is written under a name that begins with a dot, and gets
/// its own name when it is whole and on the disk. A file that is there is never overwritten.
/// </summary>
/// <param name="delivery">The delivery.</param>
/// <param name="node">The node that writes; null when the server is alone.</param>
internal sealed class DeliveryFolder(DeliveryConfiguration delivery, string? node)
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Unlike all other files of the server, deliveries are for others: for those of the group of the folder.</summary>
    private const UnixFileMode ForGroup = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    private readonly string _ending = node is null ? ".part" : $".{node}.part";

    /// <summary>The name under which this node writes a file.</summary>
    public string PartOf(string file) => $".{file}{_ending}";

    /// <summary>Whether there is such a file.</summary>
    public bool Has(string file) => File.Exists(PathOf(file));

    /// <summary>Whether there is such a file with these contents.</summary>
    public bool Has(string file, string sha256)
    {
        if (!Has(file))
            return false;
        using var octets = File.OpenRead(PathOf(file));
        return Convert.ToHexStringLower(SHA256.HashData(octets)) == sha256;
    }

    /// <summary>Deletes a file, if it is there.</summary>
    public void Delete(string file) => File.Delete(PathOf(file));

    /// <summary>Gives a part its own name, which must be free, and brings that to the disk.</summary>
    public void Rename(string part, string file)
    {
        File.Move(PathOf(part), PathOf(file), overwrite: false);
        FolderNames.ToDisk(delivery.Folder);
    }

    /// <summary>Deletes what this node began to write before it was killed.</summary>
    /// <param name="known">What is known of the files of all deliveries: whole parts wait there for their names.</param>
    public void RemoveStaleParts(IEnumerable<DeliveredFile> known)
    {
        if (!Directory.Exists(delivery.Folder))
            return;
        var waiting = known.Select(file => file.Part).ToHashSet(StringComparer.Ordinal);
        foreach (var part in Directory.GetFiles(delivery.Folder, $".{delivery.Name}_*{_ending}").Select(file => Path.GetFileName(file)))
        {
            // What ends otherwise is another node's.
            if (!waiting.Contains(part) && (part.EndsWith($".csv{_ending}", StringComparison.Ordinal)
                || part.EndsWith($".json{_ending}", StringComparison.Ordinal)))
            {
                Delete(part);
            }
        }
    }

    /// <summary>Writes a part and brings it to the disk; returns its SHA-256 and how many intervals it has.</summary>
    public async Task<(string Sha256, long Intervals)> WriteAsync(string part, IEnumerable<ProfileSeries> series, CancellationToken ct)
    {
        Make(delivery.Folder);
        var intervals = 0L;
        using var hash = SHA256.Create();
        var file = new FileStream(PathOf(part), FileMode.Create, FileAccess.Write, FileShare.Read, BufferSize);
        await using (file)
        {
            var hashed = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true);
            await using (hashed)
            {
                var counted = series.Select(one => one with { Intervals = one.Intervals.Select(Count) });
                await (delivery.Format == DeliveryFormat.Csv
                    ? ProfileCsv.WriteAsync(hashed, counted, cancellation: ct)
                    : ProfileJson.WriteAllAsync(hashed, counted, ct));
            }

            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file.SafeFileHandle, ForGroup);
            file.Flush(flushToDisk: true);
        }

        return (Convert.ToHexStringLower(hash.Hash!), intervals);

        StoredInterval Count(StoredInterval interval)
        {
            intervals++;
            return interval;
        }
    }

    /// <summary>Explains in one sentence why a file could not be written; null for what has nothing to do with the folder.</summary>
    public string? Describe(Exception problem) => problem switch
    {
        UnauthorizedAccessException => $"{delivery.Folder} is not writable: give the user of the server write permission to it.",
        // ENOSPC on Unix, ERROR_DISK_FULL on Windows.
        IOException e when (e.HResult & 0xFFFF) is 28 or 112 => $"No space is left on the disk of {delivery.Folder}: free some.",
        IOException e => $"{delivery.Folder} cannot be used ({e.Message.TrimEnd('.')}): correct the folder of this delivery.",
        _ => null,
    };

    private static void Make(string folder)
    {
        if (Directory.Exists(folder))
            return;
        var made = Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
            made.UnixFileMode = ForGroup | UnixFileMode.UserExecute | UnixFileMode.GroupExecute;
    }

    private string PathOf(string file) => Path.Combine(delivery.Folder, file);
}
