using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Iec102.Acquisition.Meters;
using Iec102.Fleet;
using Iec102.Server.Hosting;

namespace Iec102.Server.Api;

/// <summary>The REST calls (contract, "REST").</summary>
internal static class ApiEndpoints
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How JSON is written: camelCase, null where a value is missing.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        // The answers are never part of a page, and offsets are to be read as +02:00.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Adds all calls.</summary>
    /// <param name="routes">Where.</param>
    /// <param name="node">The server.</param>
    /// <param name="stopping">The server is about to stop: calls that would last end.</param>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node, CancellationToken stopping)
    {
        HealthEndpoints.Map(routes);
        FleetEndpoint.Map(routes, node);
        routes.MapGet("/metrics", async () => Results.Text(Metrics.Of(await node.OverviewAsync()), Metrics.ContentType));
        routes.MapGet("/api/ports", () => Ports(node));
        routes.MapGet("/api/ports/{id}", (string id) => Port(node, id));
        routes.MapGet("/api/meters", () => Meters(node));
        routes.MapGet("/api/meters/{id}", (string id) => Meter(node, id));
        routes.MapGet("/api/meters/{id}/current", (string id) => Current(node, id));
        routes.MapPost("/api/meters/{id}/retry", (string id) => Operate(node, id, new RetryLogin())).WithMetadata(new NeedsOperate());
        routes.MapPost("/api/meters/{id}/replaced", (string id) => Operate(node, id, new DeclareReplaced())).WithMetadata(new NeedsOperate());
        ReadEndpoint.Map(routes, node);
        ProfileEndpoints.Map(routes, node);
        FactEndpoints.Map(routes, node);
        StreamEndpoint.Map(routes, node, stopping);
        TraceEndpoint.Map(routes, node, stopping);
        routes.MapFallback("/api/{**path}", () => Problem.NotFound("There is no such call; docs/contract.md lists the calls of this API."));
    }

    /// <summary>The meter of an id, or the 404 that names it.</summary>
    public static bool TryFind(ServerNode node, string id, out MeterConfiguration meter, out IResult notFound)
    {
        meter = node.Fleet.Meters.FirstOrDefault(candidate => candidate.Id == id)!;
        notFound = Problem.NotFound($"There is no meter '{id}'; GET /api/meters lists them.");
        return meter is not null;
    }

    /// <summary>The 404 that names a port.</summary>
    public static IResult NoPort(string id) => Problem.NotFound($"There is no port '{id}'; GET /api/ports lists them.");

    /// <summary>Reads a small JSON body; null when it is none.</summary>
    public static async Task<T?> ReadBody<T>(HttpContext context) where T : class
    {
        const int longest = 64 * 1024;
        if (context.Request.ContentLength > longest)
            return null;
        try
        {
            return await context.Request.ReadFromJsonAsync<T>(Json, context.RequestAborted);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or BadHttpRequestException)
        {
            return null;
        }
    }

    private static async Task<IResult> Ports(ServerNode node)
    {
        var overview = await node.OverviewAsync();
        return Results.Json(overview.Ports.Values.Select(port => PortModel.Of(port, node.Fleet.TimeZone, overview.Gateways.GetValueOrDefault(port.Id))), Json);
    }

    private static async Task<IResult> Port(ServerNode node, string id)
    {
        var overview = await node.OverviewAsync();
        return overview.Ports.TryGetValue(id, out var port)
            ? Results.Json(PortModel.Of(port, node.Fleet.TimeZone, overview.Gateways.GetValueOrDefault(id)), Json)
            : NoPort(id);
    }

    private static async Task<IResult> Meters(ServerNode node)
    {
        var overview = await node.OverviewAsync();
        var zones = node.Fleet.Meters.ToDictionary(meter => meter.Id, meter => meter.TimeZone, StringComparer.Ordinal);
        return Results.Json(
            overview.Meters.Values.Select(meter => MeterModel.Of(meter, overview.ProfilesOf(meter.Id), zones.GetValueOrDefault(meter.Id, node.Fleet.TimeZone))), Json);
    }

    private static async Task<IResult> Meter(ServerNode node, string id)
    {
        if (!TryFind(node, id, out var configuration, out var notFound))
            return notFound;
        var overview = await node.OverviewAsync();
        return overview.Meters.TryGetValue(id, out var meter)
            ? Results.Json(MeterModel.Of(meter, overview.ProfilesOf(id), configuration.TimeZone), Json)
            : Problem.Of(StatusCodes.Status503ServiceUnavailable, $"The meter '{id}' has not been started yet; try again in a moment.");
    }

    private static async Task<IResult> Current(ServerNode node, string id)
    {
        if (!TryFind(node, id, out var meter, out var notFound))
            return notFound;
        var overview = await node.OverviewAsync();
        var values = overview.Current.TryGetValue(id, out var known) ? known.Values : [];
        return Results.Json(CurrentModel.Of(id, values, meter.TimeZone, meter.Orientation), Json);
    }

    private static async Task<IResult> Operate(ServerNode node, string id, object command)
    {
        if (!TryFind(node, id, out _, out var notFound))
            return notFound;
        var answer = await node.AskMeter<OperatorActionAccepted>(id, command, AnswerTimeout);
        return answer is null
            ? Problem.Of(StatusCodes.Status503ServiceUnavailable, $"The meter '{id}' is being restarted; try again in a moment.")
            : Results.Json(new { meter = id, accepted = true }, Json);
    }
}
