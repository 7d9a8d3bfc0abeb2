using Akka.Actor;
using Iec102.Acquisition.Ports;
using Iec102.Contract;

namespace Iec102.Server.Api;

/// <summary>
/// GET trace of a port: every frame on its line and with its gateway's clients, decoded and masked, as server-sent events.
/// </summary>
internal static class TraceEndpoint
{
    /// <summary>Adds the call to the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node, CancellationToken stopping) =>
        routes.MapGet("/api/ports/{id}/trace", (string id, HttpContext context) => Start(node, id, context, stopping))
            .WithMetadata(new AnsweredByOwner(Port: true))
            .Answers<string>("The frames of a port as they pass, decoded and masked.", "text/event-stream");

    private static IResult Start(ServerNode node, string id, HttpContext context, CancellationToken stopping)
    {
        if (node.Fleet.Ports.FirstOrDefault(port => port.Id == id) is not { } configured)
            return ApiEndpoints.NoPort(id);
        if (!configured.Enabled)
            return Problem.Of(StatusCodes.Status409Conflict, $"The port '{id}' is disabled, so no frames pass through it.");
        return ServerSentEvents.Start(
            node, context, queue => FrameWatcher.Props(() => node.WatchedOn(id), () => node.WhyGone(id), queue),
            notice => notice is FrameSeen seen ? ("frame", FrameModel.Of(seen, node.Fleet.TimeZone)) : null, stopping);
    }
}

/// <summary>
/// Represents a client of the trace among the actors. It keeps asking for the frames, because a port or gateway that was restarted has
/// forgotten its watchers, and ends the trace when they are gone for good.
/// </summary>
internal sealed class FrameWatcher : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan AskAgainEvery = TimeSpan.FromSeconds(5);

    private readonly Func<IEnumerable<IActorRef>> _watched;
    private readonly Func<string?> _whyGone;
    private readonly StreamQueue _queue;

    /// <summary>Creates the actor.</summary>
    /// <param name="watched">The actors that frames pass through.</param>
    /// <param name="whyGone">Why no frames will pass any more, in one sentence; null while they may.</param>
    /// <param name="queue">The client's queue.</param>
    public FrameWatcher(Func<IEnumerable<IActorRef>> watched, Func<string?> whyGone, StreamQueue queue)
    {
        (_watched, _whyGone, _queue) = (watched, whyGone, queue);
        Receive<ServerSentEvents.Heartbeat>(OnHeartbeat);
        ReceiveAny(queue.Add);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The props of a watcher.</summary>
    public static Props Props(Func<IEnumerable<IActorRef>> watched, Func<string?> whyGone, StreamQueue queue) =>
        Akka.Actor.Props.Create(() => new FrameWatcher(watched, whyGone, queue));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        OnHeartbeat(new ServerSentEvents.Heartbeat());
        Timers.StartPeriodicTimer(nameof(ServerSentEvents.Heartbeat), new ServerSentEvents.Heartbeat(), AskAgainEvery, AskAgainEvery);
    }

    private void OnHeartbeat(ServerSentEvents.Heartbeat heartbeat)
    {
        foreach (var actor in _watched())
            actor.Tell(new WatchFrames(Self));
        _queue.Add(_whyGone() is { } reason ? new ServerSentEvents.End(reason) : heartbeat);
    }
}
