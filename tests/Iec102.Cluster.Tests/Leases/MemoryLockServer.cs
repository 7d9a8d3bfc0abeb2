using Iec102.Acquisition;
using Iec102.Cluster.Leases;

namespace Iec102.Testing;

/// <summary>
/// A lock server in memory, by the clock of the test: ends sessions that were silent for their ttl, and can be restarted.
/// </summary>
/// <param name="time">Its clock.</param>
public sealed class MemoryLockServer(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<Session> _sessions = [];
    private long _lastNumber;

    /// <summary>Whether it refuses every call.</summary>
    public bool IsDown { get; private set; }

    /// <summary>The server as a node reaches it.</summary>
    public Client NewClient() => new(this);

    /// <summary>Whether a lock is held.</summary>
    public bool IsHeld(LockName name)
    {
        lock (_gate)
            return Living().Any(session => session.Locks.Contains(name.Key));
    }

    /// <summary>Ends all sessions, and refuses new ones until <see cref="Start"/>.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            IsDown = true;
            _sessions.Clear();
        }
    }

    /// <summary>Answers again.</summary>
    public void Start() => IsDown = false;

    private List<Session> Living()
    {
        _sessions.RemoveAll(session => time.Elapsed() - session.HeardAt >= session.Ttl);
        return _sessions;
    }

    /// <summary>The way of one node to the server.</summary>
    public sealed class Client(MemoryLockServer server) : ILockServer
    {
        private readonly List<ILockSession> _closed = [];

        /// <summary>Nothing passes in either direction; neither side notices before it is over.</summary>
        public bool IsCut
        {
            get;
            set
            {
                field = value;
                if (!value)
                    EndClosed();
            }
        }

        /// <inheritdoc/>
        public async Task<ILockSession> OpenAsync(TimeSpan ttl, CancellationToken ct)
        {
            await PassAsync(ct);
            lock (server._gate)
            {
                if (server.IsDown)
                    throw new LockServerException("The lock server is down.");
                var session = new Session(this, server, ++server._lastNumber, ttl) { HeardAt = server.Elapsed };
                server._sessions.Add(session);
                return session;
            }
        }

        internal void Close(ILockSession session)
        {
            lock (server._gate)
                _closed.Add(session);
            if (!IsCut)
                EndClosed();
        }

        private void EndClosed()
        {
            lock (server._gate)
                server._sessions.RemoveAll(_closed.Contains);
        }

        internal async Task PassAsync(CancellationToken ct)
        {
            if (!IsCut)
                return;
            var never = new TaskCompletionSource();
            await using var end = ct.Register(() => never.SetCanceled(ct));
            await never.Task;
        }
    }

    private TimeSpan Elapsed => time.Elapsed();

    private sealed class Session(Client client, MemoryLockServer server, long number, TimeSpan ttl) : ILockSession
    {
        public TimeSpan Ttl => ttl;

        public TimeSpan HeardAt { get; set; }

        public HashSet<long> Locks { get; } = [];

        public Task<IReadOnlyList<HeldLock>> BeatAsync(CancellationToken ct) => CallAsync<IReadOnlyList<HeldLock>>(
            living =>
            [
                .. from session in living
                   from key in session.Locks.Order()
                   select new HeldLock(key, session.Number, server.Elapsed - session.HeardAt),
            ],
            ct);

        public Task<bool> TryLockAsync(LockName name, CancellationToken ct) => CallAsync(
            living => !living.Any(session => session != this && session.Locks.Contains(name.Key)) && (Locks.Add(name.Key) || true), ct);

        public Task UnlockAsync(LockName name, CancellationToken ct) => CallAsync(_ => Locks.Remove(name.Key), ct);

        public ValueTask DisposeAsync()
        {
            client.Close(this);
            return ValueTask.CompletedTask;
        }

        private long Number => number;

        private async Task<T> CallAsync<T>(Func<List<Session>, T> call, CancellationToken ct)
        {
            await client.PassAsync(ct);
            lock (server._gate)
            {
                var living = server.Living();
                if (!living.Contains(this))
                    throw new LockServerException("The lock server has ended the session.");
                HeardAt = server.Elapsed;
                return call(living);
            }
        }
    }
}
