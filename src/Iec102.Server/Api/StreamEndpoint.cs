namespace Iec102.Server.Api;

/// <summary>GET stream: what happens, as server-sent events.</summary>
internal static class StreamEndpoint
{
    /// <summary>Adds the call to the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node, CancellationToken stopping) =>
        routes.MapGet("/api/stream", (HttpContext context) => Start(node, context, stopping))
            .Takes(Parameters.Meter, Parameters.Language).Answers<string>("What happens, as it happens.", "text/event-stream");

    private static IResult Start(ServerNode node, HttpContext context, CancellationToken stopping)
    {
        var meter = context.Request.Query[Parameters.Meter.Name].ToString();
        if (meter != "" && !ApiEndpoints.TryFind(node, meter, out _, out var problem))
            return problem;
        var events = new StreamEvents(node, meter == "" ? null : meter, FactEndpoints.LanguageOf(context));
        var others = NodeKey.IsPassedOn(context) ? null : node.Others;
        return ServerSentEvents.Start(
            node, context, queue => StreamWatcher.Props(node.LiveState, node.Alarms, queue), events.Of, stopping,
            others is null ? null : new NodeStreams(others, node.Fleet.Cluster.Key, context).FollowAsync);
    }
}
