namespace Iec102.Cluster.Leases;

/// <summary>
/// What is asked next in a session with the lock server: a beat when one is due; otherwise a lock, each once between two beats; otherwise a
/// release; and a beat before its time when a lock was taken, since only with that its guard opens.
/// </summary>
internal sealed class SessionAgenda
{
    private readonly HashSet<LockName> _tried = [];
    private bool _isToConfirm;

    /// <summary>How long it is until a beat is due.</summary>
    public static TimeSpan UntilBeat(LeaseSession session, Moment now) =>
        session.LastBeat is { } last ? last.Elapsed + LeaseTiming.Beat - now.Elapsed : TimeSpan.Zero;

    /// <summary>A beat was answered.</summary>
    public void Beaten() => _tried.Clear();

    /// <summary>The lock of a port was taken.</summary>
    public void PortLocked() => _isToConfirm = true;

    /// <summary>The session was given up.</summary>
    public void GivenUp()
    {
        _isToConfirm = false;
        _tried.Clear();
    }

    /// <summary>What to ask now; null when there is nothing.</summary>
    /// <param name="session">The session.</param>
    /// <param name="locks">The locks that are to be tried.</param>
    /// <param name="released">The ports whose locks are to be released.</param>
    /// <param name="now">The moment.</param>
    public (LockCall Call, LockName? Name)? Next(
        LeaseSession session, IEnumerable<LockName> locks, IEnumerable<string> released, Moment now)
    {
        var isDue = UntilBeat(session, now) <= TimeSpan.Zero;
        if (!isDue && locks.Where(name => !_tried.Contains(name)).Cast<LockName?>().FirstOrDefault() is { } name)
        {
            _tried.Add(name);
            return (LockCall.Lock, name);
        }

        if (!isDue && released.FirstOrDefault() is { } port)
            return (LockCall.Unlock, LockName.OfPort(port));
        if (!isDue && !_isToConfirm)
            return null;
        _isToConfirm = false;
        return (LockCall.Beat, null);
    }
}
