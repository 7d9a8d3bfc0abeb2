using System.Globalization;
using Iec102.Acquisition;
using Iec102.Contract;
using Iec102.Fleet;
using Iec102.Storage.Exports;

namespace Iec102.Server.Api;

/// <summary>A part of a curve that a call asks for.</summary>
/// <param name="Meter">The meter.</param>
/// <param name="Curve">The name of the curve.</param>
/// <param name="Range">The interval ends.</param>
internal sealed record ChosenCurve(MeterConfiguration Meter, string Curve, TimeRange Range);

/// <summary>The calls about the curves of many meters: everything in one file, and before that how complete it would be.</summary>
internal static class DataEndpoints
{
    private static readonly string[] Recorded = [.. Enum.GetValues<Curve>().Select(curve => curve.Name())];

    private static readonly Parameter Curves = new(
        "curves", "The curves, separated by commas; otherwise those that each meter records.", [.. Recorded, ProfileSeries.DailyClosing])
    {
        IsList = true,
    };

    private static readonly Parameter RecordedCurves = Curves with { Values = [.. Recorded] };

    /// <summary>Adds the calls to the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node)
    {
        routes.MapGet("/api/export", (HttpContext context) => Export(node, context))
            .Takes([Parameters.From.Required(), Parameters.To.Required(), Curves, Parameters.Format, .. MeterChoice.Parameters])
            .Answers<IReadOnlyList<CurveModel>>("Curves of many meters as one file, meter after meter.");
        routes.MapGet("/api/completeness", Task<IResult> (HttpContext context) => CompletenessOf(node, context))
            .Takes([Parameters.From.Required(), Parameters.To.Required(), RecordedCurves, .. MeterChoice.Parameters])
            .Answers<IReadOnlyList<CompletenessModel>>("How complete the recorded curves of many meters are in a range.");
    }

    private static IResult Export(ServerNode node, HttpContext context)
    {
        if (!TryChoose(node, context, out var chosen, out var problem))
            return problem!;
        var store = node.Store;
        var series = chosen.Select(one => ProfileSeries.Read(store, one.Meter.Id, one.Curve, one.Meter.TimeZone, one.Range));
        return CallRules.WantsCsv(context)
            ? Results.Stream(
                stream => ProfileCsv.WriteAsync(stream, series, cancellation: context.RequestAborted),
                "text/csv; charset=utf-8", FileName(node, chosen, "csv"))
            : Results.Stream(
                stream => ProfileJson.WriteAllAsync(stream, series, context.RequestAborted),
                "application/json; charset=utf-8", FileName(node, chosen, "json"));
    }

    private static async Task<IResult> CompletenessOf(ServerNode node, HttpContext context)
    {
        if (!TryChoose(node, context, out var chosen, out var problem))
            return problem!;
        // A curve that is not recorded now is not expected.
        var recorded = chosen.Where(one => one.Meter.Records(CurveExtensions.Parse(one.Curve)!.Value)).ToList();
        return Results.Json(await new Completeness(node, CompletenessQuestion.Of(context)).OfAsync(recorded), ContractJson.Options);
    }

    private static bool TryChoose(ServerNode node, HttpContext context, out IReadOnlyList<ChosenCurve> chosen, out IResult? problem)
    {
        chosen = [];
        if (!MeterChoice.TryChoose(node, context, out var meters, out problem))
            return false;
        var (query, all) = (context.Request.Query, new List<ChosenCurve>());
        var named = MeterChoice.Given(context, Curves)?.Split(',').Distinct().ToList();
        foreach (var meter in meters)
        {
            foreach (var curve in named ?? Enum.GetValues<Curve>().Where(meter.Records).Select(curve => curve.Name()))
            {
                if (!QueryRange.TryRead(
                    query["from"], query["to"], meter, out var range, out problem, ofMidnights: curve == ProfileSeries.DailyClosing))
                {
                    return false;
                }

                all.Add(new ChosenCurve(meter, curve, range));
            }
        }

        chosen = all;
        return true;
    }

    /// <summary>Such as curves_2024-10-01_2024-11-01.csv.</summary>
    private static string FileName(ServerNode node, IReadOnlyList<ChosenCurve> chosen, string extension)
    {
        if (chosen.Count == 0)
            return $"curves.{extension}";
        var (from, to) = (chosen[0].Range.From.InZone(node.Fleet.TimeZone).Date, chosen[0].Range.To.InZone(node.Fleet.TimeZone).Date);
        return string.Create(CultureInfo.InvariantCulture, $"curves_{from:uuuu-MM-dd}_{to:uuuu-MM-dd}.{extension}");
    }
}
