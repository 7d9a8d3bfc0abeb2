namespace Iec102.Lines.Modems;

/// <summary>A modem that several lines are made with: one call at a time; whoever asks meanwhile waits, in the order of asking.</summary>
public sealed class Modem
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = [];
    private TaskCompletionSource _wanted = new();
    private bool _isTaken;

    /// <summary>Completes when somebody else waits for the modem; another task for each turn.</summary>
    internal Task Wanted
    {
        get
        {
            lock (_gate)
                return _wanted.Task;
        }
    }

    /// <summary>Waits until no call is up and none is being made or ended.</summary>
    public async Task WhenFreeAsync(CancellationToken ct)
    {
        await TakeAsync(ct);
        Free();
    }

    /// <summary>Waits for its turn, which ends with <see cref="Free"/>.</summary>
    internal async Task TakeAsync(CancellationToken ct)
    {
        TaskCompletionSource turn, wanted;
        lock (_gate)
        {
            if (!_isTaken)
            {
                _isTaken = true;
                return;
            }

            turn = new TaskCompletionSource();
            _waiting.AddLast(turn);
            wanted = _wanted;
        }

        wanted.TrySetResult();

        await using var givenUp = ct.Register(() =>
        {
            if (Leave(turn))
                turn.SetCanceled(ct);
        });
        await turn.Task;
    }

    /// <summary>The turn is over: the next one begins.</summary>
    internal void Free()
    {
        TaskCompletionSource next;
        lock (_gate)
        {
            _wanted = new TaskCompletionSource();
            if (_waiting.First is not { } first)
            {
                _isTaken = false;
                return;
            }

            next = first.Value;
            _waiting.RemoveFirst();
            if (_waiting.Count > 0)
                _wanted.SetResult();
        }

        // Whoever waits goes on in here, so not within the lock.
        next.SetResult();
    }

    private bool Leave(TaskCompletionSource turn)
    {
        lock (_gate)
            return _waiting.Remove(turn);
    }
}
