using Akka.Actor;

namespace Iec102.Acquisition.Profiles;

/// <summary>
/// The meter that last asked a curve's actor. Kept outside the actor and given to it, so that one that comes back after its journal failed
/// can tell the meter, which would otherwise wait in vain for an answer.
/// </summary>
public sealed class CurveAsker
{
    internal IActorRef Meter { get; set; } = ActorRefs.Nobody;
}
