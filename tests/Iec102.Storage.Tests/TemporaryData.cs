using Iec102.Acquisition.Profiles;
using Iec102.Storage.Databases;
using Iec102.Storage.Files;
using Iec102.Storage.Reading;
using Iec102.Storage.Sql;
using Iec102.Storage.Writing;
using Microsoft.Data.Sqlite;

namespace Iec102.Storage.Tests;

/// <summary>A data directory that is deleted after the test.</summary>
internal sealed class TemporaryData : IDisposable
{
    private readonly DirectoryInfo _parent = System.IO.Directory.CreateTempSubdirectory("iec102-storage-");

    public TemporaryData()
    {
        Directory = Started(Path.Combine(_parent.FullName, "data"));
        Database = new SqliteDatabase(Directory) { BusySeconds = 1, FreeBytes = () => long.MaxValue };
        Store = new ReadingsStore(Database);
    }

    public DataDirectory Directory { get; }

    public SqliteDatabase Database { get; }

    public ReadingsStore Store { get; }

    /// <summary>Creates a data directory on which a server has already been started once.</summary>
    public static DataDirectory Started(string path)
    {
        var directory = DataDirectory.Create(path);
        directory.Lock().Dispose();
        return directory;
    }

    /// <summary>A path beside the data directory.</summary>
    public string Beside(string name) => Path.Combine(_parent.FullName, name);

    public ReadingsWriter OpenWriter() => new(Database);

    /// <summary>Writes one batch, as the writer would.</summary>
    public BatchStored Write(WriteBatch batch)
    {
        using var writer = OpenWriter();
        return writer.Write(batch);
    }

    public BatchStored Write(params StoreIntervals[] messages) => Write(Batch.Of(messages));

    /// <summary>Locks the database, as another program would, until the connection is disposed.</summary>
    public SqliteConnection LockReadings()
    {
        var connection = SqliteFile.OpenForWriting(Directory.ReadingsFile, busySeconds: 1);
        connection.Execute("BEGIN IMMEDIATE");
        return connection;
    }

    public void Dispose() => _parent.Delete(recursive: true);
}
