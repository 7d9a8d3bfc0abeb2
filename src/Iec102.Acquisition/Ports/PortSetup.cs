using Akka.Actor;
using Iec102.Lines;

namespace Iec102.Acquisition.Ports;

/// <summary>What the actor of a port works with.</summary>
/// <param name="Settings">Its settings.</param>
/// <param name="Line">Opens its line.</param>
/// <param name="LiveState">Is sent <see cref="PortStatus"/>.</param>
/// <param name="Time">The clock.</param>
/// <param name="Meters">The meters registered with an earlier actor of this port, or none.</param>
/// <param name="Pause">The pause of an earlier actor of this port, or none.</param>
public sealed record PortSetup(
    PortSettings Settings, ILineFactory Line, IActorRef LiveState, TimeProvider Time, PortMeters Meters, LinePause Pause);
