using Iec102.Storage.Files;
using Iec102.Storage.Schema;
using Iec102.Storage.Sql;
using Microsoft.Data.Sqlite;

namespace Iec102.Storage;

/// <summary>
/// The directory that holds everything a server stores: journal.db (written only by the journal), readings.db (written only by the writer)
/// and a lock file.
/// </summary>
public sealed class DataDirectory
{
    private const string LockName = "server.lock";

    // Longer than for readings.db, which has one writer: in journal.db the events, snapshots and deletions of a thousand curves take turns.
    private const int JournalBusySeconds = 30;

    private DataDirectory(string path) => Path = System.IO.Path.GetFullPath(path);

    /// <summary>The full path of the directory.</summary>
    public string Path { get; }

    /// <summary>The database file of the journal plug-in.</summary>
    public string JournalFile => System.IO.Path.Combine(Path, "journal.db");

    /// <summary>The database file with the tables that can be queried.</summary>
    public string ReadingsFile => System.IO.Path.Combine(Path, "readings.db");

    /// <summary>The file in which a server whose database is elsewhere remembers what its meters are.</summary>
    public string IdentitiesFile => System.IO.Path.Combine(Path, "identities.json");

    /// <summary>The file that says when the last backup was made.</summary>
    public string LastBackupFile => System.IO.Path.Combine(Path, "last-backup.json");

    /// <summary>The folder with the keys that protect the sessions of people who are signed in.</summary>
    public string SessionsFolder => System.IO.Path.Combine(Path, "sessions");

    /// <summary>The connection string with which the journal and snapshot plug-ins are configured.</summary>
    public string JournalConnectionString =>
        new SqliteConnectionStringBuilder { DataSource = JournalFile, DefaultTimeout = JournalBusySeconds }.ConnectionString;

    /// <summary>The SQL with which each connection of those plug-ins begins; it makes the journal as durable as readings.db.</summary>
    public static string JournalSettings => $"PRAGMA busy_timeout = {1000 * JournalBusySeconds}; {SqliteFile.DurableSettings}";

    /// <summary>How many octets this user may still write on the disk of the directory.</summary>
    public long FreeBytes => new DriveInfo(Path).AvailableFreeSpace;

    /// <summary>Prepares a directory for a server to write in: creates it if it does not exist, and checks that it is writable.</summary>
    /// <exception cref="StorageException">The path cannot be used: it is not a directory, is not writable, or has no space.</exception>
    public static DataDirectory Create(string path)
    {
        var directory = new DataDirectory(path);
        if (File.Exists(directory.Path))
            throw new StorageException($"{directory.Path} is a file: name a directory for the data.");
        StorageProblem.Explain(directory.Path, () => Directory.CreateDirectory(directory.Path));
        directory.SeeThatItIsWritable();
        return directory;
    }

    /// <summary>Opens a directory that a server has written, for commands that read it.</summary>
    /// <exception cref="StorageException">There is no such directory, or no server has written in it.</exception>
    public static DataDirectory Existing(string path)
    {
        var directory = new DataDirectory(path);
        if (!Directory.Exists(directory.Path))
            throw new StorageException($"There is no data directory {directory.Path}: name the one that the server was started with.");
        if (!File.Exists(directory.ReadingsFile))
            throw new StorageException($"{directory.Path} holds no readings.db: name the data directory that the server was started with.");
        return directory;
    }

    /// <summary>
    /// Makes this process the only one that writes here, until the returned lock is disposed or the process ends for any reason, and brings
    /// the databases to the current version.
    /// </summary>
    /// <exception cref="StorageException">Another server writes here, or a database has a newer version or cannot be used.</exception>
    public IDisposable Lock()
    {
        var held = Hold();
        try
        {
            PrepareDatabases();
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Makes this process the only one that uses the directory, as <see cref="Lock"/> does, for a server that has no databases here.
    /// </summary>
    /// <exception cref="StorageException">Another server uses it.</exception>
    public IDisposable Hold()
    {
        var file = System.IO.Path.Combine(Path, LockName);
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(file))
        {
            throw new StorageException(
                $"A server is using the data directory {Path}: stop it first; two servers at a time need a data directory each.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(StorageProblem.Describe(e, file), e);
        }
    }

    private void PrepareDatabases()
    {
        SeeThatJournalIsUsable();
        using var readings = StorageProblem.Explain(ReadingsFile, () => SqliteFile.OpenForWriting(ReadingsFile));
        StorageProblem.Explain(ReadingsFile, () => ReadingsSchema.Migrate(readings, ReadingsFile));
    }

    /// <summary>
    /// Checks the journal's file before the plug-in opens it. Only the plug-in writes the journal, but its error messages for a file that
    /// is not writable or is not a database would help nobody.
    /// </summary>
    private void SeeThatJournalIsUsable() => StorageProblem.Explain(JournalFile, () =>
    {
        // SQLite takes an empty file for a database without tables, so the journal can be read from the start.
        new FileStream(JournalFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
        using var journal = SqliteFile.OpenForReading(JournalFile);
        return journal.Scalar("PRAGMA schema_version");
    });

    private void SeeThatItIsWritable() => StorageProblem.Explain(Path, () =>
    {
        using var probe = new FileStream(
            System.IO.Path.Combine(Path, ".writable"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1,
            FileOptions.DeleteOnClose);
        probe.WriteByte(0);
        return probe.Length;
    });
}
