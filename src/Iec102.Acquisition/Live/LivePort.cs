using System.Text.Json.Serialization;
using Iec102.Acquisition.Gateway;
using Iec102.Acquisition.Ports;
using NodaTime;

namespace Iec102.Acquisition.Live;

/// <summary>The present state of a port.</summary>
/// <param name="Id">The port's id.</param>
public sealed record LivePort(string Id)
{
    /// <summary>Its status; null before it has reported for the first time, and for an unknown port.</summary>
    public PortStatus? Status { get; init; }

    /// <summary>It is configured with enabled = false, so it needs no node.</summary>
    [JsonIgnore]
    public bool IsDisabled => Status?.State == PortState.Disabled;

    /// <summary>Its gateway; null when it has none.</summary>
    public GatewayStatus? Gateway { get; init; }

    /// <summary>The node that runs it; null when there are no nodes, and while it is disabled.</summary>
    [JsonIgnore]
    public Sight? Sight { get; init; }
}

/// <summary>How well a node sees a port or a meter, which may be run by another one.</summary>
/// <param name="Node">The node that runs it, was the last to do so, or is the only one that may; null when there is none of these.</param>
/// <param name="AsOf">When its state was last known to be as it is shown; null when nothing was ever known of it.</param>
/// <param name="IsLost">Nobody is known to run it now.</param>
public sealed record Sight(string? Node, Instant? AsOf, bool IsLost = false);
