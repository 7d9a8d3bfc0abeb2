using Akka.Actor;
using Akka.Event;

namespace Akka.Pattern;

/// <summary>Stands in front of one child: passes on what it is told, and starts the child again after a delay.</summary>
public abstract class BackoffSupervisorBase : ActorBase
{
    private readonly BackoffPlan _plan;

    private protected BackoffSupervisorBase(BackoffPlan plan) => _plan = plan;

    protected IActorRef? Child { get; set; }

    protected int RestartCountN { get; set; }

    private protected BackoffPlan Plan => _plan;

    protected override void PreStart() => StartChild();

    protected bool HandleBackoff(object message)
    {
        switch (message)
        {
            case BackoffSupervisor.StartChild:
                StartChild();
                if (_plan.AutoReset is { } quiet) ScheduleToSelf(quiet, new BackoffSupervisor.ResetRestartCount(RestartCountN));
                break;
            case BackoffSupervisor.Reset when _plan.AutoReset is null:
                RestartCountN = 0;
                break;
            case BackoffSupervisor.ResetRestartCount reset:
                if (reset.Current == RestartCountN) RestartCountN = 0;
                break;
            case BackoffSupervisor.GetRestartCount:
                Sender.Tell(new BackoffSupervisor.RestartCount(RestartCountN));
                break;
            case BackoffSupervisor.GetCurrentChild:
                Sender.Tell(new BackoffSupervisor.CurrentChild(Child));
                break;
            case BackoffSupervisor.Reset:
                Unhandled(message);
                break;
            default:
                PassOn(message);
                break;
        }
        return true;
    }

    private protected bool RetriesAreSpent => _plan.Strategy.MaxNumberOfRetries is >= 0 and var most && RestartCountN + 1 > most;

    private protected void StartChildLater()
    {
        ScheduleToSelf(_plan.Delay(RestartCountN, Cell.SystemImpl.Dispatcher.Random), BackoffSupervisor.StartChild.Instance);
        RestartCountN++;
    }

    private protected void ScheduleToSelf(TimeSpan delay, object message) => Context.System.Scheduler.ScheduleTellOnce(delay, Self, message, Self);

    private void StartChild() => Child ??= Context.Watch(Context.ActorOf(_plan.ChildProps, _plan.ChildName));

    private void PassOn(object message)
    {
        if (Child is null) Context.System.DeadLetters.Forward(message);
        // What the child tells its parent goes on to the supervisor's own parent.
        else if (Sender.Equals(Child)) Context.Parent.Tell(message);
        else Child.Forward(message);
    }
}

/// <summary>Starts its child again after a delay whenever it has stopped; and the messages that all back-off supervisors take.</summary>
public sealed class BackoffSupervisor : BackoffSupervisorBase
{
    internal BackoffSupervisor(BackoffPlan plan)
        : base(plan)
    {
    }

    public static Props Props(BackoffOptions options) => options.Props;

    public static Props Props(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor) =>
        Backoff.OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor, -1).Props;

    public static Props Props(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        Backoff.OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries).Props;

    protected override SupervisorStrategy SupervisorStrategy() => Plan.Strategy;

    protected override bool Receive(object message)
    {
        if (message is not Terminated terminated || !terminated.ActorRef.Equals(Child)) return HandleBackoff(message);
        Child = null;
        if (RetriesAreSpent) Context.Stop(Self);
        else StartChildLater();
        return true;
    }

    /// <summary>Asks for <see cref="CurrentChild"/>.</summary>
    public sealed class GetCurrentChild
    {
        public static readonly GetCurrentChild Instance = new();

        private GetCurrentChild()
        {
        }
    }

    /// <summary>The child, or null while it waits for its next start.</summary>
    public sealed class CurrentChild
    {
        public CurrentChild(IActorRef? @ref) => Ref = @ref;

        public IActorRef? Ref { get; }
    }

    /// <summary>Sets the count of restarts back, where that is not done automatically.</summary>
    public sealed class Reset
    {
        public static readonly Reset Instance = new();

        private Reset()
        {
        }
    }

    /// <summary>Asks for <see cref="RestartCount"/>.</summary>
    public sealed class GetRestartCount
    {
        public static readonly GetRestartCount Instance = new();

        private GetRestartCount()
        {
        }
    }

    /// <summary>How often the child was started again since the count began.</summary>
    public sealed class RestartCount
    {
        public RestartCount(int count) => Count = count;

        public int Count { get; }
    }

    /// <summary>The delay is over.</summary>
    public sealed class StartChild : IDeadLetterSuppression
    {
        public static readonly StartChild Instance = new();

        private StartChild()
        {
        }
    }

    /// <summary>The child has lived long enough, if it is still the one counted then.</summary>
    public sealed class ResetRestartCount : IDeadLetterSuppression
    {
        public ResetRestartCount(int current) => Current = current;

        public int Current { get; }
    }
}

/// <summary>Starts its child again after a delay when it has failed. To be restarted means here: to be stopped and started anew.</summary>
internal sealed class BackoffOnFailureSupervisor(BackoffPlan plan) : BackoffSupervisorBase(plan)
{
    private bool _awaitingEnd;

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(Plan.Strategy.MaxNumberOfRetries,
        Plan.Strategy.WithinTimeRangeMilliseconds, Actor.Decider.From(Decide), Plan.Strategy.LogsFailures);

    protected override bool Receive(object message)
    {
        if (message is Terminated terminated && terminated.ActorRef.Equals(Child)) OnChildEnded();
        else if (message is not BackoffSupervisor.StartChild || !_awaitingEnd) return HandleBackoff(message);
        return true;
    }

    private Directive Decide(Exception cause)
    {
        var directive = Plan.Strategy.Decider.Decide(cause);
        if (directive != Directive.Restart) return directive;
        var window = Plan.Strategy.WithinTimeRangeMilliseconds;
        if (window > 0 && RestartCountN == 0)
            ScheduleToSelf(TimeSpan.FromMilliseconds(window), new BackoffSupervisor.ResetRestartCount(RestartCountN + 1));
        if (RetriesAreSpent) Context.Stop(Self);
        else _awaitingEnd = true;
        return Directive.Stop;
    }

    private void OnChildEnded()
    {
        if (!_awaitingEnd)
        {
            Context.Stop(Self);
            return;
        }
        _awaitingEnd = false;
        Child = null;
        StartChildLater();
    }
}
