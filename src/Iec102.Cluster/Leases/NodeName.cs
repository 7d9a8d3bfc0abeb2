namespace Iec102.Cluster.Leases;

/// <summary>
/// What a process knows of the lock of its node's name: whether the name is its own, so that nobody else runs the ports that are pinned to
/// the node. It outlives a lease's actor that fails: pinned ports do not stop for that, even while the server is away.
/// </summary>
public sealed class NodeName
{
    private TimeSpan? _refusedSince;
    private bool _isDisputed;

    internal NodeName()
    {
    }

    /// <summary>The process has had the name.</summary>
    internal bool WasHad { get; private set; }

    /// <summary>
    /// A second process of the name must not run the same ports: whose name it is, only a server that is away does not say.
    /// </summary>
    internal bool MayRunPinned { get; private set; }

    /// <summary>The name was taken.</summary>
    internal void Had() => (_refusedSince, WasHad, MayRunPinned) = (null, true, true);

    /// <summary>The server is away.</summary>
    internal void CannotBeAsked() => MayRunPinned = true;

    /// <summary>The name is held by another session.</summary>
    /// <param name="patience">How long that may be the session of a process before this one, which has crashed.</param>
    /// <param name="now">The moment.</param>
    /// <returns>Whether it has become certain that it is another process, which is said once.</returns>
    internal bool Refused(TimeSpan patience, TimeSpan now)
    {
        _refusedSince ??= now;
        if (now - _refusedSince <= patience || _isDisputed)
            return false;
        return _isDisputed = true;
    }
}
