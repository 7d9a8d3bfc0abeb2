using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Ports;
using Iec102.Cluster.Nodes;
using Iec102.Fleet;

namespace Iec102.Cluster.Leases;

/// <summary>
/// /user/lease: decides which ports this node runs. Holds the coordination session and the guards of the floating ports, by the rules of
/// <see cref="Lease"/>; which ports it wants, <see cref="LeasePlan"/> says, and what it asks the server, <see cref="SessionAgenda"/>. It is
/// the <see cref="FleetSetup.Owner"/> of the fleet's actor.
/// <para>Takes <see cref="ApplyFleet"/> and <see cref="PortsRunning"/> from the fleet's actor, <see cref="NodesSeen"/>,
/// <see cref="DrainNode"/>, <see cref="EndLease"/>; from the live state <see cref="PortStatus"/>.</para>
/// <para>States: without a session, opening one, and with one; what is asked of the server is asked one at a time. Pinned ports run in each
/// of them, from when the name is known to be this node's or the server to be away, and no other node is seen to have them
/// (<see cref="PinnedPorts"/>). While there is no session, floating ports run on until their guards close.</para>
/// <para>When the actor itself fails, all guards close: floating ports are then taken like those of a node that is new. Pinned ports run
/// on.</para>
/// </summary>
public sealed class LeaseActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(1);

    /// <summary>How long another node needs to take a lock that was released, which it must do before this node's session ends.</summary>
    private static readonly TimeSpan Farewell = 2 * LeaseTiming.Beat;

    private readonly LeaseSetup _setup;
    private readonly LeasePlan _plan;
    private readonly SessionCalls _calls;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly NodeName _name;
    private readonly PinnedPorts _pinned;
    private readonly PortHandover _handover = new();
    private readonly SessionAgenda _agenda = new();
    private Lease _lease;
    private FleetConfiguration? _fleetFile;
    private IActorRef _fleet = ActorRefs.Nobody;
    private TimeSpan _nextOpening;
    private TimeSpan _staysUntil;
    private bool _isAway;

    /// <summary>Creates the actor; it owns nothing until it is given a fleet.</summary>
    /// <param name="setup">What it works with.</param>
    /// <param name="name">What is known of the node's name.</param>
    /// <param name="pinned">Which pinned ports run.</param>
    public LeaseActor(LeaseSetup setup, NodeName name, PinnedPorts pinned)
    {
        (_setup, _name, _pinned) = (setup, name, pinned);
        _plan = new LeasePlan(setup.Node);
        _calls = new SessionCalls(setup.Server, Self, setup.Time);
        _lease = new Lease(new LeaseTiming(setup.Node.Ttl));
        _nextOpening = Now.Elapsed;
        Receive<ApplyFleet>(apply => Do(() => _plan.Apply(_fleetFile = apply.Fleet)));
        Receive<PortsRunning>(running => Do(() => OnRunning(running)));
        Receive<Terminated>(_ => Do(OnFleetEnded));
        Receive<NodesSeen>(seen => Do(() => OnNodes(seen)));
        Receive<PortStatus>(status => Do(() => _plan.See(status, Now.Elapsed)));
        Receive<DrainNode>(drain => Do(() => OnDrain(drain)));
        Receive<EndLease>(_ => Do(() => _plan.IsEnding = true));
        Receive<LiveStateRestarted>(_ => _setup.LiveState.Tell(new Watch()));
        Receive<SessionOpened>(OnOpened);
        Receive<SessionAnswered>(answered => _calls.IsCurrent(answered.Number), answered => Do(() => OnAnswered(answered)));
        Receive<SessionFailed>(failed => _calls.IsCurrent(failed.Number), failed => Do(() => GiveUp(failed.Problem)));
        Receive<Overdue>(overdue => _calls.IsCurrent(overdue.Number), _ => Do(() => GiveUp("It did not answer in time.")));
        Receive<CloseSession>(close => SessionCalls.Close(close.Session));
        Receive<Wake>(_ => Do(() => { }));
        // Late news of a session that was given up, and what the live state tells all its watchers.
        ReceiveAny(_ => { });
    }

    private sealed record Overdue(int Number);

    private sealed record CloseSession(ILockSession Session);

    private sealed record Wake;

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private Moment Now => Moment.Now(_setup.Time);

    /// <summary>The actor.</summary>
    /// <param name="setup">What it works with.</param>
    public static Props Props(LeaseSetup setup)
    {
        var (name, pinned) = (new NodeName(), new PinnedPorts());
        return Akka.Actor.Props.Create(() => new LeaseActor(setup, name, pinned));
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(LiveStateRestarted));
        _setup.LiveState.Tell(new Watch());
        _setup.Directory.Tell(new TellNodes());
        Proceed();
    }

    /// <summary>The next instance begins with the last fleet.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        if (_fleetFile is not null)
            Self.Tell(new ApplyFleet(_fleetFile));
        Self.Tell(_handover.Said, _fleet);
        Self.Tell(new DrainNode(_plan.IsDraining));
        if (_plan.IsEnding)
            Self.Tell(new EndLease());
        base.PreRestart(reason, message);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        foreach (var port in _setup.View.Guards.Keys)
            _setup.View.Close(port);
        if (_calls.GiveUp() is { } session)
            SessionCalls.Close(session);
    }

    private void Do(Action action)
    {
        action();
        Proceed();
    }

    private void OnRunning(PortsRunning running)
    {
        _handover.Said = running;
        _fleet = Context.Watch(Sender);
    }

    /// <summary>When the server stops, the fleet may have ended before it could answer.</summary>
    private void OnFleetEnded()
    {
        _handover.FleetEnded();
        _fleet = ActorRefs.Nobody;
    }

    private void OnNodes(NodesSeen seen)
    {
        var reports = seen.Reports.Select(stored => stored.Report).ToList();
        _plan.See(reports);
        _plan.SeeUnlocked(seen.Reports.Where(stored => !stored.IsSilent).Select(stored => stored.Report));
        _lease = _lease with { LongestTtl = reports.Select(report => report.Ttl).Append(_setup.Node.Ttl).Max() };
    }

    private void OnDrain(DrainNode drain)
    {
        if (_plan.IsDraining == drain.IsDraining)
            return;
        _plan.IsDraining = drain.IsDraining;
        if (drain.IsDraining)
            _log.Info(NodeEvents.NodeDrains, _setup.Node.Id);
        else
            _log.Info(NodeEvents.NodeDrainsNoMore, _setup.Node.Id);
    }

    private void OnOpened(SessionOpened opened)
    {
        if (!_calls.IsCurrent(opened.Number))
        {
            SessionCalls.Close(opened.Session);
            return;
        }

        Timers.Cancel(nameof(Overdue));
        _calls.Take(opened);
        Do(() => _lease = _lease.Opened());
    }

    private void OnAnswered(SessionAnswered answered)
    {
        Timers.Cancel(nameof(Overdue));
        _calls.Answered();
        var now = Now;
        switch (answered.Call)
        {
            case LockCall.Beat:
                Set(_lease.Beaten(answered.Sent, now, answered.Held), now);
                OnBeaten(answered.Held);
                break;
            case LockCall.Lock when answered.Name is { Kind: LockKind.Node }:
                OnNameTried(answered.IsTaken, now);
                break;
            case LockCall.Lock when answered.Name is { Kind: LockKind.Leaving }:
                _plan.IsLeaving = answered.IsTaken;
                break;
            case LockCall.Lock when answered.IsTaken:
                Set(_lease.Locked(answered.Name!.Value.Id, _plan.MarginOf(answered.Name.Value.Id), now), now);
                _agenda.PortLocked();
                break;
            case LockCall.Unlock:
                Set(_lease.Unlocked(answered.Name!.Value.Id), now);
                _staysUntil = now.Elapsed + Farewell;
                break;
        }
    }

    private void OnBeaten(IReadOnlyList<HeldLock> held)
    {
        if (_lease.Session is null)
            return;
        _agenda.Beaten();
        _plan.See(held.Select(one => one.Key).ToHashSet());
        if (_isAway)
            _log.Info(NodeEvents.LocksBack);
        _isAway = false;
    }

    /// <summary>After a crash, the session of the process before may live on for its ttl; who lives longer is another process.</summary>
    private void OnNameTried(bool isTaken, Moment now)
    {
        if (isTaken)
        {
            _lease = _lease.Named(now);
            _name.Had();
            return;
        }

        if (!_name.Refused((_lease.LongestTtl ?? _setup.Node.Ttl) + LeaseTiming.Beat, now.Elapsed))
            return;
        if (_name.WasHad)
            _log.Warning(NodeEvents.NodeNameTaken, _setup.Node.Id);
        else
            _setup.View.Refuse($"Another process is node '{_setup.Node.Id}': give this one another id in iec102.node, or end the other.");
    }

    /// <summary>The session is useless, or could not be opened.</summary>
    private void GiveUp(string problem)
    {
        if (!_isAway)
            _log.Warning(NodeEvents.LocksAway, problem);
        _isAway = true;
        _name.CannotBeAsked();
        var now = Now;
        if (_lease.Session is null)
            Abandon(now, mayClose: true);
        else
            Set(_lease.Lost(), now);
        _nextOpening = now.Elapsed + (_lease.Holds.IsEmpty ? LeaseTiming.Beat : LeaseTiming.QuickRetry);
    }

    private void Set(Lease lease, Moment now)
    {
        var before = _lease;
        _lease = lease;
        if (before.Session is not null && lease.Session is null)
            Abandon(now, before.MayClose(now));
    }

    private void Abandon(Moment now, bool mayClose)
    {
        Timers.Cancel(nameof(Overdue));
        _nextOpening = now.Elapsed;
        _agenda.GivenUp();
        _plan.See(ImmutableHashSet<long>.Empty);
        if (_calls.GiveUp() is not { } session)
            return;
        if (mayClose)
            SessionCalls.Close(session);
        else
            Timers.StartSingleTimer(session, new CloseSession(session), _lease.Timing.Sight + LeastWait);
    }

    /// <summary>After every message: does what can be done now, and sets the timer for what comes next.</summary>
    private void Proceed()
    {
        var now = Now;
        Set(_lease.At(now), now);
        Prolong(now);
        foreach (var port in _plan.At([.. _lease.Holds.Keys], now.Elapsed))
            _log.Warning(NodeEvents.PortGivenUp, port, LeasePlan.Patience.TotalMinutes);
        foreach (var port in _handover.GiveAway(_lease, _plan, now.Elapsed))
            _log.Info(NodeEvents.PortGivenAway, port);
        if (_fleetFile is not null)
            TellFleet(now);
        Release();
        Ask(now);
        _setup.View.Show(
            _name.MayRunPinned, _lease.Session is { IsNamed: true }, _plan.IsDraining, _plan.Unable, _handover.Said.Ports);
        if (_plan.IsEnding && _lease.Holds.IsEmpty && (_lease.Session is null || now.Elapsed >= _staysUntil))
            Context.Stop(Self);
        else
            WakeLater(now);
    }

    /// <summary>Brings the guards into line with the lease.</summary>
    private void Prolong(Moment now)
    {
        var (lease, taken, over) = _setup.View.Follow(_lease);
        Set(lease, now);
        foreach (var port in taken)
            _log.Info(NodeEvents.PortTaken, port);
        foreach (var port in over)
            _log.Warning(NodeEvents.PortLeaseOver, port);
    }

    private void TellFleet(Moment now)
    {
        // A directory that does not answer, although the locks do, is waited for no longer than this.
        var canSee = _lease.Session is { LastBeat: not null } session
            && (_lease.LongestTtl is not null || now.Elapsed - session.FirstLock >= _setup.Node.Ttl);
        if (_name.MayRunPinned && (canSee || _isAway))
        {
            foreach (var port in _pinned.Judge(_plan.Pinned, _plan.IsElsewhere, canSee))
                _log.Warning(NodeEvents.PortWaits, port);
        }

        if (!_fleet.IsNobody() && _handover.ToTell(_lease, _pinned.Running.Intersect(_plan.Pinned)) is { } own)
            _fleet.Tell(own);
    }

    /// <summary>The ports that are gone: their guards are closed, then their locks are released.</summary>
    private void Release()
    {
        foreach (var port in _handover.TakeGone())
        {
            _setup.View.Close(port);
            _lease = _lease.Released(port);
        }
    }

    private void Ask(Moment now)
    {
        if (_calls.IsBusy)
            return;
        if (_lease.Session is { } session)
            AskSession(session, now);
        else if (!_plan.IsEnding && now.Elapsed >= _nextOpening)
            _calls.Open(_setup.Node.Ttl);
        if (_calls.IsBusy)
            Timers.StartSingleTimer(nameof(Overdue), new Overdue(_calls.Number), _lease.Timing.Operation);
    }

    private void AskSession(LeaseSession session, Moment now)
    {
        var locks = _plan.LocksToTry(_lease, _handover.Said.Ports, now);
        var released = _lease.Holds.Where(held => held.Value.IsReleased).Select(held => held.Key);
        switch (_agenda.Next(session, locks, released, now))
        {
            case (LockCall.Beat, _):
                _calls.Beat();
                break;
            case (LockCall.Lock, { } name):
                _calls.TryLock(name);
                break;
            case (LockCall.Unlock, { } name):
                _calls.Unlock(name);
                break;
        }
    }

    private void WakeLater(Moment now)
    {
        var isIdle = _calls.IsBusy || (_plan.IsEnding && _lease.Session is null);
        var wait = isIdle ? LeaseTiming.Beat
            : _lease.Session is { } session ? SessionAgenda.UntilBeat(session, now) : _nextOpening - now.Elapsed;
        if (_lease.NextClosing(now) is { } closing && closing < wait)
            wait = closing;
        Timers.StartSingleTimer(nameof(Wake), new Wake(), wait > LeastWait ? wait : LeastWait);
    }
}
