using System.Collections.Immutable;
using Iec102.Fleet;

namespace Iec102.Acquisition.Fleets;

// Commands to the FleetActor. It does not answer them: its FleetView, which anybody may read, shows what has become of them.

/// <summary>
/// This is the fleet from now on, at the start or after a change. One that equals the fleet in force changes nothing, but withdraws a
/// rejection.
/// </summary>
/// <param name="Fleet">The configuration.</param>
public sealed record ApplyFleet(FleetConfiguration Fleet);

/// <summary>
/// The fleet file was changed and cannot be applied: the fleet stays as it is, and the problems are shown until the file is valid.
/// </summary>
/// <param name="Problems">What is wrong with the file.</param>
public sealed record RejectFleet(ValueList<FleetProblem> Problems);

/// <summary>
/// Disconnects the gateways' clients, ends every session with 187, closes all lines, and then stops the fleet's actor itself.
/// </summary>
public sealed record EndFleet;

// Sent to the writer.

/// <summary>
/// The zone of a meter's civil time, so that what is stored can be written out without the fleet file; sent when a meter is started. Not
/// answered.
/// </summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="ZoneId">The zone's id in the tz database.</param>
public sealed record StoreMeterZone(string Meter, string ZoneId);

/// <summary>
/// What the fleet file calls a meter, so that exports have it too; sent when a meter is first configured and when a label changes. Not
/// answered.
/// </summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="Labels">All its labels.</param>
public sealed record StoreMeterLabels(string Meter, MeterLabels Labels);

/// <summary>
/// From now on this node runs exactly these ports of the fleet, with their meters, curves and gateways; the others are ended in order.
/// Answered by <see cref="PortsRunning"/>. Only sent where there are nodes (<see cref="FleetSetup.Owner"/>), and by the owner only.
/// </summary>
/// <param name="Ports">The ids of the ports.</param>
public sealed record OwnPorts(ImmutableHashSet<string> Ports);

/// <summary>
/// Sent to <see cref="FleetSetup.Owner"/> at the start, after each change, and as the answer to <see cref="OwnPorts"/>: the ports of which
/// anything runs here (the port, a meter, a curve or the gateway). A port that is no longer among them has closed its line.
/// </summary>
/// <param name="Ports">The ids of the ports.</param>
/// <param name="Told">The very message by which this node was last told what to run; null before the first one. A later one may be on its
/// way.</param>
public sealed record PortsRunning(ImmutableHashSet<string> Ports, OwnPorts? Told);
