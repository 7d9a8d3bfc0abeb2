using Iec102.Cluster.Nodes;
using NodaTime;

namespace Iec102.Contract;

/// <summary>
/// A node in the API, as the node that was asked sees it. Whether its store is up is not known of one that is not heard; while the node
/// that was asked has no store itself, nobody is called lost.
/// </summary>
public sealed record NodeModel(
    string Id, string Url, string Version, string Since, string FleetHash, IReadOnlyList<string> Ports, IReadOnlyList<string> Unable,
    bool? StoreUp, bool? ClockSynchronised, bool Draining, string AsOf, double AgeSeconds, bool Lost, bool IsThis)
{
    /// <summary>The nodes in the order of ids. What a silent node ran last, and another one runs now, is that one's.</summary>
    public static IReadOnlyList<NodeModel> Of(IEnumerable<SeenNode> nodes, NodesView view, Instant now, DateTimeZone zone)
    {
        var all = nodes.ToList();
        var run = all.Where(node => !node.IsSilent).SelectMany(node => node.Report.Ports).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. all.Select(node => Of(node.IsSilent ? Without(node) : node, view, now, zone))
                .OrderBy(node => node.Id, NaturalOrder.Instance),
        ];

        SeenNode Without(SeenNode node) => node with { Report = node.Report with { Ports = node.Report.Ports.Except(run) } };
    }

    private static NodeModel Of(SeenNode node, NodesView view, Instant now, DateTimeZone zone)
    {
        var (report, isThis) = (node.Report, node.Report.Id == view.Self);
        return new NodeModel(
            report.Id, report.Url.GetLeftPart(UriPartial.Authority), report.Version, TimeText.Format(report.Since, zone), report.FleetHash,
            [.. report.Ports], [.. report.Unable], isThis ? view.StoreAwaySince is null : node.IsSilent ? null : true,
            report.IsClockSynchronised, report.IsDraining, TimeText.Format(now - node.Age, zone), Math.Round(node.Age.TotalSeconds, 1),
            node.IsLost && view.StoreAwaySince is null, isThis);
    }
}

/// <summary>What was asked of a node.</summary>
public sealed record NodeDrainModel(string Node, bool Draining);
