using System.Collections.Immutable;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;

namespace Iec102.Acquisition.Fleets;

/// <summary>The part of the fleet that this node runs. It outlives a fleet's actor that fails.</summary>
public sealed class FleetShare
{
    private readonly bool _isWhole;

    /// <summary>The port of each meter that was ever run here: a curve does not know it, and ends after its meter.</summary>
    private readonly Dictionary<string, string> _portOf = new(StringComparer.Ordinal);

    /// <param name="isWhole">Whether there is only one node, which runs everything.</param>
    internal FleetShare(bool isWhole) => _isWhole = isWhole;

    /// <summary>What the owner has told last; null before the first time.</summary>
    internal OwnPorts? Told { get; set; }

    /// <summary>The ports that this node owns; none before it is told.</summary>
    internal ImmutableHashSet<string> Ports => Told?.Ports ?? [];

    /// <summary>The owned ports of a fleet, with their meters, and all that is disabled: every node knows as much of that.</summary>
    internal FleetConfiguration Of(FleetConfiguration fleet)
    {
        if (_isWhole)
            return fleet;
        foreach (var meter in fleet.Meters.Where(meter => Ports.Contains(meter.Port)))
            _portOf[meter.Id] = meter.Port;
        var off = fleet.Ports.Where(port => !port.Enabled).Select(port => port.Id).ToHashSet(StringComparer.Ordinal);
        return fleet with
        {
            Ports = [.. fleet.Ports.Where(port => !port.Enabled || Ports.Contains(port.Id))],
            Meters = [.. fleet.Meters.Where(meter => !meter.Enabled || off.Contains(meter.Port) || Ports.Contains(meter.Port))],
        };
    }

    /// <summary>The ports of which anything runs.</summary>
    internal ImmutableHashSet<string> Running(IEnumerable<RunningChild> children) => [.. children.Select(child => child.Plan.Settings switch
    {
        MeterConfiguration meter => meter.Port,
        ProfileSettings curve => _portOf[curve.Meter],
        _ => child.Plan.Child.Id,
    })];
}
