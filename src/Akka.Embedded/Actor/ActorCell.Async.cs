using Akka.Dispatch;

namespace Akka.Actor;

internal sealed partial class ActorCell
{
    private CellContext? _context;
    private object? _awaitingMessage;
    private IActorRef? _awaitingSender;

    /// <summary>
    /// Runs an asynchronous handler of the current message. What follows its awaits comes back as system messages, so it runs in
    /// turns of this actor while user messages wait; when the actor ends, those turns no longer come.
    /// </summary>
    public void RunTask(Func<Task> action)
    {
        var task = InContext(action);
        if (task.IsCompleted)
        {
            task.GetAwaiter().GetResult();
            return;
        }
        _awaiting = true;
        _awaitingMessage = CurrentMessage;
        _awaitingSender = CurrentSender;
        UpdateBlocked();
        task.ContinueWith(static (ended, state) => ((ActorCell)state!).Mailbox.Post(new HandlerCompleted(ended)), this,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void RunContinuation(Continuation continuation)
    {
        CurrentMessage = _awaitingMessage;
        CurrentSender = _awaitingSender;
        InContext(() =>
        {
            continuation.Run();
            return Task.CompletedTask;
        });
    }

    private void OnHandlerCompleted(Task task)
    {
        CurrentMessage = _awaitingMessage;
        CurrentSender = _awaitingSender;
        _awaiting = false;
        _awaitingMessage = null;
        _awaitingSender = null;
        UpdateBlocked();
        try
        {
            task.GetAwaiter().GetResult();
        }
        catch (Exception cause)
        {
            Fail(cause);
        }
        EndOfMessage(CurrentMessage);
    }

    /// <summary>Whether what pipes a result may come back to where it was begun: not to the turns of an actor, which end with it.</summary>
    internal static bool MayPipeHere => SynchronizationContext.Current is not CellContext;

    private Task InContext(Func<Task> action)
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context ??= new CellContext(this));
        try
        {
            return action();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    /// <summary>Brings what follows an await back to the actor.</summary>
    private sealed class CellContext(ActorCell cell) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => cell.Mailbox.Post(new Continuation(d, state));

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("An actor cannot be waited for.");

        public override SynchronizationContext CreateCopy() => this;
    }
}
