using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>What the runtime tells an actor's cell. Handled before user messages, in order, also while the mailbox is suspended.</summary>
internal abstract class SystemMessage
{
    /// <summary>The message pushed before this one; a pushed message belongs to one mailbox for good.</summary>
    internal SystemMessage? Next;
}

internal sealed class Create : SystemMessage;

internal sealed class Suspend : SystemMessage;

/// <param name="cause">The failure that is forgiven, or null when the actor was only suspended along with its parent.</param>
internal sealed class Resume(Exception? cause) : SystemMessage
{
    public Exception? Cause { get; } = cause;
}

internal sealed class Recreate(Exception cause) : SystemMessage
{
    public Exception Cause { get; } = cause;
}

internal sealed class Terminate : SystemMessage;

internal sealed class Failed(LocalActorRef child, Exception cause) : SystemMessage
{
    public LocalActorRef Child { get; } = child;
    public Exception Cause { get; } = cause;
}

internal sealed class Watch(IActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    public IActorRef Watchee { get; } = watchee;
    public IInternalActorRef Watcher { get; } = watcher;
}

internal sealed class Unwatch(IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watcher { get; } = watcher;
}

internal sealed class DeathWatchNotification(IActorRef actor, bool existenceConfirmed) : SystemMessage
{
    public IActorRef Actor { get; } = actor;
    public bool ExistenceConfirmed { get; } = existenceConfirmed;
}

/// <summary>What follows an await of an asynchronous handler.</summary>
internal sealed class Continuation(SendOrPostCallback callback, object? state) : SystemMessage
{
    public void Run() => callback(state);
}

/// <summary>An asynchronous handler has ended.</summary>
internal sealed class HandlerCompleted(Task task) : SystemMessage
{
    public Task Task { get; } = task;
}
