using System.Text;
using System.Text.Json;
using Iec102.Server.Hosting;

namespace Iec102.Server.Api;

/// <summary>GET stream: what happens, as server-sent events, until the client goes or the server stops.</summary>
internal static class StreamEndpoint
{
    private static readonly byte[] Comment = ":\n\n"u8.ToArray();

    /// <summary>Adds it.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node, CancellationToken stopping) =>
        routes.MapGet("/api/stream", (HttpContext context) => Start(node, context, stopping));

    private static IResult Start(ServerNode node, HttpContext context, CancellationToken stopping)
    {
        if (!FactEndpoints.TryLanguage(context, out var language, out var problem))
            return problem;
        var meter = context.Request.Query["meter"].ToString();
        if (meter != "" && !ApiEndpoints.TryFind(node, meter, out _, out problem))
            return problem;
        context.Response.Headers.CacheControl = "no-cache";
        return Results.Stream(output => SendAsync(node, new StreamEvents(node, meter == "" ? null : meter, language), output, context.RequestAborted, stopping), "text/event-stream");
    }

    private static async Task SendAsync(ServerNode node, StreamEvents events, Stream output, CancellationToken aborted, CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
        var queue = new StreamQueue();
        var watcher = node.Start(StreamWatcher.Props(node.Readings, queue));
        try
        {
            // The client knows by it that the stream has begun.
            await WriteAsync(Comment);
            await foreach (var notice in queue.ReadAllAsync(ended.Token))
            {
                if (queue.TakeDropped() is > 0 and var dropped)
                    await WriteAsync(Event("lagged", new { dropped }));
                if (notice is StreamWatcher.Heartbeat)
                    await WriteAsync(Comment);
                else if (events.Of(notice) is var (name, model))
                    await WriteAsync(Event(name, model));
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Gone, or the server stops.
        }
        finally
        {
            node.Stop(watcher);
        }

        async Task WriteAsync(byte[] octets)
        {
            await output.WriteAsync(octets, ended.Token);
            await output.FlushAsync(ended.Token);
        }
    }

    private static byte[] Event(string name, object model) =>
        Encoding.UTF8.GetBytes($"event: {name}\ndata: {JsonSerializer.Serialize(model, ApiEndpoints.Json)}\n\n");
}
