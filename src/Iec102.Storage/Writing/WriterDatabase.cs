using System.Collections.Concurrent;

namespace Iec102.Storage.Writing;

/// <summary>
/// The thread that writes the readings, so that no thread of a dispatcher ever waits for the database. Work is done in the order in which
/// it is given. A failure rolls back and is reported to the caller that gave the work, and the next work begins on a new connection.
/// </summary>
internal sealed class WriterDatabase : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Func<ReadingsWriter> _open;
    private readonly Thread _thread;
    private ReadingsWriter? _writer;

    public WriterDatabase(Func<ReadingsWriter> open)
    {
        _open = open;
        _thread = new Thread(WorkAll) { IsBackground = true, Name = "readings writer" };
        _thread.Start();
    }

    /// <summary>Runs work on the writing connection.</summary>
    public Task<T> Run<T>(Func<ReadingsWriter, T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(work(_writer ??= _open()));
            }
            catch (Exception e)
            {
                Close();
                done.SetException(e);
            }
        });
        return done.Task;
    }

    /// <summary>Finishes the work that was given, and closes the file.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void WorkAll()
    {
        foreach (var work in _work.GetConsumingEnumerable())
            work();
        Close();
    }

    private void Close()
    {
        _writer?.Dispose();
        _writer = null;
    }
}
