using Iec102.Acquisition;
using Iec102.Contract;
using Iec102.Fleet;
using Iec102.Protocol.Application;

namespace Iec102.Server.Api;

/// <summary>
/// The calls for what meters report besides curves and current values. Without from or to the range has no beginning or no end.
/// </summary>
internal static class FactEndpoints
{
    /// <summary>Adds the calls to the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node)
    {
        const string meter = "/api/meters/{id}";
        routes.MapGet(meter + "/events", (string id, HttpContext context) => InRange(node, id, context, (meter, range) =>
            Answer(context, EventsModel.Of(id, node.Store.Events(id, range), meter.TimeZone, LanguageOf(context)), FactRows.Of)))
            .Takes(Parameters.From, Parameters.To, Parameters.Language, Parameters.Format)
            .Answers<EventsModel>("The events of a meter.");
        routes.MapGet(meter + "/tariff", (string id, HttpContext context) => InRange(node, id, context, (meter, range) =>
            Answer(context, TariffModel.Of(node.Store, id, range, meter.TimeZone), FactRows.Of)))
            .Takes(Parameters.From, Parameters.To, Parameters.Format)
            .Answers<TariffModel>("The current tariff periods of a meter, and the closed ones that end in the range.");
        routes.MapGet(meter + "/closings", (string id, HttpContext context) => InRange(node, id, context, (meter, range) =>
            Answer(context, ClosingsModel.Of(id, node.Store.Closings(id, range), meter.TimeZone), FactRows.Of), ofMidnights: true))
            .Takes(Parameters.From, Parameters.To, Parameters.Format)
            .Answers<ClosingsModel>("The absolute registers of a meter at midnight.");
        routes.MapGet(meter + "/clock", (string id, HttpContext context, ServerSystem system) => InRange(
            node, id, context, (meter, range) => Answer(
                context,
                ClockModel.Of(id, node.Store.ClockChecks(id, range), node.Store.ClockWrites(id, range), meter.TimeZone) with
                {
                    AlarmSeconds = meter.Clock.Alarm.TotalSeconds,
                    ServerClockSynchronised = IsClockSynchronised(node, meter, system),
                },
                FactRows.Of)))
            .Takes(Parameters.From, Parameters.To, Parameters.Format)
            .Answers<ClockModel>("How far the clock of a meter was off, and each attempt to set it.");
        routes.MapGet(meter + "/configuration", (string id, HttpContext context) =>
            ApiEndpoints.TryFind(node, id, out var meter, out var problem)
                ? Answer(context, ConfigurationModel.Of(node.Store, id, meter.TimeZone), FactRows.Of)
                : problem)
            .Takes(Parameters.Format).Answers<ConfigurationModel>("The settings of a meter, and how they changed.");
    }

    /// <summary>The requested language of texts: English, or Spanish with lang=es.</summary>
    public static EventLanguage LanguageOf(HttpContext context) =>
        context.Request.Query[Parameters.Language.Name] == "es" ? EventLanguage.Spanish : EventLanguage.English;

    /// <summary>Whether the clock of the server that runs a meter's port is known to be synchronised.</summary>
    private static bool IsClockSynchronised(ServerNode node, MeterConfiguration meter, ServerSystem system) =>
        (node.Others is { } others && !node.Runs(meter.Port)
            ? others.OwnerOf(node.Fleet.Ports.First(port => port.Id == meter.Port))?.Report.IsClockSynchronised
            : system.IsClockSynchronised) == true;

    private static IResult InRange(
        ServerNode node, string id, HttpContext context, Func<MeterConfiguration, TimeRange, IResult> answer, bool ofMidnights = false) =>
        ApiEndpoints.TryFind(node, id, out var meter, out var problem)
        && QueryRange.TryReadOpen(
            context.Request.Query["from"], context.Request.Query["to"], meter, out var range, out problem, ofMidnights)
            ? answer(meter, range)
            : problem;

    private static IResult Answer<T>(HttpContext context, T model, Func<T, CsvRows> rowsOf) => CallRules.WantsCsv(context)
        ? Results.Stream(
            stream => rowsOf(model).WriteAsync(stream, withHeadings: true, context.RequestAborted), "text/csv; charset=utf-8")
        : Results.Json(model, ContractJson.Options);
}
