using System.Globalization;
using Iec102.Contract;

namespace Iec102.Server.Api;

/// <summary>The call that shows the audit log.</summary>
internal static class AuditEndpoint
{
    private const int Usual = 100;
    private const int Most = 1000;

    private static readonly Parameter From = new(
        "from", "Start of the range, exclusive: ISO 8601 with offset, or a civil time in the zone of the fleet.");

    private static readonly Parameter To = new("to", "End of the range, inclusive, written in the same way.");
    private static readonly Parameter Of = new("of", "Only the changes of the fleet file, with the lines that differ.", ["fleet-file"]);
    private static readonly Parameter Limit = new("limit", $"The most lines, 1 to {Most}; otherwise {Usual}.");

    /// <summary>Adds the call to the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node) =>
        routes.MapGet("/api/audit", (HttpContext context) => Read(node, context.Request.Query)).Takes(From, To, Of, Limit)
            .Answers<AuditModel>("Who changed what, when, from where and with which result, the newest first.");

    private static IResult Read(ServerNode node, IQueryCollection asked)
    {
        var zone = node.Fleet.TimeZone;
        if (!QueryRange.TryReadOpen(asked[From.Name], asked[To.Name], zone, out var range, out var problem))
            return problem;
        var limit = Usual;
        if (asked.ContainsKey(Limit.Name)
            && (!int.TryParse(asked[Limit.Name], NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > Most))
        {
            return Problem.Bad($"limit = '{asked[Limit.Name]}' is not a number from 1 to {Most}.");
        }

        return Results.Json(AuditModel.Of(node.Store.Audit(range, limit, asked.ContainsKey(Of.Name)), zone), ContractJson.Options);
    }
}
