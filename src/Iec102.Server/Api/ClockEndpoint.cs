using Iec102.Acquisition.Meters;
using Iec102.Contract;
using NodaTime;

namespace Iec102.Server.Api;

/// <summary>POST clock: sets the clock of a meter now, once the caller has confirmed that this is wanted.</summary>
internal static class ClockEndpoint
{
    /// <summary>Two logins, two readings of the clock and the command, over a slow line.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(40);

    /// <summary>Adds the call to the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node) =>
        routes.MapPost("/api/meters/{id}/clock", (string id, HttpContext context) => Set(node, id, context))
            .WithMetadata(new NeedsOperate(), new AnsweredByOwner(Meter: true)).Accepts<ConfirmModel>("application/json")
            .Answers<ClockSetModel>("Sets the clock of a meter to that of the server, for at most 40 s, and reads it again.");

    private static async Task<IResult> Set(ServerNode node, string id, HttpContext context)
    {
        if (!ApiEndpoints.TryFind(node, id, out var meter, out var problem))
            return problem;
        if (await ApiEndpoints.ReadBody<ConfirmModel>(context) is not { Confirm: true })
            return Problem.Bad("This writes to the meter, which marks or shortens the interval: confirm it with {\"confirm\": true}.");
        return await node.AskMeter<ReadNowAnswer>(id, new SetClockNow(Duration.FromTimeSpan(Timeout)), Timeout) switch
        {
            ReadNowAnswer.ClockSet(var written, var after) =>
                Results.Json(ClockSetModel.Of(id, written, after, meter.TimeZone), ContractJson.Options),
            ReadNowAnswer.Refused(var error) => Problem.Of(StatusCodes.Status409Conflict, error ?? $"The meter '{id}' refused this."),
            ReadNowAnswer.NoAnswer({ } error) => Problem.Of(StatusCodes.Status504GatewayTimeout, error),
            _ => Problem.Of(StatusCodes.Status504GatewayTimeout, $"The meter '{id}' did not answer within {Timeout.TotalSeconds} s."),
        };
    }
}
