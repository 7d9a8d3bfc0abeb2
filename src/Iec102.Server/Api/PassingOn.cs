using Iec102.Fleet;
using Microsoft.AspNetCore.Http.Metadata;
using Yarp.ReverseProxy.Forwarder;

namespace Iec102.Server.Api;

/// <summary>Marks an endpoint that only the node can answer that runs the port, or the port of the meter, that its id names.</summary>
/// <param name="Port">Whether the id may name a port.</param>
/// <param name="Meter">Whether the id may name a meter.</param>
internal sealed record AnsweredByOwner(bool Port = false, bool Meter = false);

/// <summary>Marks an endpoint that only the node can answer that keeps the alarms.</summary>
internal sealed record AnsweredByAlarmKeeper;

/// <summary>
/// Passes calls on to the node that can answer them, with the rights of the caller. A call that was passed on is not passed on again, so
/// that none can go round in circles while a port moves.
/// </summary>
/// <param name="node">This server.</param>
/// <param name="others">The other nodes.</param>
/// <param name="forwarder">Carries calls and their answers, streams included.</param>
internal sealed class PassingOn(ServerNode node, OtherNodes others, IHttpForwarder forwarder)
{
    /// <summary>Longer than the longest call takes, and than the pause between two heartbeats of a stream.</summary>
    private static readonly ForwarderRequestConfig Patience = new() { ActivityTimeout = TimeSpan.FromSeconds(45) };

    /// <summary>The filter in front of the calls.</summary>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.GetEndpoint()?.Metadata.GetMetadata<AnsweredByAlarmKeeper>() is not null)
        {
            // While no node sees another, and where none is known to keep them, this one says so itself.
            return others.View is { StoreAwaySince: null, AlarmKeeper: { } keeper } && keeper.Report.Id != others.View.Self
                && !NodeKey.IsPassedOn(http)
                ? await ToAsync(keeper.Report.Id, keeper.Report.Url, http)
                : await next(context);
        }

        if (http.GetEndpoint()?.Metadata.GetMetadata<AnsweredByOwner>() is not { } marked
            || PortOf((string)http.Request.RouteValues["id"]!, marked) is not { Enabled: true } port || node.Runs(port.Id))
        {
            return await next(context);
        }

        if (others.OwnerOf(port) is { } owner && owner.Report.Id != others.View.Self && !NodeKey.IsPassedOn(http))
            return await ToAsync(owner.Report.Id, owner.Report.Url, http);
        return port.Placement.Node is { } pinned && pinned != others.View.Self && !NodeKey.IsPassedOn(http)
            ? Problem.Of(
                StatusCodes.Status504GatewayTimeout, $"Nothing has been heard of node {pinned}, which alone may run the port '{port.Id}'.")
            : Problem.Of(
                StatusCodes.Status503ServiceUnavailable,
                $"No node runs the port '{port.Id}' at present: try again in a moment, or see with iec102 node list which nodes work.");
    }

    /// <summary>Passes a call on to a node.</summary>
    public async Task<IResult> ToAsync(string id, Uri url, HttpContext context)
    {
        var forms = context.GetEndpoint()!.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>();
        if (forms.SelectMany(one => one.ContentTypes).Contains(ServerSentEvents.ContentType)
            && ServerSentEvents.Refuse(context) is { } refusal)
        {
            return refusal;
        }

        var call = new AsNode(others.View.Self, node.Fleet.Cluster.Key, context);
        var error = await forwarder.SendAsync(context, url.GetLeftPart(UriPartial.Authority), others.Client, Patience, call);
        return error == ForwarderError.None || context.Response.HasStarted
            ? Results.Empty
            : Problem.Of(
                StatusCodes.Status504GatewayTimeout,
                $"Node {id} does not answer at {url.GetLeftPart(UriPartial.Authority)}: {Reason(context)}");
    }

    private static string Reason(HttpContext context)
    {
        var failure = context.GetForwarderErrorFeature()?.Exception;
        return $"{(failure?.InnerException ?? failure)?.Message.TrimEnd('.') ?? "the call was ended"}.";
    }

    private PortConfiguration? PortOf(string id, AnsweredByOwner marked)
    {
        var port = marked.Port ? node.Fleet.Ports.FirstOrDefault(one => one.Id == id) : null;
        var meter = marked.Meter && port is null ? node.Fleet.Meters.FirstOrDefault(one => one.Id == id) : null;
        return meter is { Enabled: true } ? node.Fleet.Ports.FirstOrDefault(one => one.Id == meter.Port) : port;
    }

    /// <summary>The call as one of this node's.</summary>
    private sealed class AsNode(string self, SecretText? key, HttpContext call) : HttpTransformer
    {
        // What a browser says of the page that called was looked at here.
        private static readonly string[] OfBrowsers = ["Cookie", "Origin", "Referer", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest"];

        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            foreach (var name in OfBrowsers)
                proxyRequest.Headers.Remove(name);
            // That of the other node's address.
            proxyRequest.Headers.Host = null;
            NodeKey.Add(proxyRequest, self, key, call);
        }
    }
}
