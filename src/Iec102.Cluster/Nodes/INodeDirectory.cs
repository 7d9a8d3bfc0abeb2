namespace Iec102.Cluster.Nodes;

/// <summary>Where nodes read what the others say of themselves. In the product this is a table of the shared database.</summary>
public interface INodeDirectory
{
    /// <summary>Stores this node's report and reads all, this one included.</summary>
    /// <param name="own">The report of this node; null to store nothing.</param>
    /// <param name="ct">Cancels the exchange.</param>
    Task<IReadOnlyList<StoredReport>> ExchangeAsync(NodeReport? own, CancellationToken ct);
}
