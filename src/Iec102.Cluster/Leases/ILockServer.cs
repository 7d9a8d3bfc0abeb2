namespace Iec102.Cluster.Leases;

/// <summary>Gives out the locks that say who owns a line. In the product this is PostgreSQL; the simulation has one of its own.</summary>
public interface ILockServer
{
    /// <summary>
    /// Opens the coordination session of a node. The server ends it, and frees its locks, when nothing is heard from it for
    /// <paramref name="ttl"/>.
    /// </summary>
    /// <param name="ttl">How long the session may be silent.</param>
    /// <param name="ct">Cancels the attempt; no session stays open.</param>
    /// <exception cref="LockServerException">The server cannot be reached, or refuses.</exception>
    Task<ILockSession> OpenAsync(TimeSpan ttl, CancellationToken ct);
}

/// <summary>
/// A node's session with the lock server. At most one call may be pending at a time. After a failure, or after the server has ended it, the
/// session is useless: dispose it and open another one.
/// </summary>
public interface ILockSession : IAsyncDisposable
{
    /// <summary>Shows the server that the node lives.</summary>
    /// <returns>All locks that are held now by any session, this one included.</returns>
    /// <exception cref="LockServerException">No answer, or the session has ended.</exception>
    Task<IReadOnlyList<HeldLock>> BeatAsync(CancellationToken ct);

    /// <summary>Takes a lock unless another session holds it; never waits for it.</summary>
    /// <returns>Whether this session holds it now.</returns>
    /// <exception cref="LockServerException">No answer, or the session has ended.</exception>
    Task<bool> TryLockAsync(LockName name, CancellationToken ct);

    /// <summary>Releases a lock that this session holds.</summary>
    /// <exception cref="LockServerException">No answer, or the session has ended.</exception>
    Task UnlockAsync(LockName name, CancellationToken ct);
}
