using System.Collections.Concurrent;

namespace Akka.Persistence.Sql;

/// <summary>
/// A database file with one thread that writes and one that reads, each on its own connection, so that no thread of a dispatcher ever waits for the disk.
/// Writes that come in while the disk is busy are committed together (group commit): success is told after the commit, and a failing transaction
/// fails every write in it.
/// </summary>
internal sealed class SqliteDatabase : IDisposable
{
    public const int BatchSize = 100;
    public const int BufferSize = 5000;

    private readonly BlockingCollection<WriteRequest> _writes = new(BufferSize);
    private readonly BlockingCollection<Action<SqliteSession>> _reads = [];
    private readonly string _connectionString;
    private readonly Thread _writer;
    private readonly Thread _reader;

    public SqliteDatabase(string connectionString)
    {
        _connectionString = connectionString;
        _writer = new Thread(WriteAll) { IsBackground = true, Name = "journal writer" };
        _reader = new Thread(ReadAll) { IsBackground = true, Name = "journal reader" };
        _writer.Start();
        _reader.Start();
    }

    /// <summary>Runs the statements in the next transaction; they count as so many rows. The task ends after the commit.</summary>
    public Task Write(int rows, Action<SqliteSession> statements)
    {
        var request = new WriteRequest(rows, statements);
        if (!_writes.TryAdd(request)) throw new InvalidOperationException($"{BufferSize} writes already wait for the database.");
        return request.Done.Task;
    }

    /// <summary>Ends when everything that waits to be written is stored, or has failed: that, whoever wrote it is told.</summary>
    public Task Written() => Write(0, _ => { }).ContinueWith(_ => { }, TaskScheduler.Default);

    /// <summary>Runs a query on the reading thread.</summary>
    public Task<T> Read<T>(Func<SqliteSession, T> query)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _reads.Add(session =>
        {
            try
            {
                done.SetResult(query(session));
            }
            catch (Exception e)
            {
                session.Close();
                done.SetException(e);
            }
        });
        return done.Task;
    }

    /// <summary>Takes nothing more, carries out what waits, and closes the file.</summary>
    public void Dispose()
    {
        _writes.CompleteAdding();
        _reads.CompleteAdding();
        _writer.Join();
        _reader.Join();
        _writes.Dispose();
        _reads.Dispose();
    }

    private void WriteAll()
    {
        using var session = new SqliteSession(_connectionString, Schema.Statements);
        var batch = new List<WriteRequest>();
        foreach (var first in _writes.GetConsumingEnumerable())
        {
            batch.Add(first);
            for (var rows = first.Rows; rows < BatchSize && _writes.TryTake(out var next); rows += next.Rows)
                batch.Add(next);
            Commit(session, batch);
            batch.Clear();
        }
    }

    private static void Commit(SqliteSession session, List<WriteRequest> batch)
    {
        try
        {
            session.Execute("BEGIN IMMEDIATE");
            foreach (var request in batch)
                request.Statements(session);
            session.Execute("COMMIT");
        }
        catch (Exception e)
        {
            // Closing rolls back; a connection that failed is not used again.
            session.Close();
            foreach (var request in batch)
                request.Done.SetException(e);
            return;
        }
        foreach (var request in batch)
            request.Done.SetResult();
    }

    private void ReadAll()
    {
        using var session = new SqliteSession(_connectionString);
        foreach (var read in _reads.GetConsumingEnumerable())
            read(session);
    }

    private sealed record WriteRequest(int Rows, Action<SqliteSession> Statements)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
