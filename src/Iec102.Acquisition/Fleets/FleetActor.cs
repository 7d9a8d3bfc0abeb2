using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Fleets;

/// <summary>
/// Parent of all ports, meters, curves and gateways: brings them into line with each configuration that it is given. What did not change
/// goes on undisturbed; what changed is stopped and started child by child, every port independently of the others
/// (<see cref="FleetPlan"/>). Progress is shown in the <see cref="FleetView"/> and logged. Where there are nodes it runs only the ports
/// that this node owns (<see cref="FleetShare"/>).
/// <para>Takes <see cref="ApplyFleet"/>, <see cref="RejectFleet"/>, <see cref="EndFleet"/>; from its owner <see cref="OwnPorts"/>, which it
/// answers with <see cref="PortsRunning"/>; from the event stream <see cref="LiveStateRestarted"/>.</para>
/// <para>States: applying, while something does not run as configured; in force; ending, after <see cref="EndFleet"/>: no child is wanted
/// any more, and the actor stops when the last one is gone.</para>
/// <para>When the actor itself fails, all its children end, and its next instance starts them again. The owner is told both.</para>
/// </summary>
public sealed class FleetActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly Backoff Retries = Backoff.Doubling(FirstRetry, TimeSpan.FromMinutes(1));

    /// <summary>A change that takes longer is logged, and then again every minute until it is in force.</summary>
    private static readonly TimeSpan PatienceOfLog = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TellAgainEvery = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A child that has not ended after this time is stopped at once. A port also gets the reply timeouts that it needs to end its
    /// sessions.
    /// </summary>
    private static readonly TimeSpan LongestEnding = TimeSpan.FromMinutes(2);

    private readonly FleetSetup _setup;
    private readonly FleetChildren _children;
    private readonly FleetNotices _notices;
    private readonly FleetShare _share;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<FleetChild, RunningChild> _running = [];
    private readonly Dictionary<FleetChild, Failure> _failures = [];
    private ImmutableDictionary<FleetChild, IActorRef> _actors = ImmutableDictionary<FleetChild, IActorRef>.Empty;
    private FleetPlan _plan = FleetPlan.Nothing;
    private FleetConfiguration? _fleet;

    /// <summary>What of <see cref="_fleet"/> is run here.</summary>
    private FleetConfiguration _owned = new();
    private ImmutableHashSet<string>? _toldOwner;
    private Instant? _acceptedAt;
    private FleetRejection? _rejected;
    private bool _isTold;
    private bool _isToContinue;
    private bool _isEnding;

    /// <summary>Creates the actor; it runs nothing until it is given a configuration.</summary>
    /// <param name="setup">What its children are made with.</param>
    /// <param name="share">Which part of the fleet this node runs.</param>
    public FleetActor(FleetSetup setup, FleetShare share)
    {
        _setup = setup;
        _children = new FleetChildren(setup);
        _notices = new FleetNotices(setup.LiveState, setup.Time);
        _share = share;
        Receive<ApplyFleet>(OnApply);
        Receive<RejectFleet>(OnReject);
        Receive<EndFleet>(_ => OnEnd());
        Receive<OwnPorts>(OnOwn);
        Receive<LiveStateRestarted>(_ => OnLiveStateRestarted());
        Receive<ChildEnded>(OnEnded);
        Receive<Continue>(_ => Proceed());
        Receive<EndingTooLong>(OnEndingTooLong);
        Receive<StillApplying>(_ => OnStillApplying());
    }

    /// <summary>A child that could not be started.</summary>
    private sealed record Failure(string Error, int Attempts, TimeSpan NextTry);

    private sealed record ChildEnded(FleetChild Child);

    private sealed record Continue;

    private sealed record EndingTooLong(FleetChild Child);

    private sealed record StillApplying;

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private Instant Now => _setup.Time.Now();

    /// <summary>The actor.</summary>
    /// <param name="setup">What its children are made with.</param>
    public static Props Props(FleetSetup setup)
    {
        var share = new FleetShare(isWhole: setup.Owner is null);
        return Akka.Actor.Props.Create(() => new FleetActor(setup, share));
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(LiveStateRestarted));
        TellOwner();
    }

    /// <summary>The next instance begins with the last configuration; the children have ended by then.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        if (_isEnding)
            Self.Tell(new EndFleet());
        else if (_fleet is not null)
            Self.Tell(new ApplyFleet(_fleet));
        if (_rejected is not null)
            Self.Tell(new RejectFleet(_rejected.Problems));
        base.PreRestart(reason, message);
    }

    private void OnApply(ApplyFleet apply)
    {
        if (_isEnding)
            return;
        if (apply.Fleet == _fleet)
        {
            Withdraw();
            return;
        }

        var before = _fleet;
        Plan(apply.Fleet);
        (_fleet, _acceptedAt, _rejected) = (apply.Fleet, Now, null);
        if (before is not null)
        {
            var changes = FleetDifference.Describe(before, apply.Fleet);
            _log.Info(LogEvents.FleetChanged, changes);
            Audit("change applied", changes);
        }

        if (before?.Retention != apply.Fleet.Retention)
            _setup.Writer.Tell(apply.Fleet.Retention);
        _setup.Owner?.Tell(apply);
        Proceed();
    }

    private void OnOwn(OwnPorts own)
    {
        var isChange = !own.Ports.SetEquals(_share.Ports);
        (_share.Told, _toldOwner) = (own, null);
        if (isChange && _fleet is not null && !_isEnding)
        {
            Plan(_fleet);
            Proceed();
        }
        else
        {
            TellOwner();
        }
    }

    private void Plan(FleetConfiguration fleet)
    {
        _owned = _share.Of(fleet);
        _plan = FleetPlan.Of(_owned);
        _children.Configure(fleet, _owned);
        _failures.Clear();
        _isTold = false;
        Timers.StartSingleTimer(nameof(StillApplying), new StillApplying(), PatienceOfLog);
    }

    /// <summary>The fleet file is valid again and equals what is in force: the rejection is withdrawn.</summary>
    private void Withdraw()
    {
        if (_rejected is null)
            return;
        _rejected = null;
        _log.Info(LogEvents.FleetMended);
        Show();
    }

    private void OnReject(RejectFleet reject)
    {
        if (_rejected?.Problems.Equals(reject.Problems) != true)
        {
            foreach (var problem in reject.Problems)
                _log.Warning(LogEvents.FleetProblem, problem);
            _log.Warning(LogEvents.FleetRejected);
            Audit("change rejected", $"{reject.Problems[0]}");
        }

        _rejected = new FleetRejection(Now, reject.Problems);
        Show();
    }

    private void Audit(string action, string detail) => _setup.Writer.Tell(new AuditEntry(
        Now, _fleet?.Node?.Id ?? "", AuditEntry.FleetFile, "", action, detail, Status: null));

    private void OnEnd()
    {
        _isEnding = true;
        _plan = FleetPlan.Nothing;
        _failures.Clear();
        Timers.Cancel(nameof(StillApplying));
        Proceed();
    }

    private void OnLiveStateRestarted()
    {
        foreach (var child in _running.Keys)
            _actors[child].Tell(new ReportStatus());
        _notices.TellAnew(_owned, _actors);
    }

    private void OnEnded(ChildEnded ended)
    {
        Timers.Cancel(ended.Child);
        _running.Remove(ended.Child);
        _actors = _actors.Remove(ended.Child);
        // One message for all children that end at about the same time: there may be a thousand.
        if (!_isToContinue)
            Self.Tell(new Continue());
        _isToContinue = true;
    }

    private void OnEndingTooLong(EndingTooLong late)
    {
        _log.Warning(LogEvents.FleetPartStopped, late.Child);
        Context.Stop(_actors[late.Child]);
    }

    /// <summary>Does whatever can be done now; the rest follows when a child ends or a timer fires.</summary>
    private void Proceed()
    {
        _isToContinue = false;
        var (now, elapsed) = (Now, _setup.Time.Elapsed());
        var step = _plan.Next(_running, [.. _failures.Where(failure => failure.Value.NextTry > elapsed).Select(failure => failure.Key)]);
        foreach (var child in step.End)
            End(child, now);
        foreach (var plan in step.Start)
        {
            // What it needs may just have failed to start.
            if (plan.Needs.All(_running.ContainsKey))
                Start(plan);
        }

        TellOwner();
        if (_isEnding)
        {
            if (_running.Count == 0)
                Context.Stop(Self);
            return;
        }

        _children.ServeGateways(_actors);
        _notices.Tell(_owned, _actors);
        if (_failures.Count > 0)
        {
            var next = _failures.Values.Min(failure => failure.NextTry) - elapsed;
            Timers.StartSingleTimer(nameof(Continue), new Continue(), next > FirstRetry ? next : FirstRetry);
        }

        Show();
    }

    private void TellOwner()
    {
        if (_setup.Owner is not { } owner)
            return;
        var running = _share.Running(_running.Values);
        if (_toldOwner?.SetEquals(running) == true)
            return;
        _toldOwner = running;
        owner.Tell(new PortsRunning(running, _share.Told));
    }

    private void Start(PlannedChild plan)
    {
        try
        {
            var actor = Context.ActorOf(_children.Make(plan, _actors), plan.Child.ActorName);
            Context.WatchWith(actor, new ChildEnded(plan.Child));
            _actors = _actors.SetItem(plan.Child, actor);
            _running[plan.Child] = new RunningChild(plan);
            _failures.Remove(plan.Child);
        }
        catch (Exception error)
        {
            var attempts = (_failures.GetValueOrDefault(plan.Child)?.Attempts ?? 0) + 1;
            _failures[plan.Child] = new Failure(error.Message, attempts, _setup.Time.Elapsed() + Retries.After(attempts - 1));
            if (attempts == 1)
                _log.Error(error, LogEvents.FleetPartFailed, plan.Child, error.Message);
        }
    }

    private void End(FleetChild child, Instant now)
    {
        var (plan, actor) = (_running[child].Plan, _actors[child]);
        _running[child] = new RunningChild(plan, now);
        var patience = LongestEnding;
        switch (plan.Settings)
        {
            case PortConfiguration port when child.Part == FleetPart.Port:
                actor.Tell(new ReleasePort());
                patience += port.Timing.ReplyTimeout * (1 + _children.CountMeters(child.Id));
                break;
            case ProfileSettings:
                actor.Tell(new EndRecording());
                break;
            default:
                Context.Stop(actor);
                break;
        }

        Timers.StartSingleTimer(child, new EndingTooLong(child), patience);
    }

    private void OnStillApplying()
    {
        if (_setup.View.Status.IsInForce)
            return;
        foreach (var pending in _setup.View.Status.Pending.Where(pending => pending.IsEnding))
        {
            var waiting = _setup.View.Status.Pending.Where(other => other.WaitsFor.Contains(pending.Child))
                .Select(other => other.Child.ToString())
                .ToList();
            var forIt = waiting.Count == 0 ? "nothing" : FleetDifference.Names(waiting);
            _log.Info(LogEvents.FleetPartEnding, pending.Child, Math.Round((Now - pending.Since).TotalSeconds), forIt);
        }

        Timers.StartSingleTimer(nameof(StillApplying), new StillApplying(), TellAgainEvery);
    }

    private void Show()
    {
        var since = _acceptedAt ?? Now;
        var pending = _plan.Pending(_running, since).Where(change => !_failures.ContainsKey(change.Child));
        var failed = _failures.Select(failure => new FailedChange(
            failure.Key, failure.Value.Error, Now + Duration.FromTimeSpan(failure.Value.NextTry - _setup.Time.Elapsed())));
        var status = new FleetStatus(_fleet ?? new FleetConfiguration(), _acceptedAt, [.. pending], [.. failed], _rejected);
        _setup.View.Show(status, _actors);
        if (!status.IsInForce || _isTold)
            return;
        _isTold = true;
        Timers.Cancel(nameof(StillApplying));
        _log.Info(LogEvents.FleetInForce, _owned.Ports.Count, status.Fleet.Ports.Count, _owned.Meters.Count, status.Fleet.Meters.Count);
    }
}
