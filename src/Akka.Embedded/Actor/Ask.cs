using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>Asking: a message whose answer comes back as a task.</summary>
public static class Futures
{
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) => self.Ask<object>(message, timeout);

    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<object>(message, cancellationToken);

    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<object>(message, timeout, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<T>(message, timeout, CancellationToken.None);

    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<T>(message, null, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<T>(_ => message, timeout, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var system = SystemOf(self);
        var answer = new FutureActorRef<T>(system);
        if (timeout is { } limit && limit > TimeSpan.Zero) answer.FailAfter(limit);
        if (cancellationToken.CanBeCanceled) answer.CancelWith(cancellationToken);
        self.Tell(messageFactory(answer), answer);
        return answer.Result;
    }

    internal static ActorSystemImpl SystemOf(ICanTell target)
    {
        var system = target switch
        {
            IInternalActorRef actor => actor.System,
            ActorSelection selection => (selection.Anchor as IInternalActorRef)?.System,
            _ => null,
        };
        return system ?? ActorCell.Current?.SystemImpl ?? throw new ArgumentException("Unable to resolve the target's actor system.", nameof(target));
    }
}

/// <summary>The sender of a question: the first answer, failure, time limit or cancellation ends it.</summary>
internal sealed class FutureActorRef<T>(ActorSystemImpl system) : MinimalActorRef
{
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ActorPath? _path;
    private TimerQueue.Entry? _limit;
    private CancellationTokenRegistration _cancellation;

    public Task<T> Result => _result.Task;

    public override ActorPath Path => _path ??= new ChildActorPath(system.TempPath, "$" + system.NextUid(), 0);

    internal override ActorSystemImpl OwnSystem => system;

    public void FailAfter(TimeSpan limit)
    {
        _limit = system.Timers.Add(limit, TimeSpan.Zero, () => Fail($"Timeout after {limit}"));
        if (_limit is null) Fail("The actor system has ended.");
    }

    public void CancelWith(CancellationToken token) =>
        _cancellation = token.UnsafeRegister(static (state, cancelled) => ((FutureActorRef<T>)state!).Cancel(cancelled), this);

    public override void Tell(object message, IActorRef? sender)
    {
        var first = message switch
        {
            T answer when message is not Status.Failure || typeof(T) != typeof(object) => _result.TrySetResult(answer),
            Status.Failure failure => _result.TrySetException(failure.Cause ?? new TaskCanceledException("Status.Failure without a cause")),
            null => default(T) is null && _result.TrySetResult(default!),
            _ => _result.TrySetException(new ArgumentException(
                $"Received message of type [{message.GetType()}] - Ask expected message of type [{typeof(T)}]")),
        };
        if (first) Release();
        else system.DeadLetters.Tell(new Event.DeadLetter(message!, sender ?? system.DeadLetters, this), sender);
    }

    private void Fail(string message) => _result.TrySetException(new AskTimeoutException(message));

    private void Cancel(CancellationToken token)
    {
        _limit?.Cancel();
        _result.TrySetCanceled(token);
    }

    private void Release()
    {
        _limit?.Cancel();
        _cancellation.Dispose();
    }
}
