using Akka.Persistence.Sql;

namespace Akka.Embedded.Tests.Persistence;

/// <summary>Writes that come in while the disk is busy share a transaction, and its fate.</summary>
public sealed class GroupCommitTests : IDisposable
{
    private const string Insert = "INSERT INTO snapshot (persistence_id, sequence_number, created) VALUES (@id, 1, 1)";

    private readonly TempDirectory _directory = new();
    private readonly SqliteDatabase _database;
    private readonly ManualResetEventSlim _diskIsFree = new();

    public GroupCommitTests() => _database = new SqliteDatabase($"Data Source={_directory.File("journal.db")}");

    [Fact]
    public async Task A_transaction_takes_a_hundred_rows_and_fails_all_of_them_together()
    {
        var first = HoldTheDisk();
        var writes = Enumerable.Range(0, 250).Select(n => _database.Write(1, session =>
        {
            session.Execute(Insert, ("@id", $"{n}"));
            if (n == 150) throw new IOException("the disk is full");
        })).ToList();
        _diskIsFree.Set();

        await first;
        await Task.WhenAll(writes[..100]);
        foreach (var failed in writes[100..200])
            (await Should.ThrowAsync<IOException>(failed)).Message.ShouldBe("the disk is full");
        await Task.WhenAll(writes[200..]);
        var stored = await Stored();
        stored.ShouldBe(Enumerable.Range(0, 100).Concat(Enumerable.Range(200, 50)));
    }

    [Fact]
    public async Task A_commit_outlives_a_power_cut()
    {
        object? mode = null, synchronous = null;
        await _database.Write(1, session =>
        {
            mode = session.Scalar("PRAGMA journal_mode");
            synchronous = session.Scalar("PRAGMA synchronous");
        });
        mode.ShouldBe("wal");
        synchronous.ShouldBe(2L, "FULL");
    }

    [Fact]
    public async Task Waiting_for_what_is_being_written_ends_after_it_even_when_it_fails()
    {
        var failing = _database.Write(1, _ =>
        {
            _diskIsFree.Wait();
            throw new IOException("the disk is full");
        });
        var written = _database.Written();
        written.IsCompleted.ShouldBeFalse();
        _diskIsFree.Set();
        await written;
        failing.IsFaulted.ShouldBeTrue();
    }

    [Fact]
    public async Task More_than_five_thousand_waiting_writes_are_refused()
    {
        var first = HoldTheDisk();
        var waiting = Enumerable.Range(0, 5000).Select(_ => _database.Write(1, _ => { })).ToList();
        Should.Throw<InvalidOperationException>(() => _database.Write(1, _ => { })).Message.ShouldStartWith("5000 writes");
        _diskIsFree.Set();
        await Task.WhenAll(waiting.Append(first));
    }

    [Fact]
    public async Task What_waits_is_still_written_when_the_database_is_closed()
    {
        var closing = new SqliteDatabase($"Data Source={_directory.File("closing.db")}");
        var writes = Enumerable.Range(0, 250).Select(n => closing.Write(1, session => session.Execute(Insert, ("@id", $"{n}")))).ToList();
        closing.Dispose();
        await Task.WhenAll(writes);
    }

    public void Dispose()
    {
        _diskIsFree.Set();
        _database.Dispose();
        _diskIsFree.Dispose();
        _directory.Dispose();
    }

    /// <summary>Returns when a transaction has begun that ends when the disk is free.</summary>
    private Task HoldTheDisk()
    {
        using var begun = new ManualResetEventSlim();
        var write = _database.Write(1, _ =>
        {
            begun.Set();
            _diskIsFree.Wait();
        });
        begun.Wait();
        return write;
    }

    private Task<List<int>> Stored() => _database.Read(session =>
    {
        var ids = new List<int>();
        using var row = session.Query("SELECT persistence_id FROM snapshot ORDER BY CAST(persistence_id AS INTEGER)");
        while (row.Read()) ids.Add(int.Parse(row.GetString(0)));
        return ids;
    });
}
