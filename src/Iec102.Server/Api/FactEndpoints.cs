using Iec102.Acquisition;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Server.Contract;

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
            TryLanguage(context, out var language, out var problem)
                ? Answer(EventsModel.Of(id, node.Store.Events(id, range), meter.TimeZone, language))
                : problem));
        routes.MapGet(meter + "/tariff", (string id, HttpContext context) => InRange(node, id, context, (meter, range) =>
            Answer(TariffModel.Of(node.Store, id, range, meter.TimeZone))));
        routes.MapGet(meter + "/closings", (string id, HttpContext context) => InRange(node, id, context, (meter, range) =>
            Answer(ClosingsModel.Of(id, node.Store.Closings(id, range), meter.TimeZone))));
        routes.MapGet(meter + "/clock", (string id, HttpContext context) => InRange(node, id, context, (meter, range) =>
            Answer(ClockModel.Of(id, node.Store.ClockChecks(id, range), node.Store.ClockWrites(id, range), meter.TimeZone))));
        routes.MapGet(meter + "/configuration", (string id) => ApiEndpoints.TryFind(node, id, out var meter, out var problem)
            ? Answer(ConfigurationModel.Of(node.Store, id, meter.TimeZone))
            : problem);
    }

    /// <summary>The requested language of texts: English, or Spanish with lang=es.</summary>
    public static bool TryLanguage(HttpContext context, out EventLanguage language, out IResult problem)
    {
        var name = context.Request.Query["lang"].ToString();
        language = name == "es" ? EventLanguage.Spanish : EventLanguage.English;
        problem = Problem.Bad($"Unknown language lang = '{name}'; use en or es.");
        return name is "" or "en" or "es";
    }

    private static IResult InRange(ServerNode node, string id, HttpContext context, Func<MeterConfiguration, TimeRange, IResult> answer) =>
        ApiEndpoints.TryFind(node, id, out var meter, out var problem)
        && QueryRange.TryReadOpen(context.Request.Query["from"], context.Request.Query["to"], meter, out var range, out problem)
            ? answer(meter, range)
            : problem;

    private static IResult Answer<T>(T model) => Results.Json(model, ContractJson.Options);
}
