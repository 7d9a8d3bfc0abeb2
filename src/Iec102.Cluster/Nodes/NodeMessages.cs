namespace Iec102.Cluster.Nodes;

/// <summary>From now on the sender wants to be sent <see cref="NodesSeen"/>. Not answered.</summary>
public sealed record TellNodes;

/// <summary>Sent after each exchange with the node directory: what all nodes say of themselves.</summary>
/// <param name="Reports">The newest report of each node, this one included.</param>
public sealed record NodesSeen(IReadOnlyList<StoredReport> Reports);
