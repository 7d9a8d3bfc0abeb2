namespace Iec102.Simulation.Tests;

/// <summary>Calls of one node to the database. A call that gets no answer ends only when its caller gives up.</summary>
internal sealed class DatabaseClient(Life life, DatabaseLink link, SimulatedDatabase database)
{
    public async Task<T> CallAsync<T>(Func<T> work, CancellationToken ct)
    {
        var answer = new TaskCompletionSource<T>();
        await using var patience = ct.Register(() => answer.TrySetCanceled(ct));
        if (link.Refuses)
            life.After(TimeSpan.FromMilliseconds(1), () => answer.TrySetException(new StoreException("The database cannot be reached.")));
        Send(() =>
        {
            var result = database.Do(work, out var failure);
            link.ToNode(life, () =>
            {
                if (failure is null)
                    answer.TrySetResult(result!);
                else
                    answer.TrySetException(failure);
            });
        });
        return await answer.Task;
    }

    /// <summary>Sends what is not answered.</summary>
    public void Send(Action arrive)
    {
        if (!link.Refuses)
            link.ToServer(arrive);
    }
}
