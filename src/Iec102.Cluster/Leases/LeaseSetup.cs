using Akka.Actor;
using Iec102.Cluster.Nodes;
using Iec102.Fleet;

namespace Iec102.Cluster.Leases;

/// <summary>What the lease's actor works with.</summary>
/// <param name="Node">This node.</param>
/// <param name="Server">Gives out the locks.</param>
/// <param name="Directory">Sends <see cref="NodesSeen"/> to who sends it <see cref="TellNodes"/>.</param>
/// <param name="LiveState">Knows which lines cannot be opened.</param>
/// <param name="View">Where it is shown what this node owns.</param>
/// <param name="Time">The clock.</param>
public sealed record LeaseSetup(
    NodeConfiguration Node, ILockServer Server, IActorRef Directory, IActorRef LiveState, LeaseView View, TimeProvider Time);
