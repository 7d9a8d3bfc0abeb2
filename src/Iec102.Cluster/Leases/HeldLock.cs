namespace Iec102.Cluster.Leases;

/// <summary>A lock that is held, as the server sees it.</summary>
/// <param name="Key">The <see cref="LockName.Key"/> of the lock.</param>
/// <param name="Session">The session that holds it; each has a number of its own.</param>
/// <param name="Silence">How long nothing was heard from that session.</param>
public readonly record struct HeldLock(long Key, long Session, TimeSpan Silence);
