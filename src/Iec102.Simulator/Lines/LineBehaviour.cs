using Iec102.Simulator.Faults;

namespace Iec102.Simulator.Lines;

/// <summary>
/// What some converters and shared gateways do to every frame (protocol notes 8). It always happens, unlike the faults of a
/// <see cref="FaultPlan"/>, which happen by chance.
/// </summary>
public sealed record LineBehaviour
{
    /// <summary>How many octets 0xFF precede each answer.</summary>
    public int JunkOctets { get; init; }

    /// <summary>
    /// Whether a Modbus RTU answer of another device on the gateway precedes and follows each answer; it contains octets that can begin a
    /// frame.
    /// </summary>
    public bool HasModbus { get; init; }

    /// <summary>How many link status requests on each connection are answered with leftovers of an earlier reading.</summary>
    public int LeftoversAtHandshake { get; init; }

    /// <summary>How long the line receives nothing after a connection is made.</summary>
    public TimeSpan DeafAfterConnect { get; init; }

    /// <summary>Whether answers are delivered octet by octet.</summary>
    public bool OctetByOctet { get; init; }

    /// <summary>Whether the TCP port of the line serves several connections side by side; otherwise a new one replaces the last.</summary>
    public bool IsShared { get; init; }
}
