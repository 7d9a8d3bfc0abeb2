using Iec102.Contract;
using NodaTime;

namespace Iec102.Server.Api;

/// <summary>
/// GET current/history: the current values that were kept because of <c>history-every</c>, all of them, or one for each step of the range.
/// </summary>
internal static class HistoryEndpoint
{
    /// <summary>Adds the call to the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node) =>
        routes.MapGet("/api/meters/{id}/current/history", (string id, HttpContext context) => History(node, id, context))
            .Takes(Parameters.From.Required(), Parameters.To.Required(), Parameters.Signal, Parameters.Step, Parameters.Format)
            .Answers<CurrentHistoryModel>("The current values of a meter that were kept.");

    private static IResult History(ServerNode node, string id, HttpContext context)
    {
        var asked = context.Request.Query;
        if (!ApiEndpoints.TryFind(node, id, out var meter, out var problem)
            || !QueryRange.TryRead(asked["from"], asked["to"], meter, out var range, out problem))
        {
            return problem;
        }

        var now = SystemClock.Instance.GetCurrentInstant();
        if (!HistoryQuery.TryRead(range, asked["signal"], asked["step"], now, out var query, out var sentence))
            return Problem.Bad(sentence);
        var history = CurrentHistoryModel.Of(node.Store, id, query, meter.TimeZone);
        return CallRules.WantsCsv(context)
            ? Results.Stream(stream => HistoryWriter.WriteCsvAsync(stream, [history], context.RequestAborted), "text/csv; charset=utf-8")
            : Results.Stream(
                stream => HistoryWriter.WriteJsonAsync(stream, history, context.RequestAborted), "application/json; charset=utf-8");
    }
}
