using Iec102.Storage.Databases;
using Iec102.Storage.Files;
using Iec102.Storage.Sql;
using Microsoft.Data.Sqlite;

namespace Iec102.Storage.Tests;

/// <summary>A data directory that is deleted after the test.</summary>
internal sealed class TemporaryData : TestData
{
    private readonly DirectoryInfo _parent;

    public TemporaryData()
        : this(System.IO.Directory.CreateTempSubdirectory("iec102-storage-"))
    {
    }

    private TemporaryData(DirectoryInfo parent)
        : this(parent, Started(Path.Combine(parent.FullName, "data")))
    {
    }

    private TemporaryData(DirectoryInfo parent, DataDirectory directory)
        : base(new SqliteDatabase(directory) { BusySeconds = 1, FreeBytes = () => long.MaxValue })
    {
        _parent = parent;
        Directory = directory;
    }

    public DataDirectory Directory { get; }

    /// <summary>Creates a data directory on which a server has already been started once.</summary>
    public static DataDirectory Started(string path)
    {
        var directory = DataDirectory.Create(path);
        directory.Lock().Dispose();
        return directory;
    }

    /// <summary>A path beside the data directory.</summary>
    public string Beside(string name) => Path.Combine(_parent.FullName, name);

    /// <summary>Locks the database, as another program would, until the connection is disposed.</summary>
    public SqliteConnection LockReadings()
    {
        var connection = SqliteFile.OpenForWriting(Directory.ReadingsFile, busySeconds: 1);
        connection.Execute("BEGIN IMMEDIATE");
        return connection;
    }

    public override IDisposable Serve() => Directory.Lock();

    public override string ServedSentence =>
        $"A server is using the data directory {Directory.Path}: stop it first; two servers at a time need a data directory each.";

    public override string Octets(int count) => $"randomblob({count})";

    protected override TestJournal OpenJournal()
    {
        var connection = SqliteFile.OpenForWriting(Directory.JournalFile);
        connection.Execute(TestJournal.TablesOfFile);
        return new TestJournal(connection);
    }

    protected override void Remove() => _parent.Delete(recursive: true);
}
