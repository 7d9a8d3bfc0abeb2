using Iec102.Fleet;

namespace Iec102.Acquisition.Fleets;

// Commands to the FleetActor. What it answers is its FleetView, which anybody may look at.

/// <summary>
/// This is the fleet from now on, the first time or after a change. One that equals the fleet in force changes nothing, but withdraws a
/// rejection.
/// </summary>
/// <param name="Fleet">The configuration.</param>
public sealed record ApplyFleet(FleetConfiguration Fleet);

/// <summary>
/// The fleet file was changed and cannot be applied: the fleet stays as it is, and the problems are shown until a valid file comes.
/// </summary>
/// <param name="Problems">What is wrong with the file.</param>
public sealed record RejectFleet(ValueList<FleetProblem> Problems);

/// <summary>
/// Disconnects the gateways' clients, ends every session with 187, closes all lines, and then stops the fleet's actor itself.
/// </summary>
public sealed record EndFleet;
