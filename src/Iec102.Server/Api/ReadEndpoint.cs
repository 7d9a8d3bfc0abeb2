using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Tasks;
using Iec102.Contract;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Storage.Reading;
using Iec102.Storage.Schema;
using NodaTime;

namespace Iec102.Server.Api;

/// <summary>POST read: asks the meter now and returns what was read in the same form as the other calls.</summary>
internal static class ReadEndpoint
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, Readable> Names = new(StringComparer.Ordinal)
    {
        ["current"] = Readable.CurrentValues,
        ["clock"] = Readable.Clock,
        ["id"] = Readable.Identification,
        ["events"] = Readable.Events,
        ["tariff"] = Readable.Tariff,
        ["closings"] = Readable.Closings,
        ["config"] = Readable.Configuration,
        ["powers"] = Readable.Powers,
        ["holidays"] = Readable.Holidays,
        ["parameters"] = Readable.Parameters,
    };

    /// <summary>Adds the call to the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node) =>
        routes.MapPost("/api/meters/{id}/read", (string id, HttpContext context) => Read(node, id, context))
            .WithMetadata(new NeedsOperate(), new AnsweredByOwner(Meter: true)).Takes(Parameters.Language)
            .Accepts<ReadModel>("application/json")
            .Answers<object>("Reads from the meter now, for at most 30 s; the answer has the shape of the GET call.");

    private static async Task<IResult> Read(ServerNode node, string id, HttpContext context)
    {
        if (!ApiEndpoints.TryFind(node, id, out var meter, out var problem))
            return problem;
        var body = await ApiEndpoints.ReadBody<ReadModel>(context);
        if (body?.What is not { } name || !Names.TryGetValue(name, out var what))
            return Problem.Bad(
                $"The body must say what to read, such as {{\"what\": \"current\"}}; use one of {string.Join(", ", Names.Keys)}.");
        return await node.AskMeter<ReadNowAnswer>(id, new ReadNow(what, Duration.FromTimeSpan(Timeout)), Timeout) switch
        {
            null => Problem.Of(StatusCodes.Status504GatewayTimeout, $"The meter '{id}' did not answer within {Timeout.TotalSeconds} s."),
            ReadNowAnswer.NoAnswer(var error) =>
                Problem.Of(StatusCodes.Status504GatewayTimeout, error ?? $"The meter '{id}' does not answer."),
            ReadNowAnswer.Refused(var error) => Problem.Of(StatusCodes.Status409Conflict, error ?? $"The meter '{id}' refused this."),
            var answer => Results.Json(Shape(meter, what, answer, FactEndpoints.LanguageOf(context)), ContractJson.Options),
        };
    }

    private static object Shape(MeterConfiguration meter, Readable what, ReadNowAnswer answer, EventLanguage language)
    {
        var (id, zone) = (meter.Id, meter.TimeZone);
        return answer switch
        {
            ReadNowAnswer.CurrentValues(var values) => CurrentModel.Of(id, values, zone, meter.Orientation),
            ReadNowAnswer.Clock({ } clock) => ClockModel.Of(id, [clock], [], zone),
            ReadNowAnswer.Identification(var said) =>
                new { meter = id, identity = IdentityModel.Of(said, SystemClock.Instance.GetCurrentInstant(), zone) },
            ReadNowAnswer.Facts(var facts) => Shape(id, what, facts, zone, language),
            _ => throw new InvalidOperationException($"There is no shape for {answer}."),
        };
    }

    private static object Shape(
        string id, Readable what, IReadOnlyList<MeterFact> facts, DateTimeZone zone, EventLanguage language) =>
        what switch
        {
            Readable.Events => EventsModel.Of(
                id, facts.OfType<EventsRead>().SelectMany(StoredEvent.Of).OrderBy(stored => stored.Time ?? stored.ReadAt), zone, language),
            Readable.Tariff => TariffModel.Of(id, facts.OfType<TariffRead>().SelectMany(StoredTariff.Of), zone),
            Readable.Closings => ClosingsModel.Of(id, facts.OfType<ClosingsRead>().SelectMany(StoredInterval.Of), zone),
            _ => ConfigurationModel.Of(id, null, facts.OfType<ConfigurationRead>().Select(StoredConfiguration.Of), [], zone),
        };
}
