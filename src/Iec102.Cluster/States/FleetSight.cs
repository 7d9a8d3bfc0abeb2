using System.Collections.Immutable;
using Iec102.Acquisition;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Verdicts;
using Iec102.Cluster.Nodes;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Cluster.States;

/// <summary>
/// The whole fleet as one node sees it: its own live state for what it runs, and the last known states of the rest. A state counts for as
/// long as its node is heard and says that it runs the port.
/// </summary>
/// <param name="nodes">What is known of the nodes.</param>
/// <param name="states">What is known of what others run.</param>
/// <param name="time">The clock.</param>
public sealed class FleetSight(NodesView nodes, StatesView states, TimeProvider time)
{
    /// <summary>A port that moves is not seen for some seconds.</summary>
    private static readonly Duration Moving = Duration.FromMinutes(1);

    /// <summary>States are stored and read every few seconds, and behind a slow line not much less often.</summary>
    private static readonly Duration Old = Duration.FromMinutes(1);

    /// <summary>Adds to what this node runs all that it only knows of, and what nobody has run yet.</summary>
    public (LivePorts Ports, LiveMeters Meters) Of(LivePorts ownPorts, LiveMeters ownMeters, FleetConfiguration fleet)
    {
        var (now, known) = (time.Now(), nodes.Nodes.ToDictionary(node => node.Report.Id, StringComparer.Ordinal));
        var own = new Sight(nodes.Self, now);
        var ports = ownPorts.ById.Where(port => port.Value.Status is not null)
            .ToImmutableSortedDictionary(
                port => port.Key, port => port.Value with { Sight = port.Value.IsDisabled ? null : own }, StringComparer.Ordinal)
            .ToBuilder();
        var meters = ownMeters.ById.Where(meter => meter.Value.Status is not null)
            .ToImmutableSortedDictionary(
                meter => meter.Key, meter => meter.Value with { Sight = meter.Value.IsDisabled ? null : own }, StringComparer.Ordinal)
            .ToBuilder();
        foreach (var port in fleet.Ports.Where(port => !ports.ContainsKey(port.Id)))
        {
            ports[port.Id] = states.Ports.GetValueOrDefault(port.Id) is { } seen
                ? seen.State with { Sight = SightOf(seen.Node, seen.StoredAt, port.Id) }
                : new LivePort(port.Id) { Status = Unseen(port), Sight = NotSeen(port) };
        }

        var portOf = fleet.Ports.ToDictionary(port => port.Id, StringComparer.Ordinal);
        foreach (var meter in fleet.Meters.Where(meter => !meters.ContainsKey(meter.Id)))
        {
            meters[meter.Id] = states.Meters.GetValueOrDefault(meter.Id) is { } seen
                ? seen.State with { Sight = SightOf(seen.Node, seen.StoredAt, meter.Port) }
                : new LiveMeter(meter.Id) { Status = Unseen(meter), Sight = NotSeen(portOf[meter.Port]) };
        }

        return (new LivePorts(ports.ToImmutable()), new LiveMeters(meters.ToImmutable()));

        Sight SightOf(string node, TimeSpan storedAt, string port)
        {
            var age = Duration.FromTimeSpan(time.Elapsed() - storedAt);
            if (node == nodes.Self || known.GetValueOrDefault(node) is not { } seen || !seen.Report.Ports.Contains(port))
                return new Sight(node, now - age, IsLost: true);
            // What has not changed since was not stored again.
            age = Duration.Min(age, Duration.Max(seen.StatesAge, states.ReadAge));
            return new Sight(node, now - age, seen.IsSilent || age > Old);
        }

        Sight NotSeen(PortConfiguration port) => new(OwnerOf(port.Id) ?? port.Placement.Node, null, IsLost: true);
    }

    /// <summary>
    /// What is wrong between the nodes: one problem for each that is lost or has another fleet file, and for each port that nobody runs.
    /// </summary>
    /// <param name="ports">The ports, as <see cref="Of"/> returns them.</param>
    /// <param name="fleet">The configuration.</param>
    public IReadOnlyList<OpenProblem> Problems(LivePorts ports, FleetConfiguration fleet)
    {
        var unseen = fleet.Ports.Where(port => port.Enabled && ports.ById.GetValueOrDefault(port.Id)?.Sight is null or { IsLost: true })
            .ToList();
        if (AwaySince is { } away)
        {
            var verdict = new Verdict(VerdictKind.Unknown, away) { Cause = VerdictCause.Storage, Advice = NodeAdvices.StoreAway() };
            return [new OpenProblem(null, null, verdict, null, MetersOf(unseen)) { Node = nodes.Self }];
        }

        var lost = Lost(fleet, [.. unseen.Select(NodeOf)]);
        var ofNodes =
            from node in lost
            let verdict = new Verdict(VerdictKind.Unknown, node.Since)
            {
                Cause = VerdictCause.NodeLost,
                Advice = node.Url is null ? NodeAdvices.NeverHeardOf(node.Id, KeyOf(node.Id)) : NodeAdvices.NodeLost(node.Id, node.Url),
            }
            select new OpenProblem(null, null, verdict, null, MetersOf(unseen.Where(port => NodeOf(port) == node.Id))) { Node = node.Id };
        var ofPorts =
            from port in unseen
            where !lost.Any(node => node.Id == NodeOf(port))
                && OwnerOf(port.Id) is null
            let since = ports.ById.GetValueOrDefault(port.Id)?.Sight?.AsOf
            where time.Now() - (since ?? nodes.Since) > Moving
            let verdict = new Verdict(VerdictKind.Unknown, since) { Cause = VerdictCause.NodeLost, Advice = NodeAdvices.NoNode(port.Id) }
            select new OpenProblem(port.Id, null, verdict, null, MetersOf([port]));
        var own = nodes.Node(nodes.Self)?.Report.FleetHash;
        var ofFiles =
            from node in nodes.Nodes
            where !node.IsSilent && own is not null && node.Report.FleetHash != own
            let verdict = new Verdict(VerdictKind.Attention)
            {
                Cause = VerdictCause.FleetDiffers,
                Advice = NodeAdvices.FleetDiffers(node.Report.Id, nodes.Self),
            }
            select new OpenProblem(null, null, verdict, null, []) { Node = node.Report.Id };
        return [.. ofNodes, .. ofFiles, .. ofPorts];

        string? NodeOf(PortConfiguration port) => port.Placement.Node ?? ports.ById.GetValueOrDefault(port.Id)?.Sight?.Node;

        string KeyOf(string node)
        {
            var port = fleet.Ports.First(port => port.Placement.Node == node || port.Placement.Nodes.Contains(node));
            return $"iec102.ports.{port.Id}.{(port.Placement.Node == node ? "node" : "nodes")}";
        }

        IReadOnlyList<string> MetersOf(IEnumerable<PortConfiguration> unseen)
        {
            var ids = unseen.Select(port => port.Id).ToHashSet(StringComparer.Ordinal);
            return [.. fleet.Meters.Where(meter => meter.Enabled && ids.Contains(meter.Port)).Select(meter => meter.Id)];
        }
    }

    /// <summary>Since when the database does not answer, or not in time; null while it does.</summary>
    private Instant? AwaySince => nodes.StoreAwaySince ?? (states.ReadAge > Old ? time.Now() - states.ReadAge : null);

    /// <summary>The node that is heard and says that it runs a port; null when there is none.</summary>
    private string? OwnerOf(string port) =>
        nodes.Nodes.FirstOrDefault(node => !node.IsSilent && node.Report.Ports.Contains(port))?.Report.Id;

    /// <summary>
    /// The nodes that are lost, those whose states do not come, and those that the fleet file names and nobody has ever heard of. One that
    /// was taken out of service is missed as long as ports are pinned to it.
    /// </summary>
    private List<(string Id, Uri? Url, Instant? Since)> Lost(FleetConfiguration fleet, HashSet<string?> unseen)
    {
        var known = nodes.Nodes;
        if (known.Count == 0)
            return [];
        var pinnedTo = fleet.Ports.Where(port => port.Enabled).Select(port => port.Placement.Node).ToHashSet();
        return
        [
            .. known.Where(node => node.IsLost || (node.IsSilent && pinnedTo.Contains(node.Report.Id)))
                .Select(node => (node.Report.Id, node.Report.Url, time.Now() - node.Age)),
            .. known.Where(node => !node.IsSilent && node.StatesAge > Old && unseen.Contains(node.Report.Id))
                .Select(node => (node.Report.Id, node.Report.Url, time.Now() - node.StatesAge)),
            .. fleet.Ports.SelectMany(port => port.Placement.Node is { } pinned ? [pinned] : port.Placement.Nodes)
                .Distinct().Except(known.Select(node => node.Report.Id)).Except([nodes.Self])
                .Select(id => (id, (Uri?)null, (Instant?)null)),
        ];
    }

    private PortStatus Unseen(PortConfiguration port) => new(
        port.Id, port.Kind, port.Address, PortState.Closed, nodes.Since, NothingKnownOf(port.Id),
        new PortCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));

    private MeterStatus Unseen(MeterConfiguration meter) => new(
        meter.Id, meter.Port, meter.LinkAddress, meter.PointAddress, MeterState.Offline, null, null, NothingKnownOf(meter.Port), null);

    private string NothingKnownOf(string port) => OwnerOf(port) is { } node
        ? $"Node {node} runs port {port}, and has not yet told how it is."
        : $"Nothing is known of port {port}, because no node that this one has heard of has run it.";
}
