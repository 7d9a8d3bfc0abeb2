using Iec102.Cluster.Nodes;
using Iec102.Fleet;

namespace Iec102.Cluster.Leases;

/// <summary>
/// Whose turn it is to own a floating port: that of the first node in the port's order that is able to. A node is able that lives, is not
/// draining, and has not given the port up. Where all drain, what one has stays there, and what is free is taken all the same.
/// </summary>
/// <param name="own">What this node says of itself, which is newer than its own report among <paramref name="others"/>.</param>
/// <param name="alive">The nodes whose names are locked.</param>
/// <param name="others">What the nodes say of themselves.</param>
public sealed class Placement(OwnPlace own, IReadOnlySet<string> alive, IReadOnlyList<NodeReport> others)
{
    private readonly Dictionary<string, NodeReport> _reports =
        others.Where(report => report.Id != own.Id).ToDictionary(report => report.Id, StringComparer.Ordinal);

    /// <summary>
    /// The nodes that may own a port, the preferred one first: those of its configuration, or all nodes in an order that is the same on
    /// every node and spreads the ports evenly.
    /// </summary>
    public IReadOnlyList<string> Order(PortConfiguration port) => port.Placement.Nodes.Count > 0
        ? port.Placement.Nodes
        : [.. alive.Union(_reports.Keys).Append(own.Id).Distinct()
            .OrderByDescending(node => LockName.HashOf($"{port.Id} {node}")).ThenBy(node => node, StringComparer.Ordinal)];

    /// <summary>Whether a node could own a port.</summary>
    public bool IsAble(string node, string port) => IsWilling(node) && !UnableOf(node).Contains(port);

    /// <summary>
    /// The node whose turn it is; null when it is nobody's. When every node has given the port up, the first of them tries.
    /// </summary>
    public string? Turn(PortConfiguration port)
    {
        var order = Order(port);
        return order.FirstOrDefault(node => IsAble(node, port.Id)) ?? order.FirstOrDefault(IsWilling);
    }

    /// <summary>The draining node that takes a port which is free, so that it does not stay unread when it is nobody's turn.</summary>
    public string? LastResort(PortConfiguration port)
    {
        var order = Order(port).Where(node => node == own.Id || alive.Contains(node)).ToList();
        return Turn(port) is not null ? null
            : order.FirstOrDefault(node => !UnableOf(node).Contains(port.Id)) ?? order.FirstOrDefault();
    }

    /// <summary>Whether another node could own the port.</summary>
    public bool HasOther(PortConfiguration port) => Order(port).Any(node => node != own.Id && IsAble(node, port.Id));

    private bool IsWilling(string node) => node == own.Id
        ? !own.IsDraining
        : alive.Contains(node) && !(_reports.TryGetValue(node, out var report) && report.IsDraining);

    private IReadOnlySet<string> UnableOf(string node) =>
        node == own.Id ? own.Unable : _reports.TryGetValue(node, out var report) ? report.Unable : new SortedSet<string>();
}

/// <summary>What the placement knows of its own node.</summary>
/// <param name="Id">Its id.</param>
/// <param name="IsDraining">It gives its ports away.</param>
/// <param name="Unable">The ports that it has given up.</param>
public sealed record OwnPlace(string Id, bool IsDraining, IReadOnlySet<string> Unable);
