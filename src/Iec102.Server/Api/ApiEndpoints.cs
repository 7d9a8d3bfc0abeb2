using System.Text.Json;
using Akka.Actor;
using Iec102.Acquisition.Alarms;
using Iec102.Acquisition.Meters;
using Iec102.Contract;
using Iec102.Fleet;
using Iec102.Server.Deliveries;
using Microsoft.AspNetCore.Http.Features;
using NodaTime;

namespace Iec102.Server.Api;

/// <summary>The REST calls (contract, "REST").</summary>
internal static class ApiEndpoints
{
    /// <summary>The most octets of a request's body; the web server refuses longer ones.</summary>
    public const int LongestBody = 64 * 1024;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Lets a body be read more than once. It stays in memory: a file would have the passwords in it.</summary>
    public static void KeepBody(HttpRequest request) => request.EnableBuffering(
        (int)(request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? LongestBody));

    /// <summary>Adds all calls to the routes.</summary>
    /// <param name="routes">The routes of the server.</param>
    /// <param name="node">The server.</param>
    /// <param name="stopping">Cancelled when the server is about to stop; this ends the streams.</param>
    /// <param name="passingOn">Passes calls on to other nodes; null when the server is alone.</param>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node, CancellationToken stopping, PassingOn? passingOn = null)
    {
        HealthEndpoints.Map(routes);
        routes.MapGet("/metrics", () => MetricsOf(node))
            .Answers<string>("States, counters and current values for Prometheus.", "text/plain");
        routes.MapOpenApi("/openapi/{documentName}.json");
        routes.MapFallback("/api/{**path}", () => Problem.NotFound("There is no such call; GET /openapi/v1.json lists the calls."))
            .ExcludeFromDescription();
        var calls = routes.MapGroup("");
        calls.AddEndpointFilter(CallRules.CheckAsync);
        if (passingOn is not null)
            calls.AddEndpointFilter(passingOn.InvokeAsync);
        MapCalls(calls, node, stopping);
        NodeEndpoints.Map(calls, node, passingOn);
    }

    private static void MapCalls(IEndpointRouteBuilder routes, ServerNode node, CancellationToken stopping)
    {
        FleetEndpoint.Map(routes, node);
        routes.MapGet("/api/status", () => Status(node)).Answers<StatusModel>("What is wrong, and how many have which verdict.");
        routes.MapGet("/api/ports", Task<IResult> (HttpContext context) => Ports(node, context)).Takes(MeterList.Verdict)
            .Answers<IReadOnlyList<PortModel>>("The ports.");
        routes.MapGet("/api/ports/{id}", (string id) => Port(node, id)).Answers<PortModel>("A port.");
        routes.MapGet("/api/meters", Task<IResult> (HttpContext context) => Meters(node, context)).Takes(MeterList.Parameters)
            .Answers<IReadOnlyList<MeterModel>>("The meters, or those that are chosen.");
        routes.MapGet("/api/meters/{id}", (string id) => Meter(node, id)).Answers<MeterModel>("A meter.");
        routes.MapGet("/api/meters/{id}/current", (string id) => Current(node, id))
            .Answers<CurrentModel>("The current values of a meter as last read.");
        routes.MapPost("/api/meters/{id}/retry", (string id) => Operate(node, id, new RetryLogin()))
            .WithMetadata(new NeedsOperate(), new AnsweredByOwner(Meter: true)).Accepts<object>(isOptional: true, "application/json")
            .Answers<AcceptedModel>("Tries the login now.");
        routes.MapPost("/api/meters/{id}/replaced", (string id) => Operate(node, id, new DeclareReplaced()))
            .WithMetadata(new NeedsOperate(), new AnsweredByOwner(Meter: true)).Accepts<object>(isOptional: true, "application/json")
            .Answers<AcceptedModel>("Declares that a new meter has been installed.");
        ReadEndpoint.Map(routes, node);
        ClockEndpoint.Map(routes, node);
        ProbeEndpoint.Map(routes, node);
        ProfileEndpoints.Map(routes, node);
        DataEndpoints.Map(routes, node);
        DaysEndpoint.Map(routes, node);
        HistoryEndpoint.Map(routes, node);
        FactEndpoints.Map(routes, node);
        StreamEndpoint.Map(routes, node, stopping);
        PortEndpoints.Map(routes, node);
        SystemEndpoints.Map(routes, node, stopping);
        TraceEndpoint.Map(routes, node, stopping);
        SupportEndpoint.Map(routes, node);
        AuditEndpoint.Map(routes, node);
        AlarmEndpoints.Map(routes, node);
        DeliveryEndpoints.Map(routes, node);
    }

    /// <summary>Finds a meter by its id; otherwise returns the 404 that names it.</summary>
    public static bool TryFind(ServerNode node, string id, out MeterConfiguration meter, out IResult notFound)
    {
        meter = node.Fleet.Meters.FirstOrDefault(candidate => candidate.Id == id)!;
        notFound = Problem.NotFound($"There is no meter '{id}'; GET /api/meters lists the meters.");
        return meter is not null;
    }

    /// <summary>The 404 that names a port.</summary>
    public static IResult NoPort(string id) => Problem.NotFound($"There is no port '{id}'; GET /api/ports lists the ports.");

    /// <summary>Reads a small JSON body; null when the body is not of this form.</summary>
    public static async Task<T?> ReadBody<T>(HttpContext context) where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(context.Request.Body, ContractJson.Options, context.RequestAborted);
        }
        catch (Exception e) when (e is JsonException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task<IResult> MetricsOf(ServerNode node)
    {
        var alarms = node.Alarms.Ask<object>(new GetAlarms(), AnswerTimeout);
        var deliveries = node.Deliveries.Ask<object>(new GetDeliveries(), AnswerTimeout);
        var live = node.WithValues(await node.LiveFleetAsync());
        return Results.Text(
            Metrics.Of(live, (await alarms as AlarmList)?.Alarms, await deliveries as DeliveryStates, node.Others), Metrics.ContentType);
    }

    private static async Task<IResult> Status(ServerNode node)
    {
        var live = await node.LiveFleetAsync();
        return Results.Json(StatusModel.Of(live.Verdicts, live.Meters, node.FleetStatus, live.At), ContractJson.Options);
    }

    private static async Task<IResult> Ports(ServerNode node, HttpContext context)
    {
        var live = await node.LiveFleetAsync();
        var ports =
            from port in live.Ports.ById.Values
            where port.Status is not null
            select PortModel.Of(port, live.Verdicts.OfPort(port.Id), node.Fleet.TimeZone);
        return Results.Json(
            ports.Where(port => MeterList.WantsVerdict(context, port.Verdict)).OrderBy(port => port.Id, NaturalOrder.Instance),
            ContractJson.Options);
    }

    private static async Task<IResult> Port(ServerNode node, string id)
    {
        var live = await node.LiveFleetAsync();
        return live.Ports.ById.GetValueOrDefault(id) is { Status: not null } port
            ? Results.Json(PortModel.Of(port, live.Verdicts.OfPort(id), node.Fleet.TimeZone), ContractJson.Options)
            : NoPort(id);
    }

    private static async Task<IResult> Meters(ServerNode node, HttpContext context)
    {
        var (meters, problem) = await MeterList.SelectAsync(node, context);
        return problem ?? Results.Json(meters, ContractJson.Options);
    }

    private static async Task<IResult> Meter(ServerNode node, string id)
    {
        if (!TryFind(node, id, out var configuration, out var notFound))
            return notFound;
        var live = await node.LiveFleetAsync();
        return live.Meters.ById.GetValueOrDefault(id) is { Status: not null } meter
            ? Results.Json(
                MeterModel.Of(meter, live.Verdicts.OfMeter(id), configuration.TimeZone, configuration.Labels), ContractJson.Options)
            : Problem.Of(StatusCodes.Status503ServiceUnavailable, $"The meter '{id}' has not been started yet; try again in a moment.");
    }

    private static async Task<IResult> Current(ServerNode node, string id)
    {
        if (!TryFind(node, id, out var configuration, out var notFound))
            return notFound;
        var values = (await node.MeterAsync(id)).ValuesAt(SystemClock.Instance.GetCurrentInstant());
        return Results.Json(CurrentModel.Of(id, values, configuration.TimeZone, configuration.Orientation), ContractJson.Options);
    }

    private static async Task<IResult> Operate(ServerNode node, string id, object command)
    {
        if (!TryFind(node, id, out _, out var notFound))
            return notFound;
        var answer = await node.AskMeter<OperatorActionAccepted>(id, command, AnswerTimeout);
        return answer is null
            ? Problem.Of(StatusCodes.Status503ServiceUnavailable, $"The meter '{id}' is being restarted; try again in a moment.")
            : Results.Json(new AcceptedModel(id, true), ContractJson.Options);
    }
}
