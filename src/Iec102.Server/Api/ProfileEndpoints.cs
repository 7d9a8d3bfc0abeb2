using Iec102.Acquisition;
using Iec102.Acquisition.Fleet;
using Iec102.Acquisition.Profiles;
using Iec102.Server.Hosting;
using Iec102.Storage;

namespace Iec102.Server.Api;

/// <summary>The calls about load profiles: intervals, coverage, reread.</summary>
internal static class ProfileEndpoints
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Adds them.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node)
    {
        const string curve = "/api/meters/{id}/profiles/{curve}";
        routes.MapGet(curve, (string id, string curve, HttpContext context) => Intervals(node, id, curve, context));
        routes.MapGet(curve + "/coverage", (string id, string curve, HttpContext context) => Coverage(node, id, curve, context));
        routes.MapPost(curve + "/reread", (string id, string curve, HttpContext context) => Reread(node, id, curve, context)).WithMetadata(new NeedsOperate());
    }

    private static IResult Intervals(ServerNode node, string id, string name, HttpContext context)
    {
        if (!TryFind(node, id, name, out var meter, out var curve, out var problem) ||
            !TryRange(context.Request.Query["from"], context.Request.Query["to"], meter, out var range, out problem))
        {
            return problem;
        }

        var all = context.Request.Query["revisions"] == "all";
        var series = new ProfileSeries(id, curve, meter.TimeZone, node.Store.Intervals(id, curve, range, all));
        var csv = context.Request.Headers.Accept.Any(accept => accept?.Contains("text/csv", StringComparison.OrdinalIgnoreCase) == true);
        return csv
            ? Results.Stream(stream => ProfileCsv.WriteAsync(stream, [series], context.RequestAborted), "text/csv; charset=utf-8")
            : Results.Stream(stream => ProfileJson.WriteAsync(stream, series, context.RequestAborted), "application/json; charset=utf-8");
    }

    private static async Task<IResult> Coverage(ServerNode node, string id, string name, HttpContext context)
    {
        if (!TryFind(node, id, name, out var meter, out var curve, out var problem))
            return problem;
        TimeRange? range = null;
        if (context.Request.Query.ContainsKey("from") || context.Request.Query.ContainsKey("to"))
        {
            if (!TryRange(context.Request.Query["from"], context.Request.Query["to"], meter, out var asked, out problem))
                return problem;
            range = asked;
        }

        var report = await node.AskProfile<CoverageReport>(id, curve, new GetCoverage(range), AnswerTimeout);
        return report is null ? NotThere(meter, curve) : Results.Json(CoverageModel.Of(report, meter.TimeZone), ApiEndpoints.Json);
    }

    private static async Task<IResult> Reread(ServerNode node, string id, string name, HttpContext context)
    {
        if (!TryFind(node, id, name, out var meter, out var curve, out var problem))
            return problem;
        if (await ApiEndpoints.ReadBody<RangeModel>(context) is not { } body)
            return Problem.Bad("The body says what to read again: {\"from\": \"2024-10-27\", \"to\": \"2024-10-28\"}.");
        if (!TryRange(body.From, body.To, meter, out var range, out problem))
            return problem;
        var accepted = await node.AskProfile<RereadAccepted>(id, curve, new Reread(range), AnswerTimeout);
        return accepted is null ? NotThere(meter, curve) : Results.Json(new { meter = id, curve = name, intervals = accepted.Intervals }, ApiEndpoints.Json);
    }

    private static IResult NotThere(MeterConfiguration meter, Curve curve) => meter.Records(curve)
        ? Problem.Of(StatusCodes.Status503ServiceUnavailable, $"The {curve.Name()} curve of '{meter.Id}' is being restarted; try again in a moment.")
        : Problem.NotFound($"The {curve.Name()} curve of '{meter.Id}' is not recorded; enable it in the fleet file.");

    private static bool TryFind(ServerNode node, string id, string name, out MeterConfiguration meter, out Curve curve, out IResult problem)
    {
        curve = default;
        if (!ApiEndpoints.TryFind(node, id, out meter, out problem))
            return false;
        if (CurveExtensions.Parse(name) is { } known)
        {
            curve = known;
            return true;
        }

        problem = Problem.NotFound($"There is no curve '{name}': hourly or quarter-hour.");
        return false;
    }

    private static bool TryRange(string? from, string? to, MeterConfiguration meter, out TimeRange range, out IResult problem)
    {
        range = default;
        problem = Problem.Bad($"Both from and to are needed: {TimeText.Expected}.");
        if (string.IsNullOrWhiteSpace(from) || string.IsNullOrWhiteSpace(to))
            return false;
        if (!TimeText.TryParse(from, meter.TimeZone, DoubledHour.First, out var start))
        {
            problem = Problem.Bad($"from = '{from}' is no time: {TimeText.Expected}.");
            return false;
        }

        if (!TimeText.TryParse(to, meter.TimeZone, DoubledHour.Second, out var end))
        {
            problem = Problem.Bad($"to = '{to}' is no time: {TimeText.Expected}.");
            return false;
        }

        range = new TimeRange(start.Value, end.Value);
        problem = Problem.Bad("from must lie before to: a range is everything after from up to and including to.");
        return !range.IsEmpty;
    }
}
