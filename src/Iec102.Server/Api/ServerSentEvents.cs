using System.Text;
using System.Text.Json;
using Akka.Actor;
using Iec102.Contract;
using Microsoft.AspNetCore.Http.Features;

namespace Iec102.Server.Api;

/// <summary>
/// Server-sent events: each client has an actor of its own, whose notices are sent as they arrive, until the client disconnects or the
/// server stops.
/// </summary>
internal static class ServerSentEvents
{
    /// <summary>A client that has not taken a notice by then is disconnected.</summary>
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(10);

    private static readonly byte[] Comment = ":\n\n"u8.ToArray();

    /// <summary>A sign of life is due: proxies close silent connections, and only writing shows that a client has gone.</summary>
    internal sealed record Heartbeat;

    /// <summary>Nothing more will come: the client is told so with an event of this name, and its stream ends.</summary>
    /// <param name="Reason">Why, in one sentence.</param>
    internal sealed record End(string Reason);

    /// <summary>The content type of a stream.</summary>
    public const string ContentType = "text/event-stream";

    /// <summary>
    /// Makes a call's connection a stream; otherwise returns why there may be no more. The page's own calls have no connection.
    /// </summary>
    public static IResult? Refuse(HttpContext context)
    {
        var connections = context.RequestServices.GetRequiredService<ApiConnections>();
        return context.Features.Get<ApiConnection>() is not { } connection || connections.TryStream(connection)
            ? null
            : Problem.Of(
                StatusCodes.Status503ServiceUnavailable,
                $"There are {connections.MostStreams} streams already, and there may not be more; close one of them, or try again later.");
    }

    /// <summary>The response to a call.</summary>
    /// <param name="node">The server.</param>
    /// <param name="context">The call.</param>
    /// <param name="watcher">
    /// The actor that puts into the queue what is to be sent, a <see cref="Heartbeat"/> now and then, and perhaps an <see cref="End"/>. It
    /// queues the first heartbeat as soon as it has asked for notices, so that a client that has received it misses nothing from then on.
    /// </param>
    /// <param name="eventOf">Name and data of the event of a notice; null when it does not concern this client.</param>
    /// <param name="stopping">Cancelled when the server is about to stop.</param>
    /// <param name="further">Puts further notices into the queue until it is cancelled; null for none.</param>
    public static IResult Start(
        ServerNode node, HttpContext context, Func<StreamQueue, Props> watcher, Func<object, (string Name, object Model)?> eventOf,
        CancellationToken stopping, Func<StreamQueue, CancellationToken, Task>? further = null)
    {
        if (Refuse(context) is { } refusal)
            return refusal;
        context.Response.Headers.CacheControl = "no-cache";
        return Results.Stream(output => SendAsync(node, watcher, eventOf, output, context, further, stopping), ContentType);
    }

    private static async Task SendAsync(
        ServerNode node, Func<StreamQueue, Props> props, Func<object, (string Name, object Model)?> eventOf, Stream output,
        HttpContext context, Func<StreamQueue, CancellationToken, Task>? further, CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var caller = context.Features.GetRequiredFeature<Caller>();
        // Its place may be wanted by a client that reads. To the web server a client that takes an octet now and then is quick enough.
        using var late = new CancellationTokenSource();
        await using var cut = late.Token.Register(context.Abort);
        var queue = new StreamQueue();
        var watcher = node.Start(props(queue));
        var furtherNotices = further?.Invoke(queue, ended.Token) ?? Task.CompletedTask;
        try
        {
            await foreach (var next in queue.ReadAllAsync(ended.Token))
            {
                var notice = caller.IsStillKnown(node.Fleet.Api) ? next : new End("The key of this stream is no longer in the fleet file.");
                if (queue.TakeDropped() is > 0 and var dropped)
                    await WriteAsync(Event("lagged", new { dropped }));
                if (notice is End end)
                {
                    await WriteAsync(Event("end", new { reason = end.Reason }));
                    break;
                }

                if (notice is Heartbeat)
                    await WriteAsync(Comment);
                else if (eventOf(notice) is var (name, model))
                    await WriteAsync(Event(name, model));
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client has gone, or the server is stopping.
        }
        finally
        {
            node.Stop(watcher);
            await ended.CancelAsync();
            await furtherNotices;
        }

        async Task WriteAsync(byte[] octets)
        {
            late.CancelAfter(LongestWrite);
            await output.WriteAsync(octets, ended.Token);
            await output.FlushAsync(ended.Token);
            late.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    private static byte[] Event(string name, object model) =>
        Encoding.UTF8.GetBytes($"event: {name}\ndata: {JsonSerializer.Serialize(model, ContractJson.Options)}\n\n");
}
