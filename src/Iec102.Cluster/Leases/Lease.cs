using System.Collections.Immutable;

namespace Iec102.Cluster.Leases;

/// <summary>
/// The rules by which a node owns lines through locks of a server that ends sessions which fall silent. Never do two nodes write to one
/// line: nobody opens a guard before that of the last owner has closed.
/// <list type="number">
/// <item>The guard of a lock is open until the ttl, less the margin, after the sending of the last beat that was answered in time. It
/// closes by the monotonic or the wall clock, whichever says so first, and does not open again in the session in which it closed.</item>
/// <item>A session that is new takes no lock before the longest ttl has passed since its first beat: by then every guard that was open
/// before has closed. Only a lock whose guard is still open from an earlier session of this process is taken at once, so that a restart of
/// the server moves nothing.</item>
/// <item>When another session ends, no lock is taken for as long as its guards may be open: a server ends a session at once when the
/// connection is lost. If it was seen silent for longer than <see cref="LeaseTiming.Sight"/>, its time counts from when it was last
/// heard.</item>
/// <item>A guard opens with a beat that is sent after the lock was taken: rule 3 applies to what happened meanwhile as well.</item>
/// <item>A session that was silent for longer than <see cref="LeaseTiming.LongestGap"/> is given up; and none is closed before it has held
/// a lock for <see cref="LeaseTiming.Sight"/>, so that every node has seen it (<see cref="MayClose"/>).</item>
/// <item>A lock is released only after its guard was closed, which is done once the port is gone.</item>
/// </list>
/// Immutable; the moments are passed in.
/// </summary>
public sealed record Lease(LeaseTiming Timing)
{
    /// <summary>The longest ttl that any node has; null before it is known, and then no lock is taken.</summary>
    public TimeSpan? LongestTtl { get; init; }

    /// <summary>The session with the server; null when there is none.</summary>
    public LeaseSession? Session { get; init; }

    /// <summary>The locks that this node holds, or whose guards are still open from an earlier session, by port.</summary>
    public ImmutableSortedDictionary<string, Hold> Holds { get; init; } =
        ImmutableSortedDictionary.Create<string, Hold>(StringComparer.Ordinal);

    /// <summary>A session was opened; no lock is held in it yet.</summary>
    public Lease Opened() => this with { Session = new LeaseSession() };

    /// <summary>The lock of the node's own name was taken; without it no lock of a port is taken, unless its guard is open.</summary>
    public Lease Named(Moment now) => this with { Session = Session is null ? null : Session.WithLock(now) with { IsNamed = true } };

    /// <summary>A beat was answered.</summary>
    /// <param name="sent">When it was sent.</param>
    /// <param name="now">When its answer was here.</param>
    /// <param name="held">The answer.</param>
    public Lease Beaten(Moment sent, Moment now, IReadOnlyList<HeldLock> held)
    {
        var lease = At(now);
        if (lease.Session is not { } session)
            return lease;
        if (IsTooLate(sent, now) || (session.LastBeat is { } last && sent.Since(last) > Timing.LongestGap))
            return lease.Lost();
        var seen = session.See(sent, now.Elapsed, held, Timing.Sight);
        return lease with
        {
            Session = seen,
            Holds = Change(
                lease.Holds,
                hold => hold is { IsLocked: true, IsReleased: false } && (hold.From is not null || lease.MayOpen(seen, now))
                    ? hold with { From = sent }
                    : hold),
        };
    }

    /// <summary>Whether the lock of a port that is free may be taken; rules about whose turn it is come on top.</summary>
    public bool MayTake(string port, Moment now) => Session is { LastBeat: not null } session && (Holds.TryGetValue(port, out var hold)
        ? !hold.IsLocked
        : session.IsNamed && MayOpen(session, now));

    /// <summary>The lock of a port was taken.</summary>
    /// <param name="port">The port.</param>
    /// <param name="margin">Its margin.</param>
    /// <param name="now">When the answer was here.</param>
    public Lease Locked(string port, TimeSpan margin, Moment now)
    {
        var lease = At(now);
        if (lease.Session is not { } session)
            return lease;
        var hold = lease.Holds.GetValueOrDefault(port) ?? new Hold(Timing.Ttl - margin);
        return lease with
        {
            Session = session.WithLock(now),
            Holds = lease.Holds.SetItem(port, hold with { IsLocked = true }),
        };
    }

    /// <summary>The port is gone: its guard is closed, and its lock can be released.</summary>
    public Lease Released(string port) => this with
    {
        Holds = Holds[port].IsLocked
            ? Holds.SetItem(port, Holds[port] with { From = null, IsReleased = true })
            : Holds.Remove(port),
    };

    /// <summary>The lock of a port was released.</summary>
    public Lease Unlocked(string port) => this with { Holds = Holds.Remove(port) };

    /// <summary>The session is useless. Guards stay open until their time is over.</summary>
    public Lease Lost() => this with
    {
        Session = null,
        Holds = Change(Holds, hold => hold.From is null ? null : hold with { IsLocked = false }),
    };

    /// <summary>The guard of a port was found closed before its time, because the clock had jumped for a while.</summary>
    public Lease Closed(string port)
    {
        var isLost = Holds[port].IsLocked;
        var lease = this with { Holds = Holds.Remove(port) };
        return isLost ? lease.Lost() : lease;
    }

    /// <summary>Closes the guards whose time is over. A session in which a guard has closed is useless.</summary>
    public Lease At(Moment now)
    {
        var isLost = Holds.Values.Any(hold => hold.IsLocked && hold.IsOver(now));
        var lease = this with { Holds = Change(Holds, hold => hold.IsOver(now) ? null : hold) };
        return isLost ? lease.Lost() : lease;
    }

    /// <summary>When the next guard closes, from now; null when none is open.</summary>
    public TimeSpan? NextClosing(Moment now) =>
        Holds.Values.Min(hold => hold.From is { } from ? hold.Open - now.Since(from) : (TimeSpan?)null);

    /// <summary>Whether a call has waited so long for its answer that the session is useless.</summary>
    public bool IsTooLate(Moment sent, Moment now) => now.Since(sent) > Timing.Operation;

    /// <summary>Whether the session may be closed. One that ended sooner might not have been seen by every node.</summary>
    public bool MayClose(Moment now) => Session?.FirstLock is not { } first || now.Elapsed - first > Timing.Sight;

    private bool MayOpen(LeaseSession session, Moment now) => LongestTtl is { } ttl && now.Elapsed >= session.QuietSince + ttl;

    private static ImmutableSortedDictionary<string, Hold> Change(
        ImmutableSortedDictionary<string, Hold> holds, Func<Hold, Hold?> change)
    {
        foreach (var (port, hold) in holds)
        {
            var changed = change(hold);
            if (changed is null)
                holds = holds.Remove(port);
            else if (changed != hold)
                holds = holds.SetItem(port, changed);
        }

        return holds;
    }
}

/// <summary>What a node knows through its session with the lock server.</summary>
public sealed record LeaseSession
{
    /// <summary>When the last answered beat was sent; null before the first answer.</summary>
    public Moment? LastBeat { get; init; }

    /// <summary>It holds the lock of the node's name.</summary>
    public bool IsNamed { get; init; }

    /// <summary>Since when it holds a lock, by the monotonic clock; null when it never held one.</summary>
    public TimeSpan? FirstLock { get; init; }

    /// <summary>
    /// By the monotonic clock: no session that has ended was heard after this moment, as far as is known.
    /// </summary>
    public TimeSpan QuietSince { get; init; }

    /// <summary>
    /// The sessions that hold locks; for those that were seen silent for long, when they were heard last, by the monotonic clock.
    /// </summary>
    public ImmutableSortedDictionary<long, TimeSpan?> Seen { get; init; } = ImmutableSortedDictionary<long, TimeSpan?>.Empty;

    internal LeaseSession See(Moment sent, TimeSpan now, IReadOnlyList<HeldLock> held, TimeSpan sight)
    {
        var seen = ImmutableSortedDictionary.CreateBuilder<long, TimeSpan?>();
        foreach (var one in held)
            seen[one.Session] = one.Silence > sight ? now - one.Silence : null;
        var quiet = LastBeat is null ? now : QuietSince;
        foreach (var (session, heard) in Seen)
        {
            if (!seen.ContainsKey(session) && (heard ?? now) > quiet)
                quiet = heard ?? now;
        }

        return this with { LastBeat = sent, QuietSince = quiet, Seen = seen.ToImmutable() };
    }

    internal LeaseSession WithLock(Moment now) => this with { FirstLock = FirstLock ?? now.Elapsed };
}

/// <summary>The hold of a node on a port.</summary>
/// <param name="Open">How long its guard is open after the sending of a beat: the ttl less the margin.</param>
public sealed record Hold(TimeSpan Open)
{
    /// <summary>
    /// The sending of the beat from which the guard's time counts; null while the guard was not opened, and once it is closed.
    /// </summary>
    public Moment? From { get; init; }

    /// <summary>The lock is held in the present session.</summary>
    public bool IsLocked { get; init; }

    /// <summary>The port is gone, and the lock is about to be released.</summary>
    public bool IsReleased { get; init; }

    /// <summary>Whether the guard's time is over.</summary>
    public bool IsOver(Moment now) => From is { } from && now.Since(from) >= Open;
}
