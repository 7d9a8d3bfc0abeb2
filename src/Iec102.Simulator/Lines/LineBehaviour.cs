namespace Iec102.Simulator;

/// <summary>What some converters and shared gateways do to every frame (protocol notes 8), always and not by chance as a <see cref="FaultPlan"/> does.</summary>
public sealed record LineBehaviour
{
    /// <summary>How many octets 0xFF come before each answer.</summary>
    public int JunkOctets { get; init; }

    /// <summary>Before and behind each answer comes a Modbus-RTU answer of another device on the gateway; it holds octets that frames begin with.</summary>
    public bool HasModbus { get; init; }

    /// <summary>How many requests of the link status, on each connection, get the leftovers of an earlier reading instead of an answer.</summary>
    public int LeftoversAtHandshake { get; init; }

    /// <summary>For so long after a connection nothing is heard.</summary>
    public TimeSpan DeafAfterConnect { get; init; }

    /// <summary>Answers come octet by octet.</summary>
    public bool OctetByOctet { get; init; }
}
