using System.Collections.Concurrent;
using System.Collections.Immutable;
using Iec102.Fleet;
using Iec102.Lines;

namespace Iec102.Cluster.Leases;

/// <summary>
/// What this node owns, for code outside the actors: the lease's actor updates it after each change, and anybody may read it at any time.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class LeaseView(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Guard> _guards = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _taken;
    private volatile LeaseStatus _status = LeaseStatus.Nothing;

    /// <summary>The state now.</summary>
    public LeaseStatus Status => _status;

    /// <summary>
    /// Fails when another process has the name of this node, with a sentence; the server then has to end. Never succeeds.
    /// </summary>
    public Task Refused => _refused.Task;

    /// <summary>
    /// How long this node may still write to its floating lines if the lock server falls silent now; zero when it has none.
    /// </summary>
    public TimeSpan ValidFor => _guards.Values.Select(guard => guard.Left).DefaultIfEmpty().Min();

    /// <summary>How the line of a port is opened: that of a floating port only while this node owns it.</summary>
    /// <param name="port">The port.</param>
    /// <param name="inner">Opens the line of the port.</param>
    public ILineFactory Guarded(PortConfiguration port, ILineFactory inner)
    {
        // One that has just been pinned here is guarded for as long as it is held.
        if (!_guards.TryGetValue(port.Id, out var guard) && port.Placement.Node is not null)
            return inner;
        return new GuardedLineFactory(inner, guard ?? new Guard(port.Id, time));
    }

    internal IReadOnlyDictionary<string, Guard> Guards => _guards;

    internal void Show(bool isNode, bool isUp, bool isDraining, ImmutableSortedSet<string> unable, IReadOnlySet<string> running) =>
        _status = new LeaseStatus(isUp, [.. _guards.Keys.Order(StringComparer.Ordinal)], _taken, isDraining, unable)
        {
            IsNode = isNode,
            Unlocked = [.. running.Where(port => !_guards.ContainsKey(port)).Order(StringComparer.Ordinal)],
        };

    internal void Refuse(string why) => _refused.TrySetException(new LockServerException(why));

    /// <summary>Opens, prolongs and closes guards as the lease says.</summary>
    /// <returns>
    /// The lease, without the ports whose guards were found closed; the ports that were taken, and those whose leases are over.
    /// </returns>
    internal (Lease Lease, IReadOnlyList<string> Taken, IReadOnlyList<string> Over) Follow(Lease lease)
    {
        var taken = new List<string>();
        foreach (var (port, hold) in lease.Holds)
        {
            if (hold.From is not { } from)
                continue;
            if (!_guards.TryGetValue(port, out var guard))
            {
                guard = _guards[port] = new Guard(port, time);
                taken.Add(port);
            }

            if (!guard.Prolong(from, hold.Open))
                lease = lease.Closed(port);
        }

        var over = _guards.Keys.Where(port => lease.Holds.GetValueOrDefault(port) is not { From: not null })
            .Order(StringComparer.Ordinal).ToList();
        foreach (var port in over)
            Close(port);
        _taken += taken.Count;
        return (lease, taken, over);
    }

    internal void Close(string port)
    {
        if (_guards.TryRemove(port, out var guard))
            guard.Close();
    }
}

/// <summary>What this node owns.</summary>
/// <param name="IsUp">The session with the lock server is open, and holds the name of the node.</param>
/// <param name="Held">The floating ports that it owns.</param>
/// <param name="Taken">How often it has taken a floating port since its start.</param>
/// <param name="IsDraining">It gives its floating ports away, and takes none that another node takes.</param>
/// <param name="Unable">The floating ports that it has given up because it could not open their lines.</param>
public sealed record LeaseStatus(
    bool IsUp, ImmutableSortedSet<string> Held, long Taken, bool IsDraining, ImmutableSortedSet<string> Unable)
{
    /// <summary>The ports that run without a lock: the pinned ones, until they have ended.</summary>
    public ImmutableSortedSet<string> Unlocked { get; init; } = [];

    /// <summary>
    /// The name of the node has been this process's, or the lock server could not be asked: until then, another process may have it.
    /// </summary>
    public bool IsNode { get; init; }

    /// <summary>Before anything was owned.</summary>
    public static LeaseStatus Nothing { get; } = new(false, [], 0, false, []);
}
