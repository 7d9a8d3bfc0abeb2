using Akka.Actor;
using Iec102.Contract;
using Iec102.Fleet;
using Iec102.Server.Deliveries;
using Iec102.Storage.Writing;
using NodaTime;
using Period = Iec102.Server.Deliveries.Period;

namespace Iec102.Server.Api;

/// <summary>The calls about scheduled deliveries. Of several nodes, the one that delivers answers.</summary>
internal static class DeliveryEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long a call waits for a file; it is written in any case.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(40);

    /// <summary>Adds the calls to the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node)
    {
        var calls = routes.MapGroup("").WithMetadata(new AnsweredByAlarmKeeper());
        calls.MapGet("/api/deliveries", (IDeliveryTable table) => List(node, table))
            .Answers<DeliveriesModel>("The scheduled deliveries, with their last files.");
        calls.MapPost("/api/deliveries/{name}/run", (string name) => Run(node, name)).WithMetadata(new NeedsOperate())
            .Accepts<object>(isOptional: true, "application/json")
            .Answers<DeliveryRunModel>("Writes the file of the last whole period now, if there is anything new.");
    }

    private static async Task<IResult> List(ServerNode node, IDeliveryTable table)
    {
        if (await node.Deliveries.Ask<object>(new GetDeliveries(), Patience) is not DeliveryStates states)
            return Elsewhere(node);
        var (fleet, now) = (node.Fleet, SystemClock.Instance.GetCurrentInstant());
        var files = await Task.Run(table.Read);
        return Results.Json(
            new DeliveriesModel(
                TimeText.Format(now, fleet.TimeZone),
                [
                    .. fleet.Deliveries.Select(one => DeliveryModel.Of(
                        one, fleet, NextOf(one, fleet, now), states.ByName.GetValueOrDefault(one.Name)?.Problem,
                        DeliveryPlan.InOrder(one, files))),
                ]),
            ContractJson.Options);
    }

    private static async Task<IResult> Run(ServerNode node, string name)
    {
        var fleet = node.Fleet;
        if (fleet.Deliveries.FirstOrDefault(one => one.Name == name) is not { } delivery)
            return Problem.NotFound($"There is no delivery '{name}'; GET /api/deliveries lists the deliveries.");
        var period = Period.EndedBy(delivery.What, SystemClock.Instance.GetCurrentInstant().InZone(fleet.TimeZone).Date).Name;
        object answer;
        try
        {
            answer = await node.Deliveries.Ask<object>(new RunDelivery(name), LongestRun);
        }
        catch (AskTimeoutException)
        {
            return Problem.Of(
                StatusCodes.Status504GatewayTimeout,
                $"The file is not there after {LongestRun.TotalSeconds:0} s, and goes on being written: GET /api/deliveries shows it when "
                + "it is there.");
        }

        if (answer is not DeliveryLook look)
            return Elsewhere(node);
        if (look.Problem is { } problem)
            return Problem.Of(StatusCodes.Status503ServiceUnavailable, problem.Sentence);
        var newest = DeliveryPlan.Newest(look.Files!, period);
        var outcome = newest is not { Version: > 0 } ? "nothing-stored" : look.Written.Contains(newest) ? "written" : "nothing-new";
        return Results.Json(
            new DeliveryRunModel(
                name, period, outcome, newest is { Version: > 0 } ? DeliveredFileModel.Of(newest, fleet.TimeZone) : null),
            ContractJson.Options);
    }

    private static Instant NextOf(DeliveryConfiguration delivery, FleetConfiguration fleet, Instant now)
    {
        var next = DeliveryPlan.LastDue(delivery, now.InZone(fleet.TimeZone).LocalDateTime).Next;
        return fleet.TimeZone.AtLeniently(next.End + delivery.At).ToInstant();
    }

    private static IResult Elsewhere(ServerNode node) => Problem.Of(
        StatusCodes.Status503ServiceUnavailable,
        node.Others?.View.StoreAwaySince is not null
            ? "The nodes do not see each other, since their database does not answer, so nothing is delivered."
            : "The deliveries are being taken over by a node: try again in a moment.");
}
