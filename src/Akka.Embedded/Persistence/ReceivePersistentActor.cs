using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.Persistence;

/// <summary>
/// A persistent actor whose behaviour is a list of handlers by message type, tried in the order in which they were declared: one list for commands,
/// which Become replaces, and one for what is replayed, which stays.
/// </summary>
public abstract class ReceivePersistentActor : UntypedPersistentActor, IInitializableActor
{
    private readonly MessageHandlers _recovers = new();
    private MessageHandlers? _declaring = new();

    private MessageHandlers Commands => _declaring ?? throw new InvalidOperationException(
        "Command may only be called when constructing the actor and inside Become.");

    void IInitializableActor.Init()
    {
        base.Become(Behaviour(_declaring!));
        _declaring = null;
    }

    protected sealed override void OnCommand(object message) => Unhandled(message);

    protected sealed override void OnRecover(object message)
    {
        if (!_recovers.Handle(message)) Unhandled(message);
    }

    protected void Become(Action configure) => base.Become(Behaviour(Declare(configure)));

    protected void BecomeStacked(Action configure) => base.BecomeStacked(Behaviour(Declare(configure)));

    protected void Command<T>(Action<T> handler, Predicate<T>? shouldHandle = null) => Commands.Add(handler, shouldHandle);

    protected void Command<T>(Predicate<T> shouldHandle, Action<T> handler) => Command(handler, shouldHandle);

    protected void Command<T>(Func<T, bool> handler) => Commands.Add(handler);

    protected void Command(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Commands.Add(messageType, handler, shouldHandle);

    protected void CommandAny(Action<object> handler) => Commands.AddAny(handler);

    protected void CommandAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Command(message => RunTask(() => handler(message)), shouldHandle);

    protected void CommandAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => CommandAsync(handler, shouldHandle);

    protected void CommandAnyAsync(Func<object, Task> handler) => CommandAny(message => RunTask(() => handler(message)));

    protected void Recover<T>(Action<T> handler, Predicate<T>? shouldHandle = null) => _recovers.Add(handler, shouldHandle);

    protected void Recover<T>(Predicate<T> shouldHandle, Action<T> handler) => Recover(handler, shouldHandle);

    protected void Recover<T>(Func<T, bool> handler) => _recovers.Add(handler);

    protected void Recover(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        _recovers.Add(messageType, handler, shouldHandle);

    protected void RecoverAny(Action<object> handler) => _recovers.AddAny(handler);

    private MessageHandlers Declare(Action configure)
    {
        var outer = _declaring;
        var declared = _declaring = new MessageHandlers();
        try
        {
            configure();
        }
        finally
        {
            _declaring = outer;
        }
        return declared;
    }

    private UntypedReceive Behaviour(MessageHandlers commands) => message =>
    {
        if (!commands.Handle(message)) Unhandled(message);
    };
}
