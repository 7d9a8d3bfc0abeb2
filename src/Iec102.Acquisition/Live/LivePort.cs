using Iec102.Acquisition.Gateway;
using Iec102.Acquisition.Ports;

namespace Iec102.Acquisition.Live;

/// <summary>The present state of a port.</summary>
/// <param name="Id">The port's id.</param>
public sealed record LivePort(string Id)
{
    /// <summary>Its status; null before it has reported for the first time, and for an unknown port.</summary>
    public PortStatus? Status { get; init; }

    /// <summary>Its gateway; null when it has none.</summary>
    public GatewayStatus? Gateway { get; init; }
}
