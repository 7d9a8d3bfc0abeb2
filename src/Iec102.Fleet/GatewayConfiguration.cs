using System.Net;

namespace Iec102.Fleet;

/// <summary>A TCP listener through which other masters read the meters of a port.</summary>
public sealed record GatewayConfiguration
{
    /// <summary>The address and TCP port to listen on.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>The networks from which clients may connect; an empty list means only this computer.</summary>
    public ValueList<IPNetwork> Allow { get; init; } = [];

    /// <summary>What clients may do.</summary>
    public GatewayMode Mode { get; init; } = GatewayMode.ReadOnly;

    /// <summary>
    /// The keys with which a client may log in; with an empty list, the client needs the password of the meter that it reads.
    /// </summary>
    public ValueList<Secret> Keys { get; init; } = [];

    /// <summary>How many clients may be connected at once, 1 to 1000.</summary>
    public int MaxClients { get; init; } = 8;

    /// <summary>A client that sends no frame for this long is disconnected, 10 s to 1 d.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long a poll waits for its answer before it gets "no data", 0 to 60 s. It must be shorter than the time that the clients wait.
    /// </summary>
    public TimeSpan AnswerHold { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one request of a client may hold the line, 1 s to 1 h.</summary>
    public TimeSpan MaxHold { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether a client may connect from this address.</summary>
    public bool Allows(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Allow.Count == 0 ? IPAddress.IsLoopback(plain) : Allow.Any(network => network.Contains(plain));
    }
}

/// <summary>What a gateway's clients may do.</summary>
public enum GatewayMode
{
    /// <summary>Clients may only read; requests that change something in a meter are refused.</summary>
    ReadOnly,

    /// <summary>Clients may do everything that the meter allows them.</summary>
    Full,
}
