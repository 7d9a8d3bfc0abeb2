using System.Threading.Channels;
using Akka.Actor;
using Iec102.Acquisition.Alarms;
using Iec102.Acquisition.Live;

namespace Iec102.Server.Api;

/// <summary>
/// The notices that wait to be sent to one client of the stream. The queue is bounded: a client that does not read in time loses the oldest
/// notices, and is sent their number.
/// </summary>
internal sealed class StreamQueue
{
    /// <summary>
    /// More than a minute of a thousand meters' current values, which is 4,000 notices: a client that lags further cannot keep up.
    /// </summary>
    public const int Capacity = 4096;

    private readonly Channel<object> _waiting;
    private long _dropped;

    /// <summary>Creates an empty queue.</summary>
    public StreamQueue() => _waiting = Channel.CreateBounded<object>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
        _ => Interlocked.Increment(ref _dropped));

    /// <summary>Adds a notice; never waits.</summary>
    public void Add(object notice) => _waiting.Writer.TryWrite(notice);

    /// <summary>How many notices have been dropped since the last call.</summary>
    public long TakeDropped() => Interlocked.Exchange(ref _dropped, 0);

    /// <summary>The notices as they arrive.</summary>
    public IAsyncEnumerable<object> ReadAllAsync(CancellationToken ct) => _waiting.Reader.ReadAllAsync(ct);
}

/// <summary>
/// Represents a client of the stream among the actors: puts the notices of the live state and of the alarms into the client's queue, and
/// a heartbeat every 15 s.
/// </summary>
internal sealed class StreamWatcher : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(15);

    private readonly IActorRef _liveState;
    private readonly IActorRef _alarms;
    private readonly StreamQueue _queue;

    /// <summary>Creates the actor.</summary>
    /// <param name="liveState">The live state.</param>
    /// <param name="alarms">The alarms.</param>
    /// <param name="queue">The client's queue.</param>
    public StreamWatcher(IActorRef liveState, IActorRef alarms, StreamQueue queue)
    {
        (_liveState, _alarms) = (liveState, alarms);
        _queue = queue;
        Receive<ServerSentEvents.Heartbeat>(OnHeartbeat);
        ReceiveAny(queue.Add);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The props of a watcher.</summary>
    public static Props Props(IActorRef liveState, IActorRef alarms, StreamQueue queue) =>
        Akka.Actor.Props.Create(() => new StreamWatcher(liveState, alarms, queue));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        // The first one shows the client that the stream has begun.
        OnHeartbeat(new ServerSentEvents.Heartbeat());
        Timers.StartPeriodicTimer(nameof(ServerSentEvents.Heartbeat), new ServerSentEvents.Heartbeat(), HeartbeatEvery, HeartbeatEvery);
    }

    /// <inheritdoc/>
    protected override void PostStop() => _liveState.Tell(new Unwatch());

    private void OnHeartbeat(ServerSentEvents.Heartbeat heartbeat)
    {
        // Repeated with every heartbeat, because both forget their watchers when they are restarted.
        _liveState.Tell(new Watch());
        _alarms.Tell(new WatchAlarms());
        _queue.Add(heartbeat);
    }
}
