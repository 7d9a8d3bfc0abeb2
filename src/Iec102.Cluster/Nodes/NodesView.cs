using Iec102.Acquisition;
using NodaTime;

namespace Iec102.Cluster.Nodes;

/// <summary>A node as this one sees it.</summary>
/// <param name="Report">What it last said.</param>
/// <param name="Age">How long ago that was.</param>
/// <param name="IsSilent">It has been silent for longer than a node that works is.</param>
public sealed record SeenNode(NodeReport Report, Duration Age, bool IsSilent)
{
    /// <summary>How long ago the states of its ports and meters were as it has stored them.</summary>
    public Duration StatesAge => Age + Report.StatesAge;

    /// <summary>It is silent and did not leave: one that drained and then fell silent, without a port, was taken out of service.</summary>
    public bool IsLost => IsSilent && !(Report.IsDraining && Report.Ports.IsEmpty);
}

/// <summary>
/// What this node knows of all nodes, for code outside the actors: the actor of the directory updates it after each exchange, and anybody
/// may read it at any time.
/// </summary>
/// <param name="self">The id of this node.</param>
/// <param name="time">The clock.</param>
public sealed class NodesView(string self, TimeProvider time)
{
    private sealed record Shown(IReadOnlyList<StoredReport> Reports, TimeSpan At, Instant? AwaySince);

    private volatile Shown _shown = new([], TimeSpan.Zero, null);

    /// <summary>The id of this node.</summary>
    public string Self => self;

    /// <summary>Since when this node has been looking at the others.</summary>
    public Instant Since { get; } = time.Now();

    /// <summary>Since when the database does not answer; null while it does.</summary>
    public Instant? StoreAwaySince => _shown.AwaySince;

    /// <summary>All nodes of which something is known, by id, this one included; it is never lost to itself.</summary>
    public IReadOnlyList<SeenNode> Nodes
    {
        get
        {
            var shown = _shown;
            var since = Duration.FromTimeSpan(time.Elapsed() - shown.At);
            return [.. shown.Reports.Select(report => Seen(report with { Age = report.Age + since }))];
        }
    }

    /// <summary>
    /// The node that keeps the alarms: the first by id of those that are heard and can; null when none is known. Whether the nodes see each
    /// other at all, <see cref="StoreAwaySince"/> says.
    /// </summary>
    public SeenNode? AlarmKeeper => Nodes.Where(node => node is { IsSilent: false, Report.KeepsAlarms: true })
        .MinBy(node => node.Report.Id, StringComparer.Ordinal);

    /// <summary>The present state of one node; null when nothing is known of it.</summary>
    public SeenNode? Node(string id) => Nodes.FirstOrDefault(node => node.Report.Id == id);

    internal void Show(IReadOnlyList<StoredReport> reports) => _shown = new Shown(reports, time.Elapsed(), null);

    internal void ShowAway() => _shown = _shown with { AwaySince = _shown.AwaySince ?? time.Now() };

    private SeenNode Seen(StoredReport stored) => new(stored.Report, stored.Age, stored.Report.Id != self && stored.IsSilent);
}
