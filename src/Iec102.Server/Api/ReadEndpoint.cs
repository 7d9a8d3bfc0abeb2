using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Readings;
using Iec102.Fleet;
using Iec102.Protocol;
using Iec102.Server.Hosting;
using Iec102.Storage;

namespace Iec102.Server.Api;

/// <summary>POST read: asks the meter now, and answers with what was read in the shapes of the other calls.</summary>
internal static class ReadEndpoint
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private static readonly string[] Readable = ["current", "clock", "id", "events", "tariff", "closings", "config", "powers", "holidays", "parameters"];

    /// <summary>Adds it.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node) =>
        routes.MapPost("/api/meters/{id}/read", (string id, HttpContext context) => Read(node, id, context)).WithMetadata(new NeedsOperate());

    private static async Task<IResult> Read(ServerNode node, string id, HttpContext context)
    {
        if (!ApiEndpoints.TryFind(node, id, out var meter, out var problem) || !FactEndpoints.TryLanguage(context, out var language, out problem))
            return problem;
        var body = await ApiEndpoints.ReadBody<ReadModel>(context);
        if (body?.What is not { } what || !Readable.Contains(what))
            return Problem.Bad($"The body says what to read, such as {{\"what\": \"current\"}}; there are {string.Join(", ", Readable)}.");
        var answer = await node.AskMeter<ReadNowAnswer>(id, new ReadNow(what), Timeout);
        return answer switch
        {
            null => Problem.Of(StatusCodes.Status504GatewayTimeout, $"The meter '{id}' has not answered within {Timeout.TotalSeconds} s."),
            { Outcome: ReadNowOutcome.NoAnswer } => Problem.Of(StatusCodes.Status504GatewayTimeout, answer.Error ?? $"The meter '{id}' does not answer."),
            { Outcome: ReadNowOutcome.Refused } => Problem.Of(StatusCodes.Status409Conflict, answer.Error ?? $"The meter '{id}' refused."),
            _ => Results.Json(Shape(meter, what, answer, language), ApiEndpoints.Json),
        };
    }

    private static object Shape(MeterConfiguration meter, string what, ReadNowAnswer answer, EventLanguage language)
    {
        var (id, zone) = (meter.Id, meter.TimeZone);
        return what switch
        {
            "current" => CurrentModel.Of(id, answer.Values ?? [], zone, meter.Orientation),
            "clock" => new
            {
                meter = id,
                time = answer.Clock!.Tag.ToString(),
                offsetSeconds = answer.Clock.Offset.TotalSeconds,
                readAt = TimeText.Format(answer.Clock.ReadAt, zone),
            },
            "id" => Identity(id, answer.Identification.GetValueOrDefault()),
            "events" => EventsModel.Of(id, Facts<EventsRead>().SelectMany(StoredEvent.Of).OrderBy(stored => stored.Time ?? stored.ReadAt), zone, language),
            "tariff" => TariffModel.Of(id, Facts<TariffRead>().SelectMany(StoredTariff.Of), zone),
            "closings" => ClosingsModel.Of(id, Facts<ClosingsRead>().SelectMany(StoredInterval.Of), zone),
            _ => ConfigurationModel.Of(id, null, Facts<ConfigurationRead>().Select(StoredConfiguration.Of), [], zone),
        };

        IEnumerable<T> Facts<T>() where T : MeterFact => (answer.Facts ?? []).OfType<T>();
    }

    private static object Identity(string id, DeviceIdentification said) =>
        new { meter = id, said.SerialNumber, said.Manufacturer, standard = $"{said.StandardMonth}/{said.StandardYear}" };
}
