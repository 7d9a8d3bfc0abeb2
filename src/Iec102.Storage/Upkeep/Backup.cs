using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Iec102.Storage.Files;
using NodaTime;
using NodaTime.Text;

namespace Iec102.Storage.Upkeep;

/// <summary>
/// A copy of a data directory in one file, a zip archive of journal.db, readings.db and manifest.json. It can be made while the server
/// runs. To restore it, unpack it into an empty directory with <see cref="Restore"/> or with any program that unpacks zip archives, and
/// start the server on that directory: it then reads from the meters what was recorded after the copy was made.
/// </summary>
public static class Backup
{
    private const string ManifestName = "manifest.json";
    private const string Partial = ".partial";
    private const int Format = 1;

    // The share of the progress for copying the databases, which takes about as long as packing them.
    private const double CopyShare = 0.5;

    private static readonly JsonSerializerOptions ManifestOptions = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private sealed record ManifestFile(string Name, long Length, string Sha256);

    private sealed record Manifest(int Format, string CreatedAt, IReadOnlyList<ManifestFile> Files);

    /// <summary>Writes the copy. An existing file of that name is replaced only when the copy is complete.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="file">The file to write.</param>
    /// <param name="now">The time of the copy, which is noted in the manifest.</param>
    /// <param name="progress">Receives the share that is done, from 0 to 1.</param>
    /// <param name="cancellation">Cancels the copy; nothing of it stays behind.</param>
    /// <exception cref="StorageException">The databases cannot be read, or the file cannot be written.</exception>
    /// <returns>What is noted in the directory, if this user may write there.</returns>
    public static LastBackup Write(
        DataDirectory directory, string file, Instant now, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var full = Path.GetFullPath(file);
        var copies = new[] { directory.JournalFile, directory.ReadingsFile }.Select(path => $"{full}.{Path.GetFileName(path)}{Partial}")
            .ToArray();
        var archive = full + Partial;
        try
        {
            StorageProblem.Explain(full, () =>
            {
                CopyBoth(directory, copies, progress, cancellation);
                Pack(archive, [(directory.JournalFile, copies[0]), (directory.ReadingsFile, copies[1])], now, progress, cancellation);
                File.Move(archive, full, overwrite: true);
                return full;
            });
            var made = new LastBackup(now, full, new FileInfo(full).Length);
            made.Note(directory);
            return made;
        }
        finally
        {
            Array.ForEach([.. copies, archive], DeleteIfThere);
        }
    }

    /// <summary>Unpacks a copy into a directory that holds no databases.</summary>
    /// <exception cref="StorageException">The file is not such a copy or is damaged, or the directory already holds databases.</exception>
    public static void Restore(string file, string directory)
    {
        if (!File.Exists(file))
            throw new StorageException($"There is no backup {file}.");
        try
        {
            StorageProblem.Explain(directory, () =>
            {
                using var archive = ZipFile.OpenRead(file);
                Unpack(archive, file, directory);
                return directory;
            });
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            throw new StorageException($"{file} is not a backup, or it is damaged.", e);
        }
    }

    private static void CopyBoth(DataDirectory directory, string[] copies, IProgress<double>? progress, CancellationToken cancellation)
    {
        // Files that an interrupted copy left behind would be opened as databases and copied over.
        Array.ForEach(copies, DeleteIfThere);
        using var pair = ConsistentPair.Open(directory);
        DatabaseCopy.Copy(pair.Journal, copies[0], done => progress?.Report(done * CopyShare / 2), cancellation);
        DatabaseCopy.Copy(pair.Readings, copies[1], done => progress?.Report((1 + done) * CopyShare / 2), cancellation);
    }

    private static void Pack(
        string archive, (string Named, string Copy)[] files, Instant now, IProgress<double>? progress, CancellationToken cancellation)
    {
        using var output = new FileStream(archive, FileMode.Create, FileAccess.Write);
        using (var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            var total = files.Sum(one => new FileInfo(one.Copy).Length);
            var packed = 0L;
            var entries = new List<ManifestFile>();
            foreach (var (named, copy) in files)
            {
                var name = Path.GetFileName(named);
                using var source = File.OpenRead(copy);
                using var target = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                var hash = CopyAndHash(source, target, octets =>
                {
                    cancellation.ThrowIfCancellationRequested();
                    packed += octets;
                    progress?.Report(CopyShare + (1 - CopyShare) * packed / total);
                });
                entries.Add(new ManifestFile(name, source.Length, hash));
            }
            using var manifest = zip.CreateEntry(ManifestName).Open();
            JsonSerializer.Serialize(manifest, new Manifest(Format, InstantPattern.General.Format(now), entries), ManifestOptions);
        }
        output.Flush(flushToDisk: true);
    }

    private static void Unpack(ZipArchive archive, string file, string directory)
    {
        var manifest = ReadManifest(archive, file);
        Directory.CreateDirectory(directory);
        var files = manifest.Files.Select(entry => (Entry: entry, Path: Path.Combine(directory, entry.Name))).ToList();
        foreach (var (entry, _) in files.Where(one => File.Exists(one.Path)))
            throw new StorageException($"{directory} already holds {entry.Name}: name an empty directory.");
        try
        {
            foreach (var (entry, path) in files)
                Unpack(archive, entry, path + Partial, file);
            // The files get their final names only when all of them are complete.
            foreach (var (_, path) in files)
                File.Move(path + Partial, path);
        }
        finally
        {
            files.ForEach(one => DeleteIfThere(one.Path + Partial));
        }
    }

    private static void Unpack(ZipArchive archive, ManifestFile entry, string path, string file)
    {
        using var source = archive.GetEntry(entry.Name)?.Open()
            ?? throw new StorageException($"{file} is damaged: {entry.Name} is missing.");
        using var target = new FileStream(path, FileMode.Create, FileAccess.Write);
        if (CopyAndHash(source, target, _ => { }) != entry.Sha256)
            throw new StorageException($"{file} is damaged: {entry.Name} differs from what was packed.");
        target.Flush(flushToDisk: true);
    }

    private static Manifest ReadManifest(ZipArchive archive, string file)
    {
        using var content = archive.GetEntry(ManifestName)?.Open();
        var manifest = content is null ? null : JsonSerializer.Deserialize<Manifest>(content, ManifestOptions);
        // A name that contains a directory would be written outside the given directory.
        if (manifest?.Files is not { } files || files.Any(one => one.Name is null || one.Name != Path.GetFileName(one.Name)))
            throw new StorageException($"{file} is not a backup of a data directory.");
        if (manifest.Format > Format)
            throw new StorageException($"{file} was written by a newer program: restore it with that one.");
        return manifest;
    }

    private static string CopyAndHash(Stream source, Stream target, Action<int> copied)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[128 * 1024];
        for (int read; (read = source.Read(buffer)) > 0; copied(read))
        {
            hash.AppendData(buffer, 0, read);
            target.Write(buffer, 0, read);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void DeleteIfThere(string file)
    {
        if (File.Exists(file))
            File.Delete(file);
    }
}
