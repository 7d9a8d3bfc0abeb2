using System.Net;
using Iec102.Lines;

namespace Iec102.Fleet;

/// <summary>The rules that concern several ports or meters.</summary>
internal static class FleetRules
{
    /// <summary>Checks that every meter's port exists.</summary>
    public static void CheckPorts(List<MeterDraft> meters, List<PortDraft> ports)
    {
        var ids = ports.Select(port => port.Port.Id).ToHashSet(StringComparer.Ordinal);
        var homeless = meters.Where(draft => draft.Section.Word("port") is not null && !ids.Contains(draft.Meter.Port));
        foreach (var (meter, section, _, _) in homeless)
        {
            var hint = Nearest.To(meter.Port, ids) is { } nearest ? $"the nearest is '{nearest}'" : "the fleet has no ports";
            section.ReportValue("port", $"there is no port '{meter.Port}'; {hint}.");
        }
    }

    /// <summary>
    /// Checks that no two meters on one port have the same link and point address: their answers could not be told apart.
    /// </summary>
    public static void CheckAddresses(List<MeterDraft> meters)
    {
        var first = new Dictionary<(string Port, ushort Link, ushort Point), string>();
        foreach (var (meter, section, _, _) in meters.Where(draft => draft.Addressed))
        {
            if (first.TryAdd((meter.Port, meter.LinkAddress, meter.PointAddress), meter.Id))
                continue;

            var other = first[(meter.Port, meter.LinkAddress, meter.PointAddress)];
            section.ReportValue(
                section.Has("link-address") ? "link-address" : section.Has("meter-number") ? "meter-number" : "port",
                $"link address {meter.LinkAddress} and point address {meter.PointAddress} on port '{meter.Port}' "
                + $"are already those of meter '{other}'; "
                + "correct one of them, or give the points of one device different point addresses.");
        }
    }

    /// <summary>Checks that no two gateways that one node may have listen on the same address and port.</summary>
    public static void CheckGateways(List<PortDraft> ports)
    {
        var earlier = new List<(string Id, PortPlacement Placement, IPEndPoint Listen)>();
        foreach (var (port, _, section, _) in ports)
        {
            if (port is not { Enabled: true, Gateway.Listen: { Port: > 0 } listen } || section is null)
                continue;
            var first = earlier.Find(other => other.Listen.Port == listen.Port && Overlap(other.Listen.Address, listen.Address)
                && other.Placement.Meets(port.Placement));
            if (first.Id is not null)
                section.ReportValue(
                    "listen", $"TCP port {listen.Port} is already used by the gateway of port '{first.Id}'; give each gateway its own.");
            earlier.Add((port.Id, port.Placement, listen));
        }
    }

    /// <summary>
    /// Checks that each serial port is pinned where there are nodes: where <c>iec102.node</c> is written, or <c>node</c> or <c>nodes</c> in
    /// any port.
    /// </summary>
    public static void CheckPlacements(List<PortDraft> ports, FleetSection? node)
    {
        if (node is null && !ports.Any(port => port.Section.Has("node") || port.Section.Has("nodes")))
            return;
        foreach (var (_, _, _, section) in ports.Where(port => port.Port.Serial is not null && !port.Section.Has("node")))
        {
            const string Needed = "where there are nodes, a serial port needs node = ID, the node that its device is connected to";
            if (section.Has("nodes"))
                section.ReportValue("nodes", $"only TCP ports can float: {Needed}.");
            else
                section.ReportMissing("node", $"is missing: {Needed}.");
        }
    }

    /// <summary>Checks that this node can share its work with others, and does not show the key of the nodes to anybody.</summary>
    public static void CheckNode(FleetSection? section, FleetConfiguration fleet, bool hasStore)
    {
        if (section is null || fleet.Node is not { } node)
            return;
        if (!hasStore)
            section.ReportMissing(
                "id", "a node needs iec102.store { postgres = \"...\" }, the database that all nodes share; a server that is alone needs "
                + "no iec102.node.");
        if (node.Url.IsLoopback || fleet.Api.AllowAnonymous)
            return;
        if (node.Url.Scheme == "http")
            section.ReportValue(
                "url", "the key of the nodes and the keys of the API would cross the network in the clear: use https, or, where everybody "
                + "on the network may do everything, iec102.api.allow-anonymous = true.");
        else if (fleet.Cluster.Key is null)
            section.ReportValue(
                "url", "nodes on other computers let this one in by a key: write iec102.cluster.key, the same on every node.");
    }

    private static bool Overlap(IPAddress a, IPAddress b) => a.Equals(b) || IsAny(a) || IsAny(b);

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    /// <summary>
    /// The port with its line format: the one that is written, otherwise the one on which the presets of its meters agree.
    /// </summary>
    public static PortConfiguration WithLine(PortDraft draft, List<MeterDraft> meters)
    {
        var port = draft.Port;
        if (draft.LineMissing is not { } section)
            return port;

        var lines = meters.Where(meter => meter.Meter.Port == port.Id && meter.Preset is not null)
            .Select(meter => meter.Preset!.Line)
            .Distinct()
            .ToList();
        if (lines is [LineFormat line])
        {
            return port with
            {
                Serial = port.Serial is { } serial ? serial with { Format = line } : null,
                Tcp = port.Tcp is { } tcp ? tcp with { Format = line } : null,
            };
        }

        section.ReportMissing("line", lines.Count == 0
            ? "is missing: write the speed and character format that is set in the meters, such as line = \"9600-8E1\"."
            : $"is missing: the presets of the meters on this port differ ({string.Join(", ", lines)}); "
                + "write the one that is set in them.");
        return port;
    }
}
