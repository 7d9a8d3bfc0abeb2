using Akka.Actor;

namespace Iec102.Acquisition.Profiles;

/// <summary>What a curve's actor leaves to the one that is started in its place. Kept outside the actors and given to each.</summary>
public sealed class Predecessor
{
    /// <summary>The meter that asked last: it would wait in vain for an answer unless it is told of the restart.</summary>
    internal IActorRef Meter { get; set; } = ActorRefs.Nobody;

    /// <summary>Whether the recovery was given up because events were missing.</summary>
    internal bool LackedEvents { get; set; }
}
