using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>Stopping an actor and learning when it has ended, or (false) that it has not in time.</summary>
public static class GracefulStopSupport
{
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) => target.GracefulStop(timeout, PoisonPill.Instance);

    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        var watcher = new EndOfActorRef(Futures.SystemOf(target), timeout);
        target.SendSystemMessage(new Watch(target, watcher));
        target.Tell(stopMessage, ActorRefs.NoSender);
        return watcher.Result;
    }

    /// <summary>A watcher outside any actor.</summary>
    private sealed class EndOfActorRef : MinimalActorRef
    {
        private readonly TaskCompletionSource<bool> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TimerQueue.Entry? _limit;

        public EndOfActorRef(ActorSystemImpl system, TimeSpan timeout)
        {
            OwnSystem = system;
            Path = new ChildActorPath(system.TempPath, "$" + system.NextUid(), 0);
            _limit = system.Timers.Add(timeout, TimeSpan.Zero, () => _result.TrySetResult(false));
        }

        public Task<bool> Result => _result.Task;

        public override ActorPath Path { get; }

        internal override ActorSystemImpl OwnSystem { get; }

        public override void Tell(object message, IActorRef? sender)
        {
        }

        internal override void ReceiveSystemMessage(SystemMessage message)
        {
            if (message is not DeathWatchNotification) return;
            _limit?.Cancel();
            _result.TrySetResult(true);
        }
    }
}
