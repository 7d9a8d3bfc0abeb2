using Iec102.Acquisition;
using Iec102.Acquisition.Profiles;
using Iec102.Contract;
using NodaTime;
using NodaTime.Text;

namespace Iec102.Server.Api;

/// <summary>GET days: how much of each civil day of a curve is recorded.</summary>
internal static class DaysEndpoint
{
    /// <summary>Two years, one of them a leap year.</summary>
    private const int MostDays = 731;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Adds the call to the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node) =>
        routes.MapGet(
                "/api/meters/{id}/profiles/{curve}/days", (string id, string curve, HttpContext context) => Days(node, id, curve, context))
            .WithMetadata(new AnsweredByOwner(Meter: true)).Takes(Parameters.FirstDay.Required(), Parameters.AfterLastDay.Required())
            .Answers<DaysModel>("How much of each civil day of a curve is recorded, of at most two years.");

    private static async Task<IResult> Days(ServerNode node, string id, string name, HttpContext context)
    {
        if (!ProfileEndpoints.TryFindRecorded(node, id, name, out var meter, out var curve, out var problem))
            return problem;
        var query = context.Request.Query;
        if (LocalDatePattern.Iso.Parse(query["from"].ToString()) is not { Success: true, Value: var from }
            || LocalDatePattern.Iso.Parse(query["to"].ToString()) is not { Success: true, Value: var to }
            || from.Year < 1 || Period.DaysBetween(from, to) is < 1 or > MostDays)
        {
            return Problem.Bad(
                $"from and to must be dates, such as from=2024-01-01&to=2025-01-01; to is the day after the last, at most {MostDays} "
                + "days later.");
        }

        var report = await node.AskProfile<DaysReport>(id, curve, new GetDays(from, to), Timeout);
        if (report is null)
            return ProfileEndpoints.NotThere(node, meter, curve);
        var range = new TimeRange(meter.TimeZone.AtStartOfDay(from).ToInstant(), meter.TimeZone.AtStartOfDay(to).ToInstant());
        return Results.Json(
            DaysModel.Of(id, name, report.Days, node.Store.Revised(id, curve, range), meter.TimeZone), ContractJson.Options);
    }
}
