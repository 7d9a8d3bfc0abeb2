using Iec102.Contract;
using NodaTime;

namespace Iec102.Server.Api;

/// <summary>The calls about nodes: how they are, and that one gives its floating ports away.</summary>
internal static class NodeEndpoints
{
    /// <summary>Adds the calls to the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node, PassingOn? passingOn)
    {
        routes.MapGet("/api/nodes", () => Results.Json(Nodes(node), ContractJson.Options))
            .Answers<IReadOnlyList<NodeModel>>("The nodes, as this one sees them; none when the server is alone.");
        routes.MapPost("/api/nodes/{id}/drain", (string id, HttpContext context) => Drain(node, passingOn, id, true, context))
            .WithMetadata(new NeedsOperate()).Accepts<object>(isOptional: true, "application/json")
            .Answers<NodeDrainModel>("Gives the floating ports of a node away, before maintenance.");
        routes.MapDelete("/api/nodes/{id}/drain", (string id, HttpContext context) => Drain(node, passingOn, id, false, context))
            .WithMetadata(new NeedsOperate()).Accepts<object>(isOptional: true, "application/json")
            .Answers<NodeDrainModel>("Lets a node own floating ports again.");
    }

    private static IReadOnlyList<NodeModel> Nodes(ServerNode node) => node.Others is { } others
        ? NodeModel.Of(others.All, others.View, SystemClock.Instance.GetCurrentInstant(), node.Fleet.TimeZone)
        : [];

    private static async Task<IResult> Drain(ServerNode node, PassingOn? passingOn, string id, bool isDraining, HttpContext context)
    {
        if (node.Others is not { } others || passingOn is null)
            return Problem.NotFound("This server is alone: there is no node to give ports to.");
        if (id == others.View.Self)
        {
            others.Drain(isDraining);
            return Results.Json(new NodeDrainModel(id, isDraining), ContractJson.Options);
        }

        return others.View.Node(id) is { } known && !NodeKey.IsPassedOn(context)
            ? await passingOn.ToAsync(id, known.Report.Url, context)
            : Problem.NotFound($"There is no node '{id}'; GET /api/nodes lists the nodes.");
    }
}
