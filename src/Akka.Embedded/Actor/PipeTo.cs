namespace Akka.Actor;

/// <summary>Sends the result of a task to an actor; a failure becomes <see cref="Status.Failure"/>.</summary>
public static class PipeToSupport
{
    public static async Task PipeTo<T>(this Task<T> taskToPipe, ICanTell recipient, IActorRef? sender = null,
        Func<T, object>? success = null, Func<Exception, object>? failure = null)
    {
        object message;
        try
        {
            var result = await taskToPipe.ConfigureAwait(ActorCell.MayPipeHere);
            message = (success is null ? result : success(result)) ?? throw new InvalidMessageException("The result is null");
        }
        catch (Exception cause)
        {
            message = FailureMessage(cause, failure);
        }
        recipient.Tell(message, sender);
    }

    /// <summary>A task without a result sends nothing when it goes well, unless told what.</summary>
    public static async Task PipeTo(this Task taskToPipe, ICanTell recipient, IActorRef? sender = null,
        Func<object>? success = null, Func<Exception, object>? failure = null)
    {
        object? message;
        try
        {
            await taskToPipe.ConfigureAwait(ActorCell.MayPipeHere);
            message = success?.Invoke();
        }
        catch (Exception cause)
        {
            message = FailureMessage(cause, failure);
        }
        if (message is not null) recipient.Tell(message, sender);
    }

    public static Task PipeTo<T>(this ValueTask<T> taskToPipe, ICanTell recipient, IActorRef? sender = null,
        Func<T, object>? success = null, Func<Exception, object>? failure = null) => taskToPipe.AsTask().PipeTo(recipient, sender, success, failure);

    public static Task PipeTo(this ValueTask taskToPipe, ICanTell recipient, IActorRef? sender = null,
        Func<object>? success = null, Func<Exception, object>? failure = null) => taskToPipe.AsTask().PipeTo(recipient, sender, success, failure);

    private static object FailureMessage(Exception cause, Func<Exception, object>? failure) =>
        failure is null ? new Status.Failure(cause) : failure(cause);
}
