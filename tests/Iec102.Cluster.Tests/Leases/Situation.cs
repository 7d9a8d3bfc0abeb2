using System.Collections.Immutable;
using Iec102.Cluster.Leases;

namespace Iec102.Cluster.Tests.Leases;

internal enum CallKind
{
    Beat,
    Lock,
}

/// <summary>A call that was sent and whose answer the node does not have yet.</summary>
internal sealed record Call(CallKind Kind, Moment Sent)
{
    /// <summary>The answer that is on its way; null while the server has not got the call.</summary>
    public Answer? Answer { get; init; }
}

internal sealed record Answer(bool IsTaken, ImmutableArray<HeldLock> Held);

/// <summary>A session as the server knows it.</summary>
internal sealed record ServerSession(long Id, int Node)
{
    public int Silence { get; init; }

    public bool HoldsPort { get; init; }

    /// <summary>The node has given it up, and closes it after <see cref="Linger"/>.</summary>
    public bool IsAbandoned { get; init; }

    public int Linger { get; init; }

    /// <summary>A beat that was sent before that has not arrived.</summary>
    public bool HasLateBeat { get; init; }

    public ServerSession Passed() => this with
    {
        Silence = Silence + 1,
        Linger = Math.Max(Linger - 1, 0),
    };
}

/// <summary>A node. Its clocks always show 0, so moments of the past are negative.</summary>
internal sealed record Member(Lease Lease)
{
    private static readonly TimeSpan OneTick = TimeSpan.FromSeconds(1);

    public long? Session { get; init; }

    public Call? Call { get; init; }

    public bool IsSuspended { get; init; }

    /// <summary>Its guard has closed, but the frame that it wrote last is still on the line.</summary>
    public bool IsOnTheLine { get; init; }

    /// <summary>It has released the lock in this tick, and does not take it again at once.</summary>
    public bool HasReleased { get; init; }

    /// <summary>Time has passed. What is so long ago that it no longer matters how long stays where it is.</summary>
    public Member Passed(int elapsed, int wall)
    {
        var (session, timing) = (Lease.Session, Lease.Timing);
        var tooLate = timing.Operation + OneTick;
        return this with
        {
            Call = Call is null ? null : Call with { Sent = Shift(Call.Sent, tooLate) },
            Lease = Lease with
            {
                Session = session is null ? null : session with
                {
                    LastBeat = session.LastBeat is { } last ? Shift(last, tooLate + timing.LongestGap) : null,
                    FirstLock = session.FirstLock is { } first ? Bound(first, elapsed, timing.Sight + OneTick) : null,
                    QuietSince = Bound(session.QuietSince, elapsed, timing.Ttl),
                    Seen = session.Seen.ToImmutableSortedDictionary(
                        seen => seen.Key, seen => seen.Value is { } heard ? (TimeSpan?)Bound(heard, elapsed, timing.Ttl) : null),
                },
                Holds = Lease.Holds.ToImmutableSortedDictionary(
                    hold => hold.Key, hold => hold.Value with { From = hold.Value.From is { } from ? Shift(from, timing.Ttl) : null }),
            },
        };

        Moment Shift(Moment moment, TimeSpan longest) => new(Bound(moment.Elapsed, elapsed, longest), Bound(moment.Wall, wall, longest));
    }

    private static TimeSpan Bound(TimeSpan moment, int passed, TimeSpan longest)
    {
        var shifted = moment - passed * OneTick;
        return shifted < -longest ? -longest : shifted > longest ? longest : shifted;
    }
}

/// <summary>The two nodes, the sessions that the server knows, and whether there was trouble.</summary>
internal sealed record Situation(ImmutableArray<Member> Nodes, ImmutableArray<ServerSession> Sessions, bool HadTrouble)
{
    public ServerSession? SessionOf(int node) =>
        Nodes[node].Session is { } id ? Sessions.FirstOrDefault(session => session.Id == id) : null;

    public Situation With(int node, Member member) => this with { Nodes = Nodes.SetItem(node, member) };

    public Situation With(ServerSession session) =>
        this with { Sessions = [.. Sessions.Select(other => other.Id == session.Id ? session : other)] };

    public Situation Without(ServerSession session) => this with { Sessions = Sessions.Remove(session) };

    public Situation Call(int node, CallKind kind) => With(node, Nodes[node] with { Call = new Call(kind, default) });

    public Situation Open(int node, Lease lease)
    {
        var id = 1 + Sessions.Select(session => session.Id)
            .Concat(Nodes.SelectMany(member => member.Lease.Session?.Seen.Keys ?? []))
            .Concat(Nodes.SelectMany(member => member.Call?.Answer is { } answer ? answer.Held.Select(held => held.Session) : []))
            .Concat(Nodes.Select(member => member.Session ?? 0))
            .DefaultIfEmpty().Max();
        return With(node, Nodes[node] with { Lease = lease, Session = id }) with { Sessions = Sessions.Add(new ServerSession(id, node)) };
    }

    public Situation Abandon(int node, int linger) => SessionOf(node) is not { } session
        ? this
        : With(session with
        {
            IsAbandoned = true,
            Linger = linger,
            HasLateBeat = Nodes[node].Call is { Answer: null },
        });

    /// <summary>The situation as a number; two that differ only in the numbers of sessions are the same.</summary>
    public UInt128 Key()
    {
        var key = new KeyMaker();
        key.Add(HadTrouble ? 1 : 0);
        foreach (var node in Nodes)
            key.Add(node);
        foreach (var session in Sessions.OrderBy(session => session.Node).ThenBy(session => session.Id))
            key.Add(session);
        return key.Hash;
    }
}

/// <summary>Makes one number of a situation: FNV-1a of 128 bits.</summary>
internal sealed class KeyMaker
{
    private static readonly UInt128 Prime = ((UInt128)1 << 88) + 0x13B;
    private readonly List<long> _numbers = [];

    public UInt128 Hash { get; private set; } = new(0x6C62272E07BB0142, 0x62B821756295C58D);

    public void Add(int value) => Hash = unchecked((Hash ^ (UInt128)(byte)value) * Prime);

    public void Add(Member node)
    {
        var lease = node.Lease;
        Add((node.IsSuspended ? 1 : 0) | (node.IsOnTheLine ? 2 : 0) | (node.HasReleased ? 16 : 0));
        Add((lease.Session is null ? 0 : 4) | (node.Call is null ? 0 : 8));
        AddSession(node.Session ?? -1);
        if (lease.Session is { } session)
        {
            Add(session.IsNamed ? 1 : 0);
            Add(session.LastBeat);
            Add(session.FirstLock);
            Add(session.LastBeat is null ? null : session.QuietSince);
            Add(session.Seen.Count);
            foreach (var (id, heard) in session.Seen)
            {
                AddSession(id);
                Add(heard);
            }
        }

        foreach (var hold in lease.Holds.Values)
        {
            Add((hold.IsLocked ? 1 : 0) | (hold.IsReleased ? 2 : 0) | 4);
            Add(hold.From);
        }

        if (node.Call is not { } call)
            return;
        Add((int)call.Kind);
        Add(call.Sent);
        Add(call.Answer is null ? 0 : call.Answer.IsTaken ? 1 : 2);
        foreach (var held in call.Answer?.Held ?? [])
        {
            AddSession(held.Session);
            Add(held.Silence);
        }
    }

    public void Add(ServerSession session)
    {
        AddSession(session.Id);
        Add((session.HoldsPort ? 2 : 0) | (session.IsAbandoned ? 4 : 0) | (session.HasLateBeat ? 1 : 0));
        Add(session.Silence);
        Add(session.Linger);
    }

    private void AddSession(long id)
    {
        var at = id < 0 ? -1 : _numbers.IndexOf(id);
        if (id >= 0 && at < 0)
        {
            at = _numbers.Count;
            _numbers.Add(id);
        }

        Add(at);
    }

    private void Add(Moment? moment)
    {
        Add(moment?.Elapsed);
        Add(moment?.Wall);
    }

    private void Add(TimeSpan? moment) => Add(moment is { } time ? (int)time.TotalSeconds : -128);
}
