using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>What happens to an actor that failed.</summary>
public enum Directive
{
    Resume = 0,
    Restart = 1,
    Escalate = 2,
    Stop = 3,
}

/// <summary>Chooses the directive for a failure.</summary>
public interface IDecider
{
    Directive Decide(Exception cause);
}

/// <summary>A decider made of a function.</summary>
public class LocalOnlyDecider : IDecider
{
    private readonly Func<Exception, Directive> _decider;

    public LocalOnlyDecider(Func<Exception, Directive> decider) => _decider = decider;

    public Directive Decide(Exception cause) => _decider(cause);
}

/// <summary>Makes deciders.</summary>
public static class Decider
{
    public static LocalOnlyDecider From(Func<Exception, Directive> localOnlyDecider) => new(localOnlyDecider);
}

/// <summary>How a parent deals with the failures of its children.</summary>
public abstract class SupervisorStrategy
{
    public static readonly IDecider DefaultDecider = Actor.Decider.From(cause =>
        cause is ActorInitializationException or ActorKilledException or DeathPactException ? Directive.Stop : Directive.Restart);

    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(DefaultDecider);

    public static readonly OneForOneStrategy StoppingStrategy = new(_ => Directive.Stop);

    private readonly int _maxNrOfRetries;
    private readonly int _withinMilliseconds;

    private protected SupervisorStrategy(int maxNrOfRetries, int withinMilliseconds, IDecider decider, bool loggingEnabled)
    {
        _maxNrOfRetries = maxNrOfRetries;
        _withinMilliseconds = withinMilliseconds;
        Decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    public virtual IDecider Decider { get; }

    protected bool LoggingEnabled { get; set; }

    internal bool LogsFailures => LoggingEnabled;

    private protected int MaxRetries => _maxNrOfRetries;

    private protected int WindowMilliseconds => _withinMilliseconds;

    /// <summary>Carries out the decision.</summary>
    /// <returns>False when the failure is the parent's own now.</returns>
    internal bool HandleFailure(ActorCell parent, ChildStats child, Exception cause, ChildStats[] children)
    {
        var directive = Decider.Decide(cause);
        if (LoggingEnabled) LogFailure(parent, child.Child, cause, directive);
        switch (directive)
        {
            case Directive.Resume:
                child.Child.SendSystemMessage(new Resume(cause));
                return true;
            case Directive.Escalate:
                return false;
            default:
                ProcessFailure(parent, directive == Directive.Restart, child, cause, children);
                return true;
        }
    }

    private protected abstract void ProcessFailure(ActorCell parent, bool restart, ChildStats failed, Exception cause, ChildStats[] children);

    private protected bool MayRestart(ActorCell parent, ChildStats child) =>
        child.RequestRestart(_maxNrOfRetries, _withinMilliseconds, parent.System.Scheduler.MonotonicClock);

    private protected static int Limit(int? maxNrOfRetries) => maxNrOfRetries ?? -1;

    private protected static int Window(TimeSpan? within) =>
        within is { } window && window != Timeout.InfiniteTimeSpan ? (int)window.TotalMilliseconds : -1;

    private static void LogFailure(ActorCell parent, LocalActorRef child, Exception cause, Directive directive)
    {
        if (directive == Directive.Escalate) return;
        var message = cause is ActorInitializationException { InnerException: { } inner } ? inner.Message : cause.Message;
        var source = child.Path.ToString();
        var type = child.Cell.Props.Type;
        parent.SystemImpl.EventStream.Publish(directive == Directive.Resume
            ? new Warning(cause, source, type, message)
            : new Error(cause, source, type, message));
    }
}

/// <summary>Deals with the failed child alone.</summary>
public class OneForOneStrategy : SupervisorStrategy
{
    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : base(Limit(maxNrOfRetries), Window(withinTimeRange), Actor.Decider.From(localOnlyDecider), loggingEnabled: true)
    {
    }

    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : base(Limit(maxNrOfRetries), Window(withinTimeRange), decider, loggingEnabled: true)
    {
    }

    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : base(maxNrOfRetries, withinTimeMilliseconds, Actor.Decider.From(localOnlyDecider), loggingEnabled)
    {
    }

    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
        : base(maxNrOfRetries, withinTimeMilliseconds, decider, loggingEnabled)
    {
    }

    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : base(-1, -1, Actor.Decider.From(localOnlyDecider), loggingEnabled: true)
    {
    }

    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : base(-1, -1, Actor.Decider.From(localOnlyDecider), loggingEnabled)
    {
    }

    public OneForOneStrategy(IDecider decider)
        : base(-1, -1, decider, loggingEnabled: true)
    {
    }

    public int MaxNumberOfRetries => MaxRetries;

    public int WithinTimeRangeMilliseconds => WindowMilliseconds;

    public OneForOneStrategy WithMaxNrOfRetries(int maxNrOfRetries) => new(maxNrOfRetries, WindowMilliseconds, Decider, LoggingEnabled);

    private protected override void ProcessFailure(ActorCell parent, bool restart, ChildStats failed, Exception cause, ChildStats[] children)
    {
        if (restart && MayRestart(parent, failed)) failed.Child.SendSystemMessage(new Recreate(cause));
        else parent.Stop(failed.Child);
    }
}

/// <summary>Deals with all children when one has failed.</summary>
public class AllForOneStrategy : SupervisorStrategy
{
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : base(Limit(maxNrOfRetries), Window(withinTimeRange), Actor.Decider.From(localOnlyDecider), loggingEnabled: true)
    {
    }

    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : base(Limit(maxNrOfRetries), Window(withinTimeRange), decider, loggingEnabled: true)
    {
    }

    public AllForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : base(-1, -1, Actor.Decider.From(localOnlyDecider), loggingEnabled: true)
    {
    }

    public int MaxNumberOfRetries => MaxRetries;

    public int WithinTimeRangeMilliseconds => WindowMilliseconds;

    private protected override void ProcessFailure(ActorCell parent, bool restart, ChildStats failed, Exception cause, ChildStats[] children)
    {
        if (!restart || !Array.TrueForAll(children, child => MayRestart(parent, child)))
        {
            foreach (var child in children) parent.Stop(child.Child);
            return;
        }
        foreach (var child in children)
        {
            // The failed one suspended itself.
            if (child != failed) child.Child.SendSystemMessage(new Suspend());
            child.Child.SendSystemMessage(new Recreate(cause));
        }
    }
}
