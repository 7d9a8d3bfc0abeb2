using System.CommandLine;
using System.Text.Json;
using Iec102.Server.Api;
using Iec102.Server.Commands.Common;

namespace Iec102.Server.Commands;

/// <summary>trace: shows the frames that pass through a port of a running server.</summary>
internal static class TraceCommand
{
    private const string Description =
        "Shows the frames that pass through a port of a running server, as they happen and in words: those on the meters' line and those "
        + "exchanged with the clients of its gateway. Keys are shown as **. Ctrl+C stops it.";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private sealed record Seen(string Time, string? Client, string Direction, string Frame, string? Octets);

    private sealed record Lagged(long Dropped);

    private sealed record Ended(string Reason);

    public static Command Create()
    {
        var port = new Option<string>("--port") { Description = "The port's id.", Required = true, HelpName = "ID" };
        var octets = new Option<bool>("--octets") { Description = "Show the octets of each frame too, those that may be secret as **." };
        var server = new ServerCallOptions("read");
        var command = new CommandWithExamples(
            "trace", Description, "trace --port north-com1", "trace --port north-com1 --url http://192.0.2.5:8102")
        {
            port, octets, server.Url, server.Key,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var call = server.Of(parsed);
            var path = $"/api/ports/{Uri.EscapeDataString(parsed.GetValue(port)!)}/trace";
            var output = parsed.InvocationConfiguration.Output;
            return await call.GuardAsync(() => FollowAsync(call, path, parsed.GetValue(octets), output, ct), Patience, ct);
        });
        return command;
    }

    private static async Task<int> FollowAsync(ServerCall call, string path, bool octets, TextWriter output, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        using var response = await call.SendAsync(HttpMethod.Get, path, null, patience.Token);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(ct));
        try
        {
            var kind = "";
            while (await lines.ReadLineAsync(ct) is { } line)
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal))
                    kind = line["event: ".Length..];
                else if (kind == "end" && line.StartsWith("data: ", StringComparison.Ordinal))
                    throw new CommandFailure(CommandFailure.Failed, ReasonOf(line["data: ".Length..]));
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                    await output.WriteLineAsync(InWords(kind, line["data: ".Length..], octets));
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return 0;
        }
        catch (IOException)
        {
            // The server, or the node that runs the port, was cut off.
        }

        throw new CommandFailure(CommandFailure.Failed, "The server ended the trace; it may have been stopped.");
    }

    private static string ReasonOf(string data) => JsonSerializer.Deserialize<Ended>(data, JsonSerializerOptions.Web)!.Reason;

    private static string InWords(string kind, string data, bool octets)
    {
        if (kind == "lagged")
        {
            var dropped = JsonSerializer.Deserialize<Lagged>(data, JsonSerializerOptions.Web)!.Dropped;
            return $"({dropped} frames were left out: more passed than could be shown)";
        }

        var seen = JsonSerializer.Deserialize<Seen>(data, JsonSerializerOptions.Web)!;
        var arrow = seen.Direction == "sent" ? "->" : "<-";
        var frame = octets && seen.Octets is { } hex ? SupportEndpoint.WithOctets(seen.Frame, hex) : seen.Frame;
        return $"{seen.Time} {(seen.Client is { } client ? $"client {client}" : "line")} {arrow} {frame}";
    }
}
