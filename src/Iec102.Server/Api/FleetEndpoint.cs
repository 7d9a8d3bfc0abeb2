using Iec102.Contract;

namespace Iec102.Server.Api;

/// <summary>GET /api/fleet: which parts of the fleet file are in force.</summary>
internal static class FleetEndpoint
{
    /// <summary>Adds the call to the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node) =>
        routes.MapGet("/api/fleet", () => Results.Json(FleetModel.Of(node.FleetStatus), ContractJson.Options))
            .Answers<FleetModel>("Which parts of the fleet file are in force.");
}
