using Iec102.Cluster.Leases;

namespace Iec102.Simulation.Tests;

/// <summary>The locks of the database: a session holds them until it ends, which it does when it is silent for too long.</summary>
internal sealed class SimulatedLocks(World world)
{
    private readonly List<LockSession> _sessions = [];
    private readonly SortedDictionary<string, string> _lastOwner = new(StringComparer.Ordinal);
    private long _number;

    /// <summary>How often a port came to another node than the one that had it before.</summary>
    public int Moves { get; private set; }

    /// <summary>Called when a session has released the lock of a port, before its node knows: a good moment for trouble.</summary>
    public Action<LockSession> Released { get; set; } = _ => { };

    public LockSession Open(string node, Life life, TimeSpan ttl)
    {
        var session = new LockSession(++_number, node, life, ttl) { Heard = world.Elapsed };
        _sessions.Add(session);
        world.Note($"session {session.Number} of {life.Name} begins");
        EndWhenSilent(session);
        return session;
    }

    public void End(LockSession session, string why)
    {
        if (_sessions.Remove(session))
            world.Note($"session {session.Number} of {session.Node} ends: {why}");
    }

    /// <summary>Ends the sessions of one life, or all.</summary>
    public void EndAll(Life? life, string why)
    {
        foreach (var session in _sessions.Where(one => life is null || one.Life == life).ToList())
            End(session, why);
    }

    public IReadOnlyList<HeldLock> Held(LockSession session)
    {
        Hear(session);
        return [.. _sessions.SelectMany(one => one.Locks.Values.Select(key => new HeldLock(key, one.Number, world.Elapsed - one.Heard)))];
    }

    public bool TryLock(LockSession session, LockName name)
    {
        Hear(session);
        if (_sessions.Any(one => one != session && one.Locks.ContainsKey(name)))
            return false;
        session.Locks.TryAdd(name, name.Key);
        world.Note($"session {session.Number} of {session.Node} locks {name}");
        if (name.Kind == LockKind.Port)
        {
            Moves += _lastOwner.TryGetValue(name.Id, out var last) && last != session.Node ? 1 : 0;
            _lastOwner[name.Id] = session.Node;
        }

        return true;
    }

    public bool Unlock(LockSession session, LockName name)
    {
        Hear(session);
        world.Note($"session {session.Number} of {session.Node} unlocks {name}");
        if (!session.Locks.Remove(name))
            return false;
        if (name.Kind == LockKind.Port)
            Released(session);
        return true;
    }

    private void Hear(LockSession session)
    {
        if (!_sessions.Contains(session))
            throw new StoreException("The session has ended.");
        session.Heard = world.Elapsed;
    }

    private void EndWhenSilent(LockSession session) => world.At(session.Heard + session.Ttl, world.Nature, () =>
    {
        if (world.Elapsed >= session.Heard + session.Ttl)
            End(session, "it was silent for too long");
        else if (_sessions.Contains(session))
            EndWhenSilent(session);
    });
}

/// <summary>A session as the database keeps it.</summary>
internal sealed record LockSession(long Number, string Node, Life Life, TimeSpan Ttl)
{
    /// <summary>When the database last heard of it.</summary>
    public TimeSpan Heard { get; set; }

    /// <summary>What it holds, with the keys.</summary>
    public Dictionary<LockName, long> Locks { get; } = [];
}
