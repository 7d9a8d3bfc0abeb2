using Iec102.Acquisition.Profiles;
using Iec102.Storage.Databases;
using Iec102.Storage.Reading;
using Iec102.Storage.Sql;
using Iec102.Storage.Writing;

namespace Iec102.Storage.Tests;

/// <summary>
/// A database on which a server has already been started once, and which is gone after the test. What is promised of both kinds of
/// database is tested on both.
/// </summary>
internal abstract class TestData(ReadingsDatabase database) : IDisposable
{
    private readonly List<TestJournal> _journals = [];

    public ReadingsDatabase Database => database;

    public ReadingsStore Store { get; } = new(database);

    /// <summary>The SQL for so many octets that are not the same in any two rows.</summary>
    public abstract string Octets(int count);

    /// <summary>Begins to write the journal of this database.</summary>
    public TestJournal NewJournal()
    {
        var journal = OpenJournal();
        _journals.Add(journal);
        return journal;
    }

    /// <summary>Keeps others from changing anything, as a running server does.</summary>
    public abstract IDisposable Serve();

    /// <summary>What others are told then.</summary>
    public abstract string ServedSentence { get; }

    public ReadingsWriter OpenWriter() => new(database);

    /// <summary>Writes one batch, as the writer would.</summary>
    public BatchStored Write(WriteBatch batch)
    {
        using var writer = OpenWriter();
        return writer.Write(batch);
    }

    public BatchStored Write(params StoreIntervals[] messages) => Write(Batch.Of(messages));

    /// <summary>Changes the tables as no server would.</summary>
    public void Change(string sql)
    {
        using var session = database.OpenForWriting();
        session.Connection.Execute(sql);
    }

    public void Dispose()
    {
        _journals.ForEach(journal => journal.Dispose());
        Remove();
    }

    protected abstract TestJournal OpenJournal();

    protected abstract void Remove();
}
