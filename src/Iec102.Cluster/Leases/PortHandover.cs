using System.Collections.Immutable;
using Iec102.Acquisition.Fleets;

namespace Iec102.Cluster.Leases;

/// <summary>
/// What the fleet of a node is told to run, and which floating ports it has ended, so that their locks can be released.
/// </summary>
internal sealed class PortHandover
{
    private readonly HashSet<string> _ending = new(StringComparer.Ordinal);
    private OwnPorts? _told;

    /// <summary>What the fleet has said last.</summary>
    public PortsRunning Said { get; set; } = new([], Told: null);

    /// <summary>The fleet's actor has stopped, and with it all its ports.</summary>
    public void FleetEnded() => Said = new PortsRunning([], _told);

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

    /// <summary>What the fleet is to be told; null when it knows.</summary>
    public OwnPorts? ToTell(Lease lease, ImmutableHashSet<string> pinned)
    {
        var own = pinned.Union(lease.Holds.Where(held => held.Value.From is not null).Select(held => held.Key)).Except(_ending);
        return _told?.Ports.SetEquals(own) == true ? null : _told = new OwnPorts(own);
    }

    /// <summary>
    /// Takes the ports that were given away and are gone. What the fleet said before it was told the last time does not count: it may have
    /// been about to start such a port.
    /// </summary>
    public IReadOnlyList<string> TakeGone()
    {
        if (!ReferenceEquals(Said.Told, _told))
            return [];
        var gone = _ending.Where(port => !Said.Ports.Contains(port)).Order(StringComparer.Ordinal).ToList();
        _ending.ExceptWith(gone);
        return gone;
    }
}
