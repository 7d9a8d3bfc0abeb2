namespace Akka.Actor;

/// <summary>What a parent waits for its children to end for.</summary>
internal enum ChildrenAwaitedBy
{
    Nothing,
    Creation,
    Recreation,
    Termination,
}

/// <summary>One child, and what its supervision has to remember: whether it was told to stop, and its recent restarts.</summary>
internal sealed class ChildStats(LocalActorRef child)
{
    private int _restarts;
    private TimeSpan? _windowStart;

    public LocalActorRef Child { get; } = child;

    public bool IsStopping { get; set; }

    /// <summary>Counts a restart and says whether it is still allowed. Negative limits mean none.</summary>
    public bool RequestRestart(int maxNrOfRetries, int withinMilliseconds, TimeSpan now)
    {
        if (maxNrOfRetries == 0) return false;
        if (withinMilliseconds <= 0) return maxNrOfRetries < 0 || ++_restarts <= maxNrOfRetries;
        _windowStart ??= now;
        if (now - _windowStart > TimeSpan.FromMilliseconds(withinMilliseconds))
        {
            _windowStart = now;
            _restarts = 1;
            return true;
        }
        return ++_restarts <= (maxNrOfRetries < 0 ? 1 : maxNrOfRetries);
    }
}

/// <summary>
/// The children of an actor, in the order of their creation. Only the actor changes them, except below the guardians, where
/// any thread creates actors; and any thread looks children up by name.
/// </summary>
internal sealed class Children
{
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, ChildStats> _byName = [];
    private int _stopping;
    private bool _refusing;

    public ChildrenAwaitedBy AwaitedBy { get; private set; }

    /// <summary>Whether the parent ends: no child can be created any more.</summary>
    public bool IsTerminating => _refusing;

    public void Add(LocalActorRef child)
    {
        lock (_gate)
        {
            if (_refusing) throw new InvalidOperationException("Cannot create child while terminating or terminated");
            if (!_byName.TryAdd(child.Path.Name, new ChildStats(child)))
                throw new InvalidActorNameException($"Actor name \"{child.Path.Name}\" is not unique!");
        }
    }

    public LocalActorRef? ByName(string name)
    {
        lock (_gate) return _byName.TryGetValue(name, out var stats) ? stats.Child : null;
    }

    public ChildStats? Find(IActorRef child)
    {
        lock (_gate) return _byName.TryGetValue(child.Path.Name, out var stats) && stats.Child.Equals(child) ? stats : null;
    }

    public ChildStats[] All()
    {
        lock (_gate) return [.. _byName.Values];
    }

    public void MarkStopping(IActorRef child)
    {
        lock (_gate)
        {
            if (!_byName.TryGetValue(child.Path.Name, out var stats) || !stats.Child.Equals(child) || stats.IsStopping) return;
            stats.IsStopping = true;
            _stopping++;
        }
    }

    /// <summary>Says whether there are stopping children to wait for; if so, <see cref="Remove"/> tells when the last is gone.</summary>
    public bool Await(ChildrenAwaitedBy reason)
    {
        lock (_gate)
        {
            if (reason == ChildrenAwaitedBy.Termination) _refusing = true;
            if (_stopping == 0) return false;
            AwaitedBy = reason;
            return true;
        }
    }

    /// <summary>Takes out a child that has ended; its name is free again.</summary>
    /// <returns>What can go on now, if this was the last child waited for.</returns>
    public ChildrenAwaitedBy Remove(ChildStats child)
    {
        lock (_gate)
        {
            _byName.Remove(child.Child.Path.Name);
            if (child.IsStopping) _stopping--;
            if (_stopping > 0) return ChildrenAwaitedBy.Nothing;
            var reason = AwaitedBy;
            AwaitedBy = ChildrenAwaitedBy.Nothing;
            return reason;
        }
    }
}
