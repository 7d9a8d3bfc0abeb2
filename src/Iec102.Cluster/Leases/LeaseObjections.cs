using System.Globalization;
using Iec102.Fleet;

namespace Iec102.Cluster.Leases;

/// <summary>The fleets whose floating ports the lease cannot guard.</summary>
public static class LeaseObjections
{
    /// <summary>What is wrong with a fleet; nothing for a server that is alone.</summary>
    public static IEnumerable<FleetObjection> To(FleetConfiguration fleet) => To(fleet, name => name.Key);

    internal static IEnumerable<FleetObjection> To(FleetConfiguration fleet, Func<LockName, long> keyOf)
    {
        if (fleet.Node is not { } node)
            yield break;
        var floating = fleet.Ports.Where(port => port is { Enabled: true, Placement.Node: null }).ToList();
        var first = new Dictionary<long, LockName> { [keyOf(LockName.OfNode(node.Id))] = LockName.OfNode(node.Id) };
        foreach (var port in floating)
        {
            var name = LockName.OfPort(port.Id);
            if (!first.TryAdd(keyOf(name), name))
                yield return new FleetObjection(
                    port.Id, "tcp", $"the lock of this port in the database would be that of {first[keyOf(name)]}: give one another id.");
        }

        var mine = floating.Where(port => port.Placement.Nodes.Count == 0 || port.Placement.Nodes.Contains(node.Id));
        if (mine.MaxBy(LeaseTiming.ShortestTtl) is { } slowest && LeaseTiming.ShortestTtl(slowest) is var least && node.Ttl < least)
        {
            var seconds = Math.Ceiling(least.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            yield return new FleetObjection(
                null, "ttl", $"must be at least {seconds}s for port '{slowest.Id}': its longest frame and two beats must fit in.");
        }
    }
}
