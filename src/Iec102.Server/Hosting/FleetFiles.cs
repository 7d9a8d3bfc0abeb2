using Iec102.Cluster.Leases;
using Iec102.Fleet;
using Iec102.Hocon;

namespace Iec102.Server.Hosting;

/// <summary>The files that say what a server is to do.</summary>
/// <param name="Fleet">The fleet file.</param>
/// <param name="Node">The file with the section of this node; null when that stands in the fleet file, or there is none.</param>
internal sealed record FleetFiles(string Fleet, string? Node)
{
    /// <summary>The full paths of both.</summary>
    public ValueList<string> Paths => Node is null ? [Path.GetFullPath(Fleet)] : [Path.GetFullPath(Fleet), Path.GetFullPath(Node)];

    /// <summary>Reads both.</summary>
    public FleetReading Read() => FleetReader.ReadFile(Fleet, nodeFile: Node, objections: LeaseObjections.To);

    /// <summary>Reads both for a server, which must be a node where the ports name nodes.</summary>
    public FleetReading ReadToServe(HoconOptions? options = null) =>
        FleetReader.ReadFile(
            Fleet, options, nodeFile: Node, objections: fleet => [.. LeaseObjections.To(fleet), .. PortsOfNodes(fleet)]);

    private static IEnumerable<FleetObjection> PortsOfNodes(FleetConfiguration fleet) => fleet.Node is not null ? [] :
        from port in fleet.Ports
        where port.Placement.Node is not null || port.Placement.Nodes.Count > 0
        select new FleetObjection(
            port.Id, port.Placement.Node is not null ? "node" : "nodes",
            "says that this fleet has nodes, and this server is none: start it with --node FILE.");
}
