namespace Iec102.Cluster.Leases;

/// <summary>What a lock is about: the line of a port, or the name of a node.</summary>
/// <param name="Kind">Which of the two.</param>
/// <param name="Id">The id of the port or node.</param>
public readonly record struct LockName(LockKind Kind, string Id)
{
    /// <summary>The lock of a floating port.</summary>
    public static LockName OfPort(string id) => new(LockKind.Port, id);

    /// <summary>The lock by which a node shows that it lives, and that no other process has its id.</summary>
    public static LockName OfNode(string id) => new(LockKind.Node, id);

    /// <summary>For logs and as the text that is hashed: <c>port north</c>.</summary>
    public override string ToString() => $"{(Kind == LockKind.Port ? "port" : "node")} {Id}";
}

/// <summary>The kinds of locks.</summary>
public enum LockKind
{
    /// <summary>The line of a port.</summary>
    Port,

    /// <summary>The name of a node.</summary>
    Node,
}
