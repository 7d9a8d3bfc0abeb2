using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The parent of /user and of /system: it has no behaviour but supervises.</summary>
internal sealed class Guardian : UntypedActor
{
    protected override void OnReceive(object message) => Unhandled(message);
}

/// <summary>The root of the tree. It ends the system in order, also when a guardian fails.</summary>
internal sealed class RootGuardian : UntypedActor
{
    private readonly ActorSystemImpl _system = (ActorSystemImpl)Context.System;

    protected override void PreStart()
    {
        Context.Watch(_system.Guardian);
        Context.Watch(_system.SystemGuardian);
    }

    protected override void OnReceive(object message)
    {
        if (message is not Terminated { ActorRef: var ended }) Unhandled(message);
        else if (ended.Equals(_system.Guardian))
        {
            Event.LoggerStarter.FallBackToStandardOutput(_system);
            Context.Stop(_system.SystemGuardian);
        }
        else Context.Stop(Self);
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        cause =>
        {
            _system.Log.Error(cause, "A guardian failed; the system shuts down");
            return Directive.Stop;
        },
        loggingEnabled: false);
}

/// <summary>The parent of the root: its end is the end of the system.</summary>
internal sealed class AboveTheRoot(ActorSystemImpl system, ActorPath root) : MinimalActorRef
{
    public override ActorPath Path { get; } = root / "_above";

    internal override ActorSystemImpl OwnSystem => system;

    public override void Tell(object message, IActorRef? sender)
    {
    }

    internal override void ReceiveSystemMessage(SystemMessage message)
    {
        switch (message)
        {
            case DeathWatchNotification:
                system.OnRootEnded();
                break;
            case Failed failed:
                system.Log.Error(failed.Cause, "The root guardian failed; the system shuts down");
                failed.Child.Stop();
                break;
        }
    }
}
