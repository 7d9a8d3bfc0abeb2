using Microsoft.Data.Sqlite;

namespace Iec102.Storage;

/// <summary>The directory that holds everything a server stores: journal.db (the journal's alone), readings.db (the writer's alone) and a lock file.</summary>
public sealed class DataDirectory
{
    private const string LockName = "server.lock";

    private DataDirectory(string path) => Path = System.IO.Path.GetFullPath(path);

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>The database of the journal plug-in.</summary>
    public string JournalFile => System.IO.Path.Combine(Path, "journal.db");

    /// <summary>The queryable tables.</summary>
    public string ReadingsFile => System.IO.Path.Combine(Path, "readings.db");

    /// <summary>What the journal and snapshot plug-ins are configured with.</summary>
    public string JournalConnectionString => new SqliteConnectionStringBuilder { DataSource = JournalFile }.ConnectionString;

    /// <summary>The octets that are free on its disk for this user.</summary>
    public long FreeBytes => new DriveInfo(Path).AvailableFreeSpace;

    /// <summary>Makes the directory if there is none, sees that it can be written, and brings its databases to the present version.</summary>
    /// <exception cref="StorageException">It cannot be used: not a directory, not writable, no space, or databases of a newer version.</exception>
    public static DataDirectory Create(string path)
    {
        var directory = new DataDirectory(path);
        if (File.Exists(directory.Path))
            throw new StorageException($"{directory.Path} is a file: name a directory for the data.");
        StorageProblem.Explain(directory.Path, () => Directory.CreateDirectory(directory.Path));
        directory.SeeThatItIsWritable();
        // Whoever reads or copies the journal while the server writes needs its log mode, and the journal plug-in does not set it in every runtime.
        using (StorageProblem.Explain(directory.JournalFile, () => SqliteFile.OpenForWriting(directory.JournalFile)))
        using (var readings = StorageProblem.Explain(directory.ReadingsFile, () => SqliteFile.OpenForWriting(directory.ReadingsFile)))
        {
            StorageProblem.Explain(directory.ReadingsFile, () => ReadingsSchema.Migrate(readings, directory.ReadingsFile));
        }
        return directory;
    }

    /// <summary>A directory that a server has written, for commands that read it.</summary>
    /// <exception cref="StorageException">There is none.</exception>
    public static DataDirectory Existing(string path)
    {
        var directory = new DataDirectory(path);
        if (!Directory.Exists(directory.Path))
            throw new StorageException($"There is no data directory {directory.Path}: name the one that the server was started with.");
        if (!File.Exists(directory.ReadingsFile))
            throw new StorageException($"{directory.Path} holds no readings.db: name the data directory that the server was started with.");
        return directory;
    }

    /// <summary>Makes this process the one that writes here, until the answer is disposed or the process ends, however it ends.</summary>
    /// <exception cref="StorageException">Another server writes here.</exception>
    public IDisposable Lock()
    {
        var file = System.IO.Path.Combine(Path, LockName);
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(file))
        {
            throw new StorageException($"Another server uses the data directory {Path}: stop it, or give this one a directory of its own with --data.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(StorageProblem.Describe(e, file), e);
        }
    }

    private void SeeThatItIsWritable() => StorageProblem.Explain(Path, () =>
    {
        using var probe = new FileStream(
            System.IO.Path.Combine(Path, ".writable"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1, FileOptions.DeleteOnClose);
        probe.WriteByte(0);
        return probe.Length;
    });
}
