using Iec102.Server.Contract;
using NodaTime;

namespace Iec102.Server.Api;

/// <summary>The call about nodes: how they are.</summary>
internal static class NodeEndpoints
{
    /// <summary>Adds the calls to the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node) =>
        routes.MapGet("/api/nodes", () => Results.Json(Nodes(node), ContractJson.Options))
            .Answers<IReadOnlyList<NodeModel>>("The nodes, as this one sees them; none when the server is alone.");

    private static IReadOnlyList<NodeModel> Nodes(ServerNode node) => node.Others is { } others
        ?
        [
            .. others.All.Select(one => NodeModel.Of(one, others.View, SystemClock.Instance.GetCurrentInstant(), node.Fleet.TimeZone))
                .OrderBy(one => one.Id, NaturalOrder.Instance),
        ]
        : [];
}
