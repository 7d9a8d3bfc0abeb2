namespace Iec102.Cluster.Nodes;

/// <summary>Sent after each exchange with the node directory: what all nodes say of themselves.</summary>
/// <param name="Reports">The newest report of each node, this one included.</param>
public sealed record NodesSeen(IReadOnlyList<StoredReport> Reports);
