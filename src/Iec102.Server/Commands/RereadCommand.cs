using System.CommandLine;
using System.Text.Json;
using Iec102.Contract;
using Iec102.Fleet;
using Iec102.Server.Commands.Common;
using NodaTime;

namespace Iec102.Server.Commands;

/// <summary>reread: asks a running server to read a range of a curve again.</summary>
internal static class RereadCommand
{
    private const string Description =
        "Asks a running server to read a range of a load profile again, for example intervals that the meter left out or has corrected. "
        + "Whatever differs is stored as a new revision; nothing is overwritten.";

    private sealed record Accepted(string Meter, string Curve, int Intervals);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var meter = CommonOptions.Meter("The meter's id.");
        var curve = CommonOptions.Curve();
        var (from, to) = (CommonOptions.From(), CommonOptions.To());
        meter.Required = from.Required = to.Required = true;
        var server = new ServerCallOptions("operate");
        var command = new CommandWithExamples(
            "reread", Description, "reread --meter m-34572 --curve hourly --from 2024-10-27 --to 2024-10-28")
        { server.Url, meter, curve, from, to, server.Key };
        command.SetAction(async (parsed, ct) =>
        {
            CommonOptions.ReadTime("--from", parsed.GetValue(from)!, DateTimeZone.Utc, DoubledHour.First);
            CommonOptions.ReadTime("--to", parsed.GetValue(to)!, DateTimeZone.Utc, DoubledHour.Second);
            var path = $"/api/meters/{parsed.GetValue(meter)}/profiles/{parsed.GetValue(curve).Name()}/reread";
            var call = server.Of(parsed);
            // Civil times are sent as they are: only the server knows the meter's zone.
            var range = JsonContent.Create(new { from = parsed.GetValue(from), to = parsed.GetValue(to) });
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(Patience);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                await call.GuardAsync(() => AskAsync(call, path, range, patience.Token), Patience, ct));
            return 0;
        });
        return command;
    }

    private static async Task<string> AskAsync(ServerCall call, string path, HttpContent range, CancellationToken ct)
    {
        using var response = await call.SendAsync(HttpMethod.Post, path, range, ct);
        return Answer(await response.Content.ReadAsStringAsync(ct));
    }

    /// <summary>The sentence that says how many intervals will be read again.</summary>
    private static string Answer(string body)
    {
        var accepted = JsonSerializer.Deserialize<Accepted>(body, JsonSerializerOptions.Web);
        var intervals = accepted!.Intervals == 1 ? "1 interval" : $"{accepted.Intervals} intervals";
        return $"{accepted.Meter}, {accepted.Curve}: {intervals} will be read again.";
    }
}
