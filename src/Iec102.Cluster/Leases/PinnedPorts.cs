using System.Collections.Immutable;

namespace Iec102.Cluster.Leases;

/// <summary>
/// Which of the ports that are pinned to this node run. One that another node has, by an older fleet file, waits for it to end there. What
/// has begun runs on, whatever becomes of the database and of the other nodes; so this outlives a lease's actor that fails.
/// </summary>
public sealed class PinnedPorts
{
    private ImmutableHashSet<string> _waiting = [];

    internal PinnedPorts()
    {
    }

    /// <summary>The ports that run.</summary>
    internal ImmutableHashSet<string> Running { get; private set; } = [];

    /// <summary>Decides anew.</summary>
    /// <param name="pinned">The ports that are pinned to this node.</param>
    /// <param name="isElsewhere">Whether another node has a port, as far as is known.</param>
    /// <param name="canSee">Whether that is what is so now. If not, what waits goes on waiting.</param>
    /// <returns>The ports that begin to wait.</returns>
    internal IReadOnlyList<string> Judge(ImmutableHashSet<string> pinned, Func<string, bool> isElsewhere, bool canSee)
    {
        var before = _waiting;
        _waiting = [.. pinned.Except(Running).Where(port => isElsewhere(port) || (!canSee && before.Contains(port)))];
        Running = pinned.Except(_waiting);
        return [.. _waiting.Except(before).Order(StringComparer.Ordinal)];
    }
}
