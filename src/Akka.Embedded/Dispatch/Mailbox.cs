using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;

namespace Akka.Dispatch;

/// <summary>
/// The inbox of one actor: any thread posts, one thread at a time runs. A single flag says whether a run is due;
/// it is set by whoever finds work and taken back at the end of a run, after which the queues are looked at once more.
/// </summary>
internal sealed class Mailbox(ActorCell cell, Dispatcher dispatcher) : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<Envelope> _queue = new();

    /// <summary>Unstashed messages, the next one last. Touched only inside a run.</summary>
    private Stack<Envelope>? _front;

    /// <summary>Pushed system messages, the newest first.</summary>
    private SystemMessage? _system;

    private int _scheduled;
    private volatile bool _blocked;
    private volatile bool _closed;

    /// <summary>While true, user messages wait. Set only inside a run.</summary>
    public bool Blocked
    {
        set => _blocked = value;
    }

    public bool IsClosed => _closed;

    public void Post(in Envelope envelope)
    {
        if (_closed)
        {
            ToDeadLetters(envelope);
            return;
        }
        _queue.Enqueue(envelope);
        // The message must be visible before the flags are read; the run does the same the other way round.
        Interlocked.MemoryBarrier();
        if (!_blocked || _closed) Schedule();
    }

    public void Post(SystemMessage message)
    {
        SystemMessage? head;
        do
        {
            head = Volatile.Read(ref _system);
            message.Next = head;
        }
        while (Interlocked.CompareExchange(ref _system, message, head) != head);
        Schedule();
    }

    /// <summary>Puts messages before all others, keeping their order. Only inside a run.</summary>
    public void Prepend(IReadOnlyList<Envelope> envelopes)
    {
        _front ??= new Stack<Envelope>();
        for (var i = envelopes.Count - 1; i >= 0; i--) _front.Push(envelopes[i]);
    }

    /// <summary>Ends the mailbox: what is left, and all that follows, goes to dead letters. Only inside a run.</summary>
    public void Close()
    {
        _closed = true;
        DrainToDeadLetters();
    }

    void IThreadPoolWorkItem.Execute()
    {
        var outer = ActorCell.Current;
        ActorCell.Current = cell;
        try
        {
            RunSystemMessages();
            RunUserMessages();
        }
        finally
        {
            ActorCell.Current = outer;
            var more = _front is { Count: > 0 } && !_blocked && !_closed;
            Interlocked.Exchange(ref _scheduled, 0);
            if (more || HasWork) Schedule();
        }
    }

    private bool HasWork => _system is not null || ((!_blocked || _closed) && !_queue.IsEmpty);

    private void Schedule()
    {
        if (Volatile.Read(ref _scheduled) == 0 && Interlocked.CompareExchange(ref _scheduled, 1, 0) == 0) dispatcher.Execute(this);
    }

    private void RunUserMessages()
    {
        if (_closed)
        {
            DrainToDeadLetters();
            return;
        }
        for (var left = dispatcher.Throughput; left > 0 && !_blocked && TryTake(out var envelope); left--)
        {
            cell.Invoke(envelope);
            if (_system is not null) RunSystemMessages();
            if (_closed) return;
        }
    }

    private void RunSystemMessages()
    {
        while (Interlocked.Exchange(ref _system, null) is { } newest)
        {
            for (var message = Reverse(newest); message is not null;)
            {
                var next = message.Next;
                message.Next = null;
                if (_closed) RefuseSystemMessage(message);
                else cell.SystemInvoke(message);
                message = next;
            }
        }
    }

    private static SystemMessage Reverse(SystemMessage newest)
    {
        SystemMessage? reversed = null;
        for (var message = newest; message is not null;)
        {
            var next = message.Next;
            message.Next = reversed;
            reversed = message;
            message = next;
        }
        return reversed!;
    }

    private static void RefuseSystemMessage(SystemMessage message)
    {
        if (message is Watch watch) watch.Watcher.SendSystemMessage(new DeathWatchNotification(watch.Watchee, existenceConfirmed: false));
    }

    private bool TryTake(out Envelope envelope) => _front is { Count: > 0 } ? _front.TryPop(out envelope) : _queue.TryDequeue(out envelope);

    private void DrainToDeadLetters()
    {
        while (TryTake(out var envelope)) ToDeadLetters(envelope);
    }

    private void ToDeadLetters(in Envelope envelope) =>
        cell.SystemImpl.DeadLetters.Tell(new DeadLetter(envelope.Message, envelope.Sender ?? cell.SystemImpl.DeadLetters, cell.Self), envelope.Sender);
}
