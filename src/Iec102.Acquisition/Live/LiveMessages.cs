using System.Collections.Immutable;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;

namespace Iec102.Acquisition.Live;

// Commands to the LiveStateActor.

/// <summary>A meter was taken out of the fleet: forget it.</summary>
/// <param name="Meter">The meter's id.</param>
public sealed record ForgetMeter(string Meter);

/// <summary>A curve is no longer recorded: forget it.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="Curve">The curve.</param>
public sealed record ForgetCurve(string Meter, Curve Curve);

/// <summary>A port was taken out of the fleet: forget it and its gateway.</summary>
/// <param name="Port">The port's id.</param>
public sealed record ForgetPort(string Port);

/// <summary>A port no longer has a gateway: forget it.</summary>
/// <param name="Port">The port's id.</param>
public sealed record ForgetGateway(string Port);

/// <summary>
/// From now on the sender wants to be sent, as they happen: <see cref="CurrentValuesRead"/>, <see cref="CurveRecorded"/>,
/// <see cref="EventsStored"/>, and <see cref="PortStatus"/> and <see cref="MeterStatus"/> when the state has changed. Not answered;
/// watching twice is the same as watching once. A watcher that has stopped is forgotten; all are forgotten when the live state itself is
/// restarted.
/// </summary>
public sealed record Watch;

/// <summary>The sender no longer wants to be sent news. Not answered.</summary>
public sealed record Unwatch;

/// <summary>Asks for one port; answered by <see cref="LivePort"/>.</summary>
/// <param name="Port">The port's id.</param>
public sealed record GetPort(string Port);

/// <summary>Asks for all ports; answered by <see cref="LivePorts"/>.</summary>
public sealed record GetPorts;

/// <summary>Asks for one meter; answered by <see cref="LiveMeter"/>.</summary>
/// <param name="Meter">The meter's id.</param>
public sealed record GetMeter(string Meter);

/// <summary>Asks for all meters; answered by <see cref="LiveMeters"/>.</summary>
public sealed record GetMeters;

// Answers and events of the LiveStateActor.

/// <summary>Answer to <see cref="GetPorts"/>.</summary>
/// <param name="ById">The ports by id.</param>
public sealed record LivePorts(ImmutableSortedDictionary<string, LivePort> ById);

/// <summary>Answer to <see cref="GetMeters"/>.</summary>
/// <param name="ById">The meters by id.</param>
public sealed record LiveMeters(ImmutableSortedDictionary<string, LiveMeter> ById);

/// <summary>
/// Published on the system's event stream: the live state failed and was restarted; it knows only what is reported from now on.
/// </summary>
public sealed record LiveStateRestarted;
