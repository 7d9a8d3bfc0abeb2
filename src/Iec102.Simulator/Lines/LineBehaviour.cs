using Iec102.Simulator.Faults;

namespace Iec102.Simulator.Lines;

/// <summary>
/// What some converters and shared gateways do to every frame (protocol notes 8): always, not by chance like a <see cref="FaultPlan"/>.
/// </summary>
public sealed record LineBehaviour
{
    /// <summary>How many octets 0xFF precede each answer.</summary>
    public int JunkOctets { get; init; }

    /// <summary>
    /// A Modbus RTU answer of another device on the gateway precedes and follows each answer; it contains octets with which frames begin.
    /// </summary>
    public bool HasModbus { get; init; }

    /// <summary>How many link status requests on each connection are answered with leftovers of an earlier reading.</summary>
    public int LeftoversAtHandshake { get; init; }

    /// <summary>How long after a connection the line hears nothing.</summary>
    public TimeSpan DeafAfterConnect { get; init; }

    /// <summary>Answers are delivered octet by octet.</summary>
    public bool OctetByOctet { get; init; }
}
