namespace Iec102.Fleet;

/// <summary>Where the server keeps what it records.</summary>
/// <param name="Postgres">The Npgsql connection string of the PostgreSQL database that all nodes share.</param>
public sealed record StoreConfiguration(SecretText Postgres);

/// <summary>Rules that are the same on every node.</summary>
public sealed record ClusterConfiguration
{
    /// <summary>How long a port's preferred node must be back before the port is given back to it.</summary>
    public TimeSpan Handback { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The key with which nodes call one another; null when there is none, which is enough only on loopback.</summary>
    public SecretText? Key { get; init; }
}

/// <summary>
/// This process among the nodes: the one section that differs from node to node. Without it, the server is alone and owns every port.
/// </summary>
/// <param name="Id">The node's name: letters, digits, '-' and '_', 1 to 64.</param>
/// <param name="Url">The address at which the other nodes reach the API of this one.</param>
public sealed record NodeConfiguration(string Id, Uri Url)
{
    /// <summary>The least <see cref="Ttl"/>.</summary>
    public static readonly TimeSpan ShortestTtl = TimeSpan.FromSeconds(2);

    /// <summary>The greatest <see cref="Ttl"/>.</summary>
    public static readonly TimeSpan LongestTtl = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long the coordination session may be silent before the database frees the node's locks: 6 s, and 15 s for a node behind a WAN.
    /// </summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>A PEM file with the certificate of the API, if it listens at an https address.</summary>
    public string? Certificate { get; init; }

    /// <summary>A PEM file with the key of <see cref="Certificate"/>.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>A PEM file with the authority that signed the certificates of the nodes; null for those that the system trusts.</summary>
    public string? CertificateAuthority { get; init; }
}

/// <summary>Which nodes may own the line of a port. A serial port is always pinned when there are nodes.</summary>
public sealed record PortPlacement
{
    /// <summary>Any node may own it; so it is when the configuration says nothing.</summary>
    public static PortPlacement Any { get; } = new();

    /// <summary>The only node that may own it, without a lease; null when the port floats.</summary>
    public string? Node { get; init; }

    /// <summary>The nodes among which it floats, the preferred one first; empty when it floats among all nodes.</summary>
    public ValueList<string> Nodes { get; init; } = [];

    /// <summary>Whether there may be a node that owns this port and one of another placement at once.</summary>
    public bool Meets(PortPlacement other)
    {
        var (mine, others) = (Owners, other.Owners);
        return mine.Count == 0 || others.Count == 0 || mine.Any(others.Contains);
    }

    private ValueList<string> Owners => Node is null ? Nodes : [Node];
}
