using System.Globalization;
using Iec102.Contract;
using Iec102.Fleet.Changes;
using Microsoft.AspNetCore.Mvc;

namespace Iec102.Server.Api;

/// <summary>GET /api/fleet: which parts of the fleet file are in force; and its changes.</summary>
internal static class FleetEndpoint
{
    /// <summary>A thousand meters, with everything that can be said of them.</summary>
    private const int LongestChange = 1024 * 1024;

    private const int MostChanges = 2000;

    /// <summary>Adds the calls to the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node)
    {
        routes.MapGet("/api/fleet", () => Results.Json(Model(node), ContractJson.Options))
            .Answers<FleetModel>("Which parts of the fleet file are in force.");
        routes.MapPost("/api/fleet/changes", Task<IResult> (HttpContext context) => Change(node, context))
            .WithMetadata(new NeedsOperate(), new RequestSizeLimitAttribute(LongestChange)).Accepts<FleetChangesModel>("application/json")
            .Answers<FleetDifferenceModel>("Adds ports and meters to the fleet file and sets values of them, or shows what that does.");
        routes.MapPost("/api/fleet/paste", Task<IResult> (HttpContext context) => Paste(node, context))
            .WithMetadata(new NeedsOperate(), new RequestSizeLimitAttribute(LongestChange)).Accepts<PasteModel>("application/json")
            .Answers<PastedModel>("Makes ports and meters for a change of a table that was copied from a spreadsheet.");
    }

    private static async Task<IResult> Paste(ServerNode node, HttpContext context) =>
        await ApiEndpoints.ReadBody<PasteModel>(context) is { Text: { } text }
            ? Results.Json(PastedModel.Of(PastedMeters.Read(text, node.Fleet)), ContractJson.Options)
            : Problem.Bad("The body must hold the table as a text, such as {\"text\": \"id;port\\nm-1;north\"}.");

    private static FleetModel Model(ServerNode node) =>
        FleetModel.Of(node.FleetStatus) with { File = node.File?.Path, Hash = node.File?.Hash };

    private static async Task<IResult> Change(ServerNode node, HttpContext context)
    {
        if (node.File is not { } file)
            return Problem.Of(
                StatusCodes.Status409Conflict, "This server has no fleet file, as in the demo: start it with iec102 serve --fleet FILE.");
        if (await ApiEndpoints.ReadBody<FleetChangesModel>(context) is not { } model || Changes(model) is not { } changes)
            return Problem.Bad(
                "The body must be an object with ports, meters or set, such as {\"set\": [{\"meter\": \"m-1\", \"key\": \"name\", "
                + "\"value\": \"North\"}]}; each port and meter needs an id, and each change its meter or port, its key and its value.");
        if (model.Save && model.Basis is null)
            return Problem.Bad("To save, send the hash of the file that was shown as basis: GET /api/fleet has it.");
        if (changes.Ports.Count + changes.Meters.Count + changes.Settings.Count > MostChanges)
            return Problem.Bad($"A call may make at most {MostChanges} changes: make them in several calls.");
        try
        {
            if (file.Change(changes, model.Basis, model.Save) is not { } changed)
                return Problem.Of(
                    StatusCodes.Status409Conflict,
                    "The fleet file has been changed by somebody else meanwhile: look at it as it is now, and begin again.");
            if (changed.IsSaved)
                context.Features.Set(new AuditDetail(string.Join("; ", changed.Difference.Where(line => line is ['+' or '-', ..]))));
            var nodes = changed.IsSaved ? await FleetOfNodes.SaveAsync(node, model, context) : [];
            return Results.Json(
                new FleetDifferenceModel(
                    file.Path, changed.Before, changed.After, changed.Difference, changed.Problems, changed.IsSaved, nodes),
                ContractJson.Options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Problem.Of(
                StatusCodes.Status503ServiceUnavailable,
                $"The fleet file '{file.Path}' {(model.Save ? "cannot be written" : "cannot be read")} ({e.Message.TrimEnd('.')}): the "
                + "user of the server must be allowed to do that in its folder.");
        }
    }

    private static FleetChanges? Changes(FleetChangesModel model)
    {
        var (ports, meters, set) = (model.Ports ?? [], model.Meters ?? [], model.Set ?? []);
        return ports.Any(port => string.IsNullOrWhiteSpace(port?.Id)) || meters.Any(meter => string.IsNullOrWhiteSpace(meter?.Id))
            || set.Any(one => Setting(one) is null)
            ? null
            : new FleetChanges(
                [.. ports.Select(Entry)], [.. meters.Select(Entry)],
                [.. set.Select(one => Setting(one)!)]);
    }

    /// <summary>The change of a value; null when it does not say of which meter or port, or lacks something else.</summary>
    private static FleetSetting? Setting(FleetSettingModel? one) => one switch
    {
        { Key.Length: > 0, Value: { } value, Meter: { Length: > 0 } meter, Port: null } => new("meters", meter, one.Key, value.Trim()),
        { Key.Length: > 0, Value: { } value, Port: { Length: > 0 } port, Meter: null } => new("ports", port, one.Key, value.Trim()),
        _ => null,
    };

    private static FleetEntry Entry(NewPortModel port) => new(port.Id!, port.Tcp is null
        ? [.. Given(("node", port.Node)), new FleetEntry("serial", Given(("device", port.Device), ("line", port.Line)))]
        : Given(("tcp", port.Tcp), ("line", port.Line), ("node", port.Node)));

    private static FleetEntry Entry(NewMeterModel meter) => new(meter.Id!, Given(
        ("port", meter.Port), ("preset", meter.Preset), ("meter-number", meter.MeterNumber), ("link-address", Text(meter.LinkAddress)),
        ("point-address", Text(meter.PointAddress)), ("password", meter.Password), ("name", meter.Name), ("site", meter.Site),
        ("group", meter.Group), ("cups", meter.Cups)));

    private static IReadOnlyList<FleetEntry> Given(params IReadOnlyList<(string Key, string? Value)> fields) =>
    [
        .. fields.Where(field => !string.IsNullOrWhiteSpace(field.Value)).Select(field => new FleetEntry(field.Key, field.Value!.Trim())),
    ];

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
