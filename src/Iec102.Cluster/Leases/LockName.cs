using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Iec102.Cluster.Leases;

/// <summary>What a lock is about: the line of a port, the name of a node, or that a node leaves.</summary>
/// <param name="Kind">Which of them.</param>
/// <param name="Id">The id of the port or node.</param>
public readonly record struct LockName(LockKind Kind, string Id)
{
    /// <summary>The lock of a floating port.</summary>
    public static LockName OfPort(string id) => new(LockKind.Port, id);

    /// <summary>The lock by which a node shows that it lives, and that no other process has its id.</summary>
    public static LockName OfNode(string id) => new(LockKind.Node, id);

    /// <summary>
    /// The lock by which a node that ends lets the others take its ports at once: it shows that it wants none, and that its session lives,
    /// whose end they would have to wait out.
    /// </summary>
    public static LockName OfLeaving(string id) => new(LockKind.Leaving, id);

    /// <summary>
    /// The number under which the server keeps the lock: the first 8 octets of the SHA-256 of <c>iec102 port north</c>. It is computed
    /// here, so that two ports with the same number can be found without a server.
    /// </summary>
    public long Key => HashOf($"iec102 {this}");

    /// <summary>The first 8 octets of the SHA-256 of a text, the most significant first.</summary>
    internal static long HashOf(string text) => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>For logs: <c>port north</c>.</summary>
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()} {Id}";
}

/// <summary>The kinds of locks.</summary>
public enum LockKind
{
    /// <summary>The line of a port.</summary>
    Port,

    /// <summary>The name of a node.</summary>
    Node,

    /// <summary>That a node leaves.</summary>
    Leaving,
}
