namespace Akka.Dispatch;

/// <summary>
/// Where work runs and what time it is: the only place of the runtime that knows threads and clocks.
/// Everything that an actor system starts by itself (mailboxes, timers, time limits) goes through here,
/// so another dispatcher can run a whole system on one thread in virtual time.
/// </summary>
internal abstract class Dispatcher
{
    /// <summary>How many user messages a mailbox handles before others get their turn.</summary>
    public virtual int Throughput => 30;

    /// <summary>The clock and the timers that belong to the threads of this dispatcher.</summary>
    public abstract TimeProvider Time { get; }

    /// <summary>Chance, where the runtime itself needs it.</summary>
    public abstract Random Random { get; }

    /// <summary>Runs the work once, soon, and never inside this call.</summary>
    public abstract void Execute(IThreadPoolWorkItem work);

    public void Execute(Action action) => Execute(new ActionItem(action));

    private sealed class ActionItem(Action action) : IThreadPoolWorkItem
    {
        public void Execute() => action();
    }
}

/// <summary>The dispatcher of a running system: the shared thread pool and the machine's clock.</summary>
internal sealed class ThreadPoolDispatcher : Dispatcher
{
    public override TimeProvider Time { get; } = new MachineTime();

    public override Random Random => Random.Shared;

    public override void Execute(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
}
