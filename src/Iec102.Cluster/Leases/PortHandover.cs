using System.Collections.Immutable;

namespace Iec102.Cluster.Leases;

/// <summary>
/// What the fleet of a node is told to run, and which floating ports it has ended, so that their locks can be released.
/// </summary>
internal sealed class PortHandover
{
    private readonly HashSet<string> _ending = new(StringComparer.Ordinal);
    private ImmutableHashSet<string>? _told;

    /// <summary>The ports of which something runs here.</summary>
    public ImmutableHashSet<string> Running { get; set; } = [];

    /// <summary>Begins to give away what the plan does not want to keep.</summary>
    /// <returns>The ports of it that were talked to.</returns>
    public IReadOnlyList<string> GiveAway(Lease lease, LeasePlan plan, TimeSpan now)
    {
        _ending.IntersectWith(lease.Holds.Keys);
        var given = lease.Holds
            .Where(held => !held.Value.IsReleased && !_ending.Contains(held.Key) && plan.GivesAway(held.Key, held.Value.Open, now))
            .ToList();
        _ending.UnionWith(given.Select(held => held.Key));
        return [.. given.Where(held => held.Value.From is not null).Select(held => held.Key)];
    }

    /// <summary>The ports that are to run, if the fleet is to be told; null when it knows.</summary>
    public ImmutableHashSet<string>? ToTell(Lease lease, ImmutableHashSet<string> pinned)
    {
        var own = pinned.Union(
            lease.Holds.Where(held => held.Value.From is not null && !_ending.Contains(held.Key)).Select(held => held.Key));
        return _told?.SetEquals(own) == true ? null : _told = own;
    }

    /// <summary>Takes the ports that were given away and are gone.</summary>
    public IReadOnlyList<string> TakeGone()
    {
        var gone = _ending.Where(port => !Running.Contains(port)).Order(StringComparer.Ordinal).ToList();
        _ending.ExceptWith(gone);
        return gone;
    }
}
