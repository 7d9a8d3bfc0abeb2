using Iec102.Acquisition.Ports;
using Iec102.Contract;
using NodaTime;

namespace Iec102.Server.Api;

/// <summary>What operators do with a port: have its line opened anew, and have it closed for a while.</summary>
internal static class PortEndpoints
{
    private const int LongestMinutes = 24 * 60;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Adds the calls to the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node)
    {
        routes.MapPost("/api/ports/{id}/reconnect", (string id) => Reconnect(node, id))
            .WithMetadata(new NeedsOperate(), new AnsweredByOwner(Port: true)).Accepts<object>(isOptional: true, "application/json")
            .Answers<PortOperatedModel>("Closes the line of a port and opens it at once.");
        routes.MapPost("/api/ports/{id}/pause", (string id, HttpContext context) => Pause(node, id, context))
            .WithMetadata(new NeedsOperate(), new AnsweredByOwner(Port: true)).Accepts<PauseModel>("application/json")
            .Answers<PortOperatedModel>("Closes the line of a port for a while, so that somebody else can use it; 0 minutes end that.");
        routes.MapDelete("/api/ports/{id}/pause", (string id) => Operate(node, id, new ResumePort()))
            .WithMetadata(new NeedsOperate(), new AnsweredByOwner(Port: true)).Accepts<object>(isOptional: true, "application/json")
            .Answers<PortOperatedModel>("Ends the pause of a port.");
    }

    private static async Task<IResult> Reconnect(ServerNode node, string id)
    {
        var live = await node.PortAsync(id);
        return live.Status?.Pause is { } pause
            ? Problem.Of(StatusCodes.Status409Conflict, $"The port '{id}' is paused, as {pause.By} asked; resume it first.")
            : await Operate(node, id, new ReconnectPort());
    }

    private static async Task<IResult> Pause(ServerNode node, string id, HttpContext context)
    {
        if (await ApiEndpoints.ReadBody<PauseModel>(context) is not { Minutes: >= 0 and <= LongestMinutes and var minutes })
            return Problem.Bad($"The body must say for how long, such as {{\"minutes\": 30}}, from 1 to {LongestMinutes}, or 0 to resume.");
        return await Operate(
            node, id, minutes == 0 ? new ResumePort() : new PausePort(Duration.FromMinutes(minutes), ApiAccess.NameOf(context)));
    }

    private static async Task<IResult> Operate(ServerNode node, string id, object command)
    {
        if (node.Fleet.Ports.FirstOrDefault(port => port.Id == id) is not { } configured)
            return ApiEndpoints.NoPort(id);
        if (!configured.Enabled)
            return Problem.Of(StatusCodes.Status409Conflict, $"The port '{id}' is disabled, so its line is closed anyway.");
        return await node.AskPort<PortOperated>(id, command, AnswerTimeout) is { } answer
            ? Results.Json(PortOperatedModel.Of(id, answer.Pause, node.Fleet.TimeZone), ContractJson.Options)
            : Problem.Of(StatusCodes.Status503ServiceUnavailable, $"The port '{id}' is being restarted; try again in a moment.");
    }
}
