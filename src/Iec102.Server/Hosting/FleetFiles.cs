using Iec102.Cluster.Leases;
using Iec102.Fleet;

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
}
