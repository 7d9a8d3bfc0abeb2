using Iec102.Acquisition;
using Iec102.Acquisition.Profiles;
using Iec102.Contract;
using Iec102.Fleet;
using Iec102.Storage.Exports;

namespace Iec102.Server.Api;

/// <summary>The calls for load profiles: intervals, coverage, reread.</summary>
internal static class ProfileEndpoints
{
    private const string Csv = "text/csv; charset=utf-8";
    private const string Json = "application/json; charset=utf-8";

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Adds the calls to the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node)
    {
        routes.MapGet("/api/profiles/{curve}", (string curve, HttpContext context) => FleetIntervals(node, curve, context))
            .Takes(
            [
                Parameters.From.Required(), Parameters.To.Required(), Parameters.Revisions, Parameters.Format, .. MeterList.Parameters,
            ]).Answers<IReadOnlyList<CurveModel>>("A curve of all meters, or of those that are chosen.");
        const string curve = "/api/meters/{id}/profiles/{curve}";
        routes.MapGet(curve, (string id, string curve, HttpContext context) => Intervals(node, id, curve, context))
            .Takes(Parameters.From.Required(), Parameters.To.Required(), Parameters.Revisions, Parameters.Format)
            .Answers<CurveModel>("A curve of a meter.");
        routes.MapGet(curve + "/coverage", (string id, string curve, HttpContext context) => Coverage(node, id, curve, context))
            .WithMetadata(new AnsweredByOwner(Meter: true))
            .Takes(Parameters.From, Parameters.To).Answers<CoverageModel>("What of a curve is recorded, and why the rest is not.");
        routes.MapPost(curve + "/reread", (string id, string curve, HttpContext context) => Reread(node, id, curve, context))
            .WithMetadata(new NeedsOperate(), new AnsweredByOwner(Meter: true)).Accepts<RangeModel>("application/json")
            .Answers<RereadModel>("Reads a range again; what differs becomes a new revision.");
    }

    private static IResult Intervals(ServerNode node, string id, string name, HttpContext context)
    {
        if (!TryFind(node, id, name, out var meter, out var curve, out var problem)
            || !TrySeries(node, meter, curve, context, out var series, out problem))
        {
            return problem;
        }

        return CallRules.WantsCsv(context)
            ? Results.Stream(stream => ProfileCsv.WriteAsync(stream, [series], cancellation: context.RequestAborted), Csv)
            : Results.Stream(stream => ProfileJson.WriteAsync(stream, series, context.RequestAborted), Json);
    }

    /// <summary>A curve of many meters; civil times are those of each meter's own zone.</summary>
    private static async Task<IResult> FleetIntervals(ServerNode node, string name, HttpContext context)
    {
        if (!TryCurve(name, out var curve, out var unknown))
            return unknown;
        var (meters, problem) = await MeterList.SelectAsync(node, context);
        if (problem is not null)
            return problem;
        var all = new List<ProfileSeries>();
        foreach (var id in meters.Select(meter => meter.Id))
        {
            // A meter that has just been taken out of the fleet file has no zone any more.
            if (!ApiEndpoints.TryFind(node, id, out var meter, out _))
                continue;
            if (!TrySeries(node, meter, curve, context, out var series, out problem))
                return problem;
            all.Add(series);
        }

        return CallRules.WantsCsv(context)
            ? Results.Stream(stream => ProfileCsv.WriteAsync(stream, all, cancellation: context.RequestAborted), Csv)
            : Results.Stream(stream => ProfileJson.WriteAllAsync(stream, all, context.RequestAborted), Json);
    }

    /// <summary>The part of a curve that a call asks for; a curve of null stands for daily closings.</summary>
    private static bool TrySeries(
        ServerNode node, MeterConfiguration meter, Curve? curve, HttpContext context, out ProfileSeries series, out IResult problem)
    {
        var query = context.Request.Query;
        var isRange = QueryRange.TryRead(query["from"], query["to"], meter, out var range, out problem, ofMidnights: curve is null);
        series = ProfileSeries.Read(
            node.Store, meter.Id, curve?.Name() ?? ProfileSeries.DailyClosing, meter.TimeZone, range, query["revisions"] == "all");
        return isRange;
    }

    private static async Task<IResult> Coverage(ServerNode node, string id, string name, HttpContext context)
    {
        if (!TryFindRecorded(node, id, name, out var meter, out var curve, out var problem))
            return problem;
        TimeRange? range = null;
        if (context.Request.Query.ContainsKey("from") || context.Request.Query.ContainsKey("to"))
        {
            if (!QueryRange.TryRead(context.Request.Query["from"], context.Request.Query["to"], meter, out var asked, out problem))
                return problem;
            range = asked;
        }

        var report = await node.AskProfile<CoverageReport>(id, curve, new GetCoverage(range), AnswerTimeout);
        return report is null ? NotThere(node, meter, curve) : Results.Json(CoverageModel.Of(report, meter.TimeZone), ContractJson.Options);
    }

    private static async Task<IResult> Reread(ServerNode node, string id, string name, HttpContext context)
    {
        if (!TryFindRecorded(node, id, name, out var meter, out var curve, out var problem))
            return problem;
        if (await ApiEndpoints.ReadBody<RangeModel>(context) is not { } body)
            return Problem.Bad("The body must say what to read again, such as {\"from\": \"2024-10-27\", \"to\": \"2024-10-28\"}.");
        if (!QueryRange.TryRead(body.From, body.To, meter, out var range, out problem))
            return problem;
        var accepted = await node.AskProfile<RereadAccepted>(id, curve, new Reread(range), AnswerTimeout);
        return accepted is null
            ? NotThere(node, meter, curve)
            : Results.Json(new RereadModel(id, name, accepted.Intervals), ContractJson.Options);
    }

    /// <summary>Why a curve's actor did not answer.</summary>
    public static IResult NotThere(ServerNode node, MeterConfiguration meter, Curve curve) => meter.Records(curve)
        ? Problem.Of(
            StatusCodes.Status503ServiceUnavailable,
            node.Others?.View.StoreAwaySince is null
                ? $"The {curve.Name()} curve of '{meter.Id}' is being restarted; try again in a moment."
                : $"The {curve.Name()} curve of '{meter.Id}' waits for the database that the nodes share, which cannot be reached.")
        : Problem.NotFound($"The {curve.Name()} curve of '{meter.Id}' is not recorded; enable it in the fleet file.");

    /// <summary>Finds a curve that a profile actor records. Daily closings are not such a curve: their gaps are not counted.</summary>
    public static bool TryFindRecorded(
        ServerNode node, string id, string name, out MeterConfiguration meter, out Curve curve, out IResult problem)
    {
        var found = TryFind(node, id, name, out meter, out var recorded, out problem);
        curve = recorded.GetValueOrDefault();
        if (found && recorded is null)
        {
            problem = Problem.NotFound(
                "Daily closings have no coverage and are reread automatically; "
                + "POST /api/meters/{id}/read with {\"what\": \"closings\"} reads them now.");
        }

        return found && recorded is not null;
    }

    /// <summary>Finds the meter and the curve that a call names; a curve of null stands for daily closings.</summary>
    private static bool TryFind(
        ServerNode node, string id, string name, out MeterConfiguration meter, out Curve? curve, out IResult problem)
    {
        curve = null;
        return ApiEndpoints.TryFind(node, id, out meter, out problem) && TryCurve(name, out curve, out problem);
    }

    private static bool TryCurve(string name, out Curve? curve, out IResult problem)
    {
        curve = CurveExtensions.Parse(name);
        problem = Problem.NotFound($"Unknown curve '{name}'; use hourly, quarter-hour or daily-closing.");
        return curve is not null || name == ProfileSeries.DailyClosing;
    }
}
