using System.Text;
using System.Text.Json;
using Iec102.Acquisition.Ports;
using Iec102.Contract;

namespace Iec102.Server.Api;

/// <summary>
/// GET support of a port, or of a meter's port: what one sends to a vendor, as one text without secrets. First the state of the port and of
/// its meters, then the last frames on its line, in words and octets, as the trace has them.
/// </summary>
internal static class SupportEndpoint
{
    private static readonly JsonSerializerOptions Indented = new(ContractJson.Options) { WriteIndented = true };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Adds the call to the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node) =>
        routes.MapGet("/api/support/{id}", (string id) => Of(node, id))
            .WithMetadata(new AnsweredByOwner(Port: true, Meter: true))
            .Answers<string>("The state of a port and of its meters, and the last frames on its line, for a vendor.", "text/plain");

    /// <summary>A frame in words, with its octets in brackets; what is no valid frame has them already.</summary>
    public static string WithOctets(string words, string octets) =>
        words.EndsWith($"[{octets}]", StringComparison.Ordinal) ? words : $"{words} [{octets}]";

    private static async Task<IResult> Of(ServerNode node, string id)
    {
        var port = node.Fleet.Ports.Any(known => known.Id == id) ? id : node.Fleet.Meters.FirstOrDefault(meter => meter.Id == id)?.Port;
        if (port is null)
            return Problem.NotFound($"There is no port and no meter '{id}'; GET /api/ports and GET /api/meters list them.");
        var (live, zone) = (await node.LiveFleetAsync(), node.Fleet.TimeZone);
        var text = new StringBuilder();
        var version = typeof(SupportEndpoint).Assembly.GetName().Version;
        text.AppendLine($"iec102 {version}, port {port}, {TimeText.FormatMilliseconds(live.At, zone)}").AppendLine();
        if (live.Ports.ById.GetValueOrDefault(port) is { Status: not null } known)
            Append(PortModel.Of(known, live.Verdicts.OfPort(port), zone));
        foreach (var meter in node.Fleet.Meters.Where(meter => meter.Port == port))
        {
            if (live.Meters.ById.GetValueOrDefault(meter.Id) is { Status: not null } found)
                Append(MeterModel.Of(found, live.Verdicts.OfMeter(meter.Id), meter.TimeZone, meter.Labels));
        }

        text.AppendLine("The last frames on the line (-> sent, <- received), secrets as **:").AppendLine();
        if (await node.AskPort<RecentFrames>(port, new GetRecentFrames(), Patience) is { Frames: { Count: > 0 } frames })
        {
            foreach (var frame in frames)
            {
                var arrow = frame.Sent ? "->" : "<-";
                text.AppendLine($"{TimeText.FormatMilliseconds(frame.At, zone)} {arrow} {WithOctets(frame.Frame, frame.Octets)}");
            }
        }
        else
            text.AppendLine("none since the port was started");

        return Results.Text(text.ToString(), "text/plain; charset=utf-8");

        void Append(object model) => text.AppendLine(JsonSerializer.Serialize(model, Indented)).AppendLine();
    }
}
