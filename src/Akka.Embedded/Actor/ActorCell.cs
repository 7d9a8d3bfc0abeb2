using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// The life of one actor: it outlives the instances that restarts replace. All but <see cref="ActorOf"/> and the mailbox's
/// doors runs inside a run of the mailbox, one thread at a time. Failures, children, death watch and awaits stand in the other parts.
/// </summary>
internal sealed partial class ActorCell : IUntypedActorContext
{
    [ThreadStatic]
    internal static ActorCell? Current;

    private readonly IInternalActorRef _parent;
    private readonly Stack<Receive> _behaviours = new();
    private Receive? _initial;
    private ActorBase? _actor;
    private SupervisorStrategy? _strategy;
    private StashSupport? _stash;
    private ICancelable? _receiveTimeoutTask;
    private int _suspendCount;
    private bool _awaiting;

    public ActorCell(ActorSystemImpl system, LocalActorRef self, Props props, IInternalActorRef parent)
    {
        SystemImpl = system;
        Self = self;
        Props = props;
        _parent = parent;
        Mailbox = new Mailbox(this, props.OwnDispatcher ?? system.Dispatcher);
    }

    public ActorSystemImpl SystemImpl { get; }

    public ActorSystem System => SystemImpl;

    public LocalActorRef Self { get; }

    IActorRef IActorContext.Self => Self;

    public Props Props { get; }

    public Mailbox Mailbox { get; }

    public IActorRef Parent => _parent;

    public IActorRef Sender => CurrentSender ?? SystemImpl.DeadLetters;

    /// <summary>The message being handled, also across the awaits of its handler.</summary>
    public object? CurrentMessage { get; private set; }

    public IActorRef? CurrentSender { get; private set; }

    /// <summary>Tells deliveries apart: the same message may be delivered twice.</summary>
    public long CurrentEnvelopeId { get; private set; }

    public TimeSpan? ReceiveTimeout { get; private set; }

    public void Become(Receive receive)
    {
        if (_behaviours.Count > 0) _behaviours.Pop();
        _behaviours.Push(receive);
    }

    public void BecomeStacked(Receive receive) => _behaviours.Push(receive);

    public void Become(UntypedReceive receive) => Become(Handling(receive));

    public void BecomeStacked(UntypedReceive receive) => BecomeStacked(Handling(receive));

    /// <summary>Back to the behaviour before the last BecomeStacked; from the last one to that of the actor's own Receive method.</summary>
    public void UnbecomeStacked()
    {
        _behaviours.Pop();
        if (_behaviours.Count == 0) _behaviours.Push(_initial!);
    }

    public void BecomeInitial(Receive receive)
    {
        _initial = receive;
        _behaviours.Push(receive);
    }

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        ReceiveTimeout = timeout > TimeSpan.Zero ? timeout : null;
        _receiveTimeoutTask?.Cancel();
        _receiveTimeoutTask = null;
    }

    public ActorSelection ActorSelection(string actorPath) =>
        ActorPath.TryParse(actorPath, out _) || actorPath.StartsWith('/') ? SystemImpl.ActorSelection(actorPath) : new ActorSelection(Self, actorPath);

    public ActorSelection ActorSelection(ActorPath actorPath) => SystemImpl.ActorSelection(actorPath);

    /// <summary>Handles one user message. Never throws.</summary>
    public void Invoke(in Envelope envelope)
    {
        CurrentMessage = envelope.Message;
        CurrentSender = envelope.Sender;
        CurrentEnvelopeId++;
        try
        {
            Receive(envelope.Message);
        }
        catch (Exception cause)
        {
            Fail(cause);
        }
        if (!_awaiting) EndOfMessage(envelope.Message);
    }

    /// <summary>Handles one system message. Never throws.</summary>
    public void SystemInvoke(SystemMessage message)
    {
        try
        {
            switch (message)
            {
                case Dispatch.Create: Create(); break;
                case Dispatch.Watch watch: AddWatcher(watch); break;
                case Dispatch.Unwatch unwatch: _watchers?.Remove(unwatch.Watcher); break;
                case DeathWatchNotification notification: OnDeath(notification); break;
                case Failed failed: OnChildFailure(failed); break;
                case Dispatch.Suspend: Suspend(); break;
                case Resume resume: FaultResume(resume.Cause); break;
                case Recreate recreate: FaultRecreate(recreate.Cause); break;
                case Dispatch.Terminate: Terminate(); break;
                case Continuation continuation: RunContinuation(continuation); break;
                case HandlerCompleted completed: OnHandlerCompleted(completed.Task); break;
                default: throw new InvalidOperationException($"Unknown system message {message.GetType()}");
            }
        }
        catch (Exception cause)
        {
            Fail(cause);
        }
    }

    private static Receive Handling(UntypedReceive receive) => message =>
    {
        receive(message);
        return true;
    };

    private void Receive(object message)
    {
        if (message is TimerMessage timer)
        {
            if (timer.Owner.Accept(timer) is not { } timed) return;
            CurrentMessage = message = timed;
        }
        if (message is IAutoReceivedMessage) AutoReceive(message);
        else Deliver(message);
    }

    private void Deliver(object message) => _actor!.AroundReceive(_behaviours.Peek(), message);

    private void AutoReceive(object message)
    {
        switch (message)
        {
            case Terminated terminated: ReceiveTerminated(terminated); break;
            case PoisonPill: Self.Stop(); break;
            case Kill: throw new ActorKilledException("Kill");
            case Identify identify: Sender.Tell(new ActorIdentity(identify.MessageId, Self), Self); break;
            default: Deliver(message); break;
        }
    }

    private void EndOfMessage(object? message)
    {
        CurrentMessage = null;
        CurrentSender = null;
        if (ReceiveTimeout is not { } timeout || Mailbox.IsClosed) return;
        if (message is INotInfluenceReceiveTimeout && _receiveTimeoutTask is not null) return;
        _receiveTimeoutTask?.Cancel();
        _receiveTimeoutTask = SystemImpl.Scheduler.ScheduleTellOnceCancelable(timeout, Self, Actor.ReceiveTimeout.Instance, Self);
    }

    private void Create()
    {
        try
        {
            NewActor();
            _actor!.AroundPreStart();
        }
        catch (Exception cause)
        {
            _actor = null;
            throw new ActorInitializationException(Self, "Exception during creation", cause);
        }
        EndOfMessage(null);
    }

    private void NewActor()
    {
        _behaviours.Clear();
        _strategy = null;
        var actor = Props.NewActor();
        if (actor is IActorStash stashing) stashing.Stash = _stash = new StashSupport(this);
        (actor as Internal.IInitializableActor)?.Init();
        _actor = actor;
    }

    private SupervisorStrategy Strategy =>
        _strategy ?? (_actor is null ? SupervisorStrategy.DefaultStrategy : _strategy = Props.SupervisorStrategy ?? _actor.OwnSupervisorStrategy());

    private bool IsBlocked => _suspendCount > 0 || _awaiting;

    private void UpdateBlocked()
    {
        Mailbox.Blocked = IsBlocked;
        if (!IsBlocked) JudgeDeferredFailures();
    }

    private void LogError(Exception cause, string message) =>
        SystemImpl.EventStream.Publish(new Error(cause, Self.Path.ToString(), _actor?.GetType() ?? Props.Type, message));
}
