using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json;
using Iec102.Acquisition;
using NodaTime;

namespace Iec102.Server.Commands;

/// <summary>reread: asks a running server to read a range of a curve again.</summary>
internal static class RereadCommand
{
    private const string KeyVariable = "IEC102_API_KEY";

    private const string Description =
        "Asks a running server to read a range of a load profile again: intervals that the meter left out, or corrected later. "
        + "What differs is stored as a new revision; nothing is overwritten.";

    private sealed record Accepted(string Meter, string Curve, int Intervals);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var url = new Option<string>("--url") { Description = "Where the server is.", DefaultValueFactory = _ => "http://127.0.0.1:8102", HelpName = "URL" };
        var meter = CommonOptions.Meter("The meter's id.");
        var curve = CommonOptions.Curve();
        var (from, to) = (CommonOptions.From(), CommonOptions.To());
        meter.Required = from.Required = to.Required = true;
        var key = new Option<string?>("--key")
        {
            Description = $"API key with the role operate. Others on this computer can see it; the environment variable {KeyVariable} is hidden from them.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable(KeyVariable),
            HelpName = "K",
        };
        var command = new CommandWithExamples("reread", Description, "reread --meter m-34572 --curve hourly --from 2024-10-27 --to 2024-10-28")
        { url, meter, curve, from, to, key };
        command.SetAction(async (parsed, ct) =>
        {
            CommonOptions.ReadTime("--from", parsed.GetValue(from)!, DateTimeZone.Utc, DoubledHour.First);
            CommonOptions.ReadTime("--to", parsed.GetValue(to)!, DateTimeZone.Utc, DoubledHour.Second);
            if (!Uri.TryCreate(parsed.GetValue(url), UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
                throw new CommandFailure(CommandFailure.WrongUsage, $"--url: '{parsed.GetValue(url)}' is no address such as http://127.0.0.1:8102.");
            var path = $"/api/meters/{parsed.GetValue(meter)}/profiles/{parsed.GetValue(curve).Name()}/reread";
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, path));
            // Civil times go as they are: only the server knows the meter's zone.
            request.Content = JsonContent.Create(new { from = parsed.GetValue(from), to = parsed.GetValue(to) });
            if (parsed.GetValue(key) is { } secret)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(await AskAsync(request, server, ct));
            return 0;
        });
        return command;
    }

    private static async Task<string> AskAsync(HttpRequestMessage request, Uri server, CancellationToken ct)
    {
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var response = await client.SendAsync(request, ct);
            var body = await response.Content.ReadAsStringAsync(ct);
            return response.IsSuccessStatusCode
                ? Answer(body)
                : throw new CommandFailure(
                    CommandFailure.Failed, DetailOf(body) ?? $"The server at {server} answers {(int)response.StatusCode} {response.ReasonPhrase}.");
        }
        catch (HttpRequestException error)
        {
            throw new CommandFailure(
                CommandFailure.Failed, $"No server answers at {server}: {error.Message.TrimEnd('.')}. Start it with iec102 serve, or give its --url.");
        }
        catch (JsonException)
        {
            throw new CommandFailure(CommandFailure.Failed, $"What answers at {server} is no iec102 server.");
        }
        catch (TaskCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new CommandFailure(CommandFailure.Failed, $"The server at {server} does not answer within {Patience.TotalSeconds} s.");
        }
    }

    /// <summary>What the server took on, as a sentence.</summary>
    private static string Answer(string body)
    {
        var accepted = JsonSerializer.Deserialize<Accepted>(body, JsonSerializerOptions.Web);
        return $"{accepted!.Meter}, {accepted.Curve}: {(accepted.Intervals == 1 ? "1 interval" : $"{accepted.Intervals} intervals")} will be read again.";
    }

    /// <summary>The detail of application/problem+json; null when the body is something else.</summary>
    private static string? DetailOf(string body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            return problem.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("detail", out var detail) ? detail.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
