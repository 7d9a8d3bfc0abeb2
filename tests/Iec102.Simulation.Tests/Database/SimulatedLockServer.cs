using Iec102.Cluster.Leases;

namespace Iec102.Simulation.Tests;

/// <summary>The locks of the database as one node sees them.</summary>
internal sealed class SimulatedLockServer(string node, Life life, DatabaseClient client, SimulatedLocks locks) : ILockServer
{
    public async Task<ILockSession> OpenAsync(TimeSpan ttl, CancellationToken ct) =>
        new Session(this, locks, await CallAsync(() => locks.Open(node, life, ttl), ct));

    private async Task<T> CallAsync<T>(Func<T> work, CancellationToken ct)
    {
        try
        {
            return await client.CallAsync(work, ct);
        }
        catch (StoreException error)
        {
            throw new LockServerException(error.Message, error);
        }
    }

    private ValueTask EndAsync(LockSession session)
    {
        client.Send(() => locks.End(session, "the node closes it"));
        return ValueTask.CompletedTask;
    }

    private sealed class Session(SimulatedLockServer server, SimulatedLocks locks, LockSession session) : ILockSession
    {
        public Task<IReadOnlyList<HeldLock>> BeatAsync(CancellationToken ct) => server.CallAsync(() => locks.Held(session), ct);

        public Task<bool> TryLockAsync(LockName name, CancellationToken ct) => server.CallAsync(() => locks.TryLock(session, name), ct);

        public Task UnlockAsync(LockName name, CancellationToken ct) => server.CallAsync(() => locks.Unlock(session, name), ct);

        public ValueTask DisposeAsync() => server.EndAsync(session);
    }
}
