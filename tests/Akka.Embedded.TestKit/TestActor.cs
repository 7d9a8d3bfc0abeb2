using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Dispatch;

namespace Akka.TestKit;

/// <summary>Runs work on the thread that brings it, so that a message to a test is there when Tell returns.</summary>
internal sealed class InlineDispatcher : Dispatcher
{
    public static readonly InlineDispatcher Instance = new();

    public override TimeProvider Time => TimeProvider.System;

    public override Random Random => Random.Shared;

    public override void Execute(IThreadPoolWorkItem work) => work.Execute();
}

/// <summary>What a test actor received and the test has not looked at yet.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A message may still come after the test; the semaphore holds no handle.")]
internal sealed class ReceivedMessages
{
    private readonly ConcurrentQueue<ReceivedEnvelope> _queue = new();
    private readonly SemaphoreSlim _available = new(0);

    public bool Any => !_queue.IsEmpty;

    public void Add(ReceivedEnvelope envelope)
    {
        _queue.Enqueue(envelope);
        _available.Release();
    }

    /// <summary>The next message, or null when none came in time. Blocks if <paramref name="sync"/>, so that the task is complete.</summary>
    public async ValueTask<ReceivedEnvelope?> Take(TimeSpan max, bool sync, CancellationToken cancellation)
    {
        var came = sync ? _available.Wait(max, cancellation) : await _available.WaitAsync(max, cancellation).ConfigureAwait(false);
        return came && _queue.TryDequeue(out var envelope) ? envelope : null;
    }
}

/// <summary>The actor behind a test or a probe: it queues what it is told.</summary>
internal sealed class TestActor(ReceivedMessages received) : UntypedActor
{
    private Func<object, bool>? _ignore;
    private AutoPilot _pilot = AutoPilot.NoAutoPilot;

    internal sealed record SetIgnore(Func<object, bool>? Ignore) : INoSerializationVerificationNeeded;

    internal sealed record SetPilot(AutoPilot Pilot) : INoSerializationVerificationNeeded;

    internal sealed record StartWatching(IActorRef Subject) : INoSerializationVerificationNeeded;

    internal sealed record StopWatching(IActorRef Subject) : INoSerializationVerificationNeeded;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SetIgnore set: _ignore = set.Ignore; break;
            case SetPilot set: _pilot = set.Pilot; break;
            case StartWatching watch: Context.Watch(watch.Subject); break;
            case StopWatching unwatch: Context.Unwatch(unwatch.Subject); break;
            default: Queue(message); break;
        }
    }

    private void Queue(object message)
    {
        if (_pilot is not NoAutoPilot && _pilot.Run(Sender, message) is not KeepRunning and var next) _pilot = next;
        if (_ignore is null || !_ignore(message)) received.Add(new ReceivedEnvelope(message, Sender));
    }
}
