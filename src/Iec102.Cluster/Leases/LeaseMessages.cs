namespace Iec102.Cluster.Leases;

/// <summary>
/// Sent to the lease's actor: before maintenance the node gives each floating port away as soon as another node can own it, and takes none
/// until it is told that it is over, or is started again. Not answered; <see cref="LeaseView"/> shows what has become of it.
/// </summary>
/// <param name="IsDraining">Whether it begins or is over.</param>
public sealed record DrainNode(bool IsDraining);

/// <summary>
/// Sent to the lease's actor when the server stops, beside <c>EndFleet</c> to the fleet: locks are released as their ports end, and the
/// actor stops once the last one is.
/// </summary>
public sealed record EndLease;
