using System.Collections.Immutable;
using Iec102.Cluster.Leases;

namespace Iec102.Cluster.Tests.Leases;

/// <summary>A rule that is taken out of <see cref="Lease"/>, to see that the search notices.</summary>
public enum Weakening
{
    None,
    NoMargin,
    GuardFromTheAnswer,
    NoWaitOfANewSession,
    NoWaitAfterAnotherSessionEnded,
    AnySilenceCounts,
    GuardOpensWithTheLock,
    ClosedGuardReopens,
    SilentSessionGoesOn,
    YoungSessionIsClosed,
    ReleaseBeforeThePortIsGone,
    OnlyTheMonotonicClock,
    OnlyTheWallClock,
}

/// <summary>What happens once in a run, at any moment.</summary>
public enum Trouble
{
    None,
    ServerRestarts,
    ConnectionIsLost,
    NodeIsKilled,
    ComputerIsSuspended,
    ClockIsSetOn,
    ClockIsSetBack,
}

/// <summary>
/// Two nodes with the real rules, one port, and the lock server, in small whole numbers of time. Whatever can happen next in a situation
/// is in its <see cref="Next"/>: calls and answers of one node take any time, the other's take none or it pauses; that a session is closed
/// is seen at any later moment. Once in a run there is trouble.
/// </summary>
internal sealed class LeaseModel(Weakening weakening, Trouble trouble, int late)
{
    /// <summary>The step with which time passes.</summary>
    public const string Tick = "time passes";

    private const string Port = "p";
    private const int Ttl = 4;
    private const int Frame = 1;
    private static readonly LeaseTiming Timing = new(Time(Ttl)) { Operation = Time(1), LongestGap = Time(1) };
    private static readonly int Sight = (int)Timing.Sight.TotalSeconds;
    private static readonly Moment Now = new(TimeSpan.Zero, TimeSpan.Zero);
    private static readonly Member New = new(new Lease(Timing) { LongestTtl = Time(Ttl) });

    /// <summary>Both nodes have had their sessions for long, and A owns the port.</summary>
    public Situation Beginning { get; } = new(
        [
            Settled(1) with
            {
                Lease = Settled(1).Lease with
                {
                    Holds = New.Lease.Holds.Add(
                        Port, new Hold(Time(weakening == Weakening.NoMargin ? Ttl : Ttl - Frame)) { IsLocked = true, From = Now }),
                },
            },
            Settled(2),
        ],
        [new ServerSession(1, 0) { HoldsPort = true }, new ServerSession(2, 1)],
        HadTrouble: false);

    /// <summary>Whether one node can write, or a frame of it is still on the line, while the other can.</summary>
    public static bool HasTwoTalkers(Situation at)
    {
        var (one, other) = (at.Nodes[0], at.Nodes[1]);
        return (IsOpen(one) && (IsOpen(other) || other.IsOnTheLine)) || (IsOpen(other) && one.IsOnTheLine);
    }

    /// <summary>All that can happen next, in words, with what comes of it.</summary>
    public IEnumerable<(string Step, Situation To)> Next(Situation at)
    {
        yield return (Tick, Passed(at));
        for (var node = 0; node < 2; node++)
        {
            var name = "AB"[node];
            foreach (var (step, to) in at.Nodes[node].IsSuspended ? [] : OfNode(at, node))
                yield return ($"{name} {step}", to);
            foreach (var (step, to) in at.HadTrouble ? [] : Troubled(at with { HadTrouble = true }, node))
                yield return ($"{name} {step}", to);
            if (at.Nodes[node].IsSuspended)
                yield return ($"{name} is resumed", Observe(at.With(node, at.Nodes[node] with { IsSuspended = false }), node));
            if (at.Nodes[node].Call is { Answer: null } call && at.SessionOf(node) is not null)
                yield return ($"server answers {call.Kind} of {name}", Serve(at, node, call));
        }

        foreach (var session in at.Sessions.Where(session => session is { IsAbandoned: true, Linger: 0 }))
        {
            yield return ($"server sees that session {session.Id} is closed", at.Without(session));
            if (session.HasLateBeat)
            {
                yield return (
                    $"server gets a late beat in session {session.Id}", at.With(session with { HasLateBeat = false, Silence = 0 }));
            }
        }

        if (trouble == Trouble.ServerRestarts && !at.HadTrouble)
            yield return ("server restarts", at with { Sessions = [], HadTrouble = true });
    }

    private static Member Settled(long session) => New with
    {
        Session = session,
        Lease = New.Lease with
        {
            Session = new LeaseSession
            {
                IsNamed = true,
                LastBeat = Now,
                FirstLock = -Timing.Sight - Time(1),
                QuietSince = -Timing.Ttl,
                Seen = ImmutableSortedDictionary<long, TimeSpan?>.Empty.Add(1, null).Add(2, null),
            },
        },
    };

    private static TimeSpan Time(int ticks) => TimeSpan.FromSeconds(ticks);

    private static bool IsOpen(Member node) =>
        !node.IsSuspended && node.Lease.Holds.GetValueOrDefault(Port) is { From: not null } hold && !hold.IsOver(Now);

    private IEnumerable<(string Step, Situation To)> OfNode(Situation at, int node)
    {
        var member = at.Nodes[node];
        var lease = member.Lease;
        if (lease.Session is null)
        {
            if (at.Sessions.Length < 3)
                yield return ("opens a session", at.Open(node, lease.Opened()));
            yield break;
        }

        if (member.Call is { } call)
        {
            if (call.Answer is { } answer)
                yield return ($"gets the answer to {call.Kind}", Take(at, node, call, answer));
        }
        else
        {
            if (node == late && lease.Session.LastBeat != Now)
                yield return ("sends a beat", at.Call(node, CallKind.Beat));
            else if (node != late && at.SessionOf(node) is not null)
                yield return ("beats", AtOnce(at, node, CallKind.Beat));
            if (at.SessionOf(node) is not null && !member.HasReleased && lease.MayTake(Port, Now))
            {
                yield return ("tries the lock", node == late
                    ? Serve(at, node, new Call(CallKind.Lock, Now))
                    : AtOnce(at, node, CallKind.Lock));
            }

            if (lease.Holds.GetValueOrDefault(Port) is { IsLocked: true } && at.SessionOf(node) is { } holder)
                yield return ("releases the lock", Release(at, node, holder));
        }

        if (at.SessionOf(node) is null && member.Call?.Answer is null)
            yield return ("sees that its session has ended", Leave(at, node, lease.Lost()));
    }

    private IEnumerable<(string Step, Situation To)> Troubled(Situation at, int node)
    {
        var member = at.Nodes[node];
        switch (trouble)
        {
            case Trouble.ComputerIsSuspended:
                yield return ("is suspended", at.With(node, member with { IsSuspended = true, IsOnTheLine = IsOpen(member) }));
                break;
            case Trouble.NodeIsKilled:
                var anew = New with { IsOnTheLine = IsOpen(member) };
                yield return ("is killed and started", at.Abandon(node, linger: 0).With(node, anew));
                break;
            case Trouble.ClockIsSetOn:
                yield return ("has its clock set on", Observe(at.With(node, Passed(member, 0, Ttl)), node));
                break;
            case Trouble.ClockIsSetBack:
                yield return ("has its clock set back", Observe(at.With(node, Passed(member, 0, -Ttl)), node));
                break;
            case Trouble.ConnectionIsLost when at.SessionOf(node) is { } session && member.Lease.Session?.FirstLock < -Timing.Sight:
                yield return ("loses its connection", at.Without(session));
                break;
        }
    }

    /// <summary>Time passes by the two clocks of a node, or by the one that is left.</summary>
    private Member Passed(Member node, int elapsed, int wall) => weakening switch
    {
        Weakening.OnlyTheMonotonicClock => node.Passed(elapsed, elapsed),
        Weakening.OnlyTheWallClock => node.Passed(wall, wall),
        _ => node.Passed(elapsed, wall),
    };

    /// <summary>
    /// What a node notices by looking at the clock. A node that pauses notices it later, but to the others that is as if the server sees
    /// later that the session is closed.
    /// </summary>
    private Situation Observe(Situation at, int node)
    {
        var member = at.Nodes[node];
        if (weakening == Weakening.ClosedGuardReopens)
            return at;
        var lease = member.Lease.At(Now);
        return Leave(at, node, member.Call is { } call && lease.IsTooLate(call.Sent, Now) ? lease.Lost() : lease);
    }

    /// <summary>The session is given up; its connection is closed as soon as that is allowed.</summary>
    private Situation Leave(Situation at, int node, Lease lease)
    {
        var before = at.Nodes[node].Lease;
        if (lease.Session is not null || before.Session is null)
            return at.With(node, at.Nodes[node] with { Lease = lease });
        var linger = weakening == Weakening.YoungSessionIsClosed || before.MayClose(Now)
            ? 0
            : Sight + 1 + (int)before.Session!.FirstLock!.Value.TotalSeconds;
        return at.Abandon(node, linger).With(node, at.Nodes[node] with { Lease = lease, Call = null, Session = null });
    }

    private Situation Take(Situation at, int node, Call call, Answer answer)
    {
        var member = at.Nodes[node];
        var lease = member.Lease;
        var now = weakening == Weakening.ClosedGuardReopens ? call.Sent : Now;
        switch (call.Kind)
        {
            case CallKind.Lock when answer.IsTaken:
                lease = lease.Locked(Port, weakening == Weakening.NoMargin ? TimeSpan.Zero : Time(Frame), now);
                if (weakening == Weakening.GuardOpensWithTheLock && lease.Holds.GetValueOrDefault(Port) is { From: null } hold)
                    lease = lease with { Holds = lease.Holds.SetItem(Port, hold with { From = call.Sent }) };
                break;
            case CallKind.Beat:
                lease = Beaten(lease, call.Sent, now, answer.Held);
                if (lease.Session is { IsNamed: false })
                    lease = lease.Named(Now);
                break;
        }

        at = at.With(node, member with { Call = null });
        return Leave(at, node, lease);
    }

    private Lease Beaten(Lease lease, Moment sent, Moment now, ImmutableArray<HeldLock> held)
    {
        if (lease.Session is not { } before)
            return lease;
        if (weakening == Weakening.SilentSessionGoesOn && before.LastBeat is not null)
            lease = lease with { Session = before with { LastBeat = sent } };
        lease = lease.Beaten(sent, now, held);
        if (weakening == Weakening.GuardFromTheAnswer && lease.Holds.GetValueOrDefault(Port) is { From: not null } hold)
            lease = lease with { Holds = lease.Holds.SetItem(Port, hold with { From = now }) };
        if (lease.Session is not { } session)
            return lease;
        return weakening switch
        {
            Weakening.NoWaitOfANewSession when before.LastBeat is null =>
                lease with { Session = session with { QuietSince = -Timing.Ttl } },
            Weakening.NoWaitAfterAnotherSessionEnded when before.LastBeat is not null =>
                lease with { Session = session with { QuietSince = before.QuietSince } },
            Weakening.AnySilenceCounts => lease with { Session = session with { Seen = Trusted(held) } },
            _ => lease,
        };
    }

    private static ImmutableSortedDictionary<long, TimeSpan?> Trusted(ImmutableArray<HeldLock> held) => held
        .GroupBy(one => one.Session)
        .ToImmutableSortedDictionary(one => one.Key, one => (TimeSpan?)-one.First().Silence);

    private Situation AtOnce(Situation at, int node, CallKind kind)
    {
        var served = Serve(at, node, new Call(kind, Now));
        var call = served.Nodes[node].Call!;
        return Take(served, node, call, call.Answer!);
    }

    /// <summary>The port is gone. The release itself takes no time, since nothing depends on when it happens.</summary>
    private Situation Release(Situation at, int node, ServerSession session)
    {
        var member = at.Nodes[node];
        var lease = member.Lease.Released(Port).Unlocked(Port);
        if (weakening == Weakening.ReleaseBeforeThePortIsGone)
            lease = member.Lease;
        return at.With(session with { HoldsPort = false, Silence = 0 })
            .With(node, member with { Lease = lease, IsOnTheLine = false, HasReleased = true });
    }

    private Situation Serve(Situation at, int node, Call call)
    {
        var (after, answer) = Execute(at, at.SessionOf(node)!, call.Kind);
        return after.With(node, after.Nodes[node] with { Call = call with { Answer = answer } });
    }

    private (Situation After, Answer Answer) Execute(Situation at, ServerSession session, CallKind kind)
    {
        var isFree = !at.Sessions.Any(other => other.HoldsPort && other.Id != session.Id);
        session = session with
        {
            Silence = 0,
            HoldsPort = session.HoldsPort || (kind == CallKind.Lock && isFree),
        };
        at = at.With(session);
        var held = kind == CallKind.Beat ? at.Sessions.Select(NameLock).ToImmutableArray() : [];
        return (at, new Answer(kind == CallKind.Lock && isFree, held));
    }

    /// <summary>A silence that is shorter than what counts is as good as none.</summary>
    private HeldLock NameLock(ServerSession session) => new(
        session.Node, session.Id, Time(session.Silence <= Sight && weakening != Weakening.AnySilenceCounts ? 0 : session.Silence));

    private Situation Passed(Situation at)
    {
        for (var node = 0; node < 2; node++)
        {
            var before = at.Nodes[node];
            var after = Passed(before, before.IsSuspended ? 0 : 1, 1);
            at = Observe(at.With(node, after with { IsOnTheLine = IsOpen(before) && !IsOpen(after), HasReleased = false }), node);
        }

        return at with
        {
            Sessions = [.. at.Sessions.Select(session => session.Passed()).Where(session => session.Silence < Ttl)],
        };
    }
}
