using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

internal sealed record RequestRecoveryPermit : IDeadLetterSuppression
{
    public static readonly RequestRecoveryPermit Instance = new();
}

internal sealed record RecoveryPermitGranted : IDeadLetterSuppression
{
    public static readonly RecoveryPermitGranted Instance = new();
}

internal sealed record ReturnRecoveryPermit : IDeadLetterSuppression
{
    public static readonly ReturnRecoveryPermit Instance = new();
}

/// <summary>Lets a limited number of actors recover at once, so that a start of thousands does not flood the journal. First come, first served.</summary>
internal sealed class RecoveryPermitter(int maxPermits) : UntypedActor
{
    private readonly HashSet<IActorRef> _holders = [];
    private readonly LinkedList<IActorRef> _waiting = [];

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RequestRecoveryPermit:
                Request(Sender);
                break;
            case ReturnRecoveryPermit:
                Context.Unwatch(Sender);
                Release(Sender);
                break;
            case Terminated terminated:
                Release(terminated.ActorRef);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Request(IActorRef actor)
    {
        // An actor that was restarted in the middle of its recovery asks again while it still holds its permit, or its place in the queue.
        if (_holders.Contains(actor))
        {
            actor.Tell(RecoveryPermitGranted.Instance, Self);
        }
        else if (!_waiting.Contains(actor))
        {
            Context.Watch(actor);
            _waiting.AddLast(actor);
            GrantNext();
        }
    }

    private void Release(IActorRef actor)
    {
        if (!_holders.Remove(actor)) _waiting.Remove(actor);
        GrantNext();
    }

    private void GrantNext()
    {
        while (_holders.Count < maxPermits && _waiting.First is { } next)
        {
            _waiting.RemoveFirst();
            _holders.Add(next.Value);
            next.Value.Tell(RecoveryPermitGranted.Instance, Self);
        }
    }
}
