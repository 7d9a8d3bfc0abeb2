using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json;
using Iec102.Contract;
using Iec102.Server.Commands.Common;

namespace Iec102.Server.Commands;

/// <summary>The options of commands that call a running server.</summary>
internal sealed class ServerCallOptions(string role)
{
    private const string KeyVariable = "IEC102_API_KEY";

    /// <summary>The server's address.</summary>
    public Option<string> Url { get; } = new("--url")
    {
        Description = "The server's address; a number alone is a port of 127.0.0.1.",
        DefaultValueFactory = _ => "http://127.0.0.1:8102",
        HelpName = "URL",
    };

    /// <summary>The API key.</summary>
    public Option<string?> Key { get; } = new("--key")
    {
        Description = $"API key with the role {role}. Other users of this computer can see a key on the command line, but not in the "
            + $"environment variable {KeyVariable}.",
        HelpName = "K",
    };

    /// <summary>The server that the options name.</summary>
    public ServerCall Of(ParseResult parsed) =>
        Uri.TryCreate(CommonOptions.WholeUrl(parsed.GetValue(Url)!), UriKind.Absolute, out var server) && server.Scheme is "http" or "https"
            // Not as the option's default, which the help would show.
            ? new ServerCall(server, parsed.GetValue(Key) ?? Environment.GetEnvironmentVariable(KeyVariable))
            : throw new CommandFailure(
                CommandFailure.WrongUsage, $"--url: '{parsed.GetValue(Url)}' is not an address such as http://127.0.0.1:8102.");
}

/// <summary>Calls a running server; a failure is reported in one sentence.</summary>
internal sealed class ServerCall(Uri server, string? key)
{
    private static readonly HttpClient Client = new() { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Sends a request; returns as soon as the head of a successful response has arrived.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, new Uri(server, path)) { Content = body };
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
        {
            var detail = DetailOf(await response.Content.ReadAsStringAsync(ct));
            throw new CommandFailure(
                CommandFailure.Failed, detail ?? $"The server at {server} answered {(int)response.StatusCode} {response.ReasonPhrase}.");
        }
    }

    /// <summary>Sends a request, with a body as JSON unless that is null, and reads the answer as JSON.</summary>
    public Task<T> AskAsync<T>(HttpMethod method, string path, object? body, TimeSpan patience, CancellationToken ct) => GuardAsync(
        async () =>
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(patience);
            using var content = body is null ? null : JsonContent.Create(body);
            using var response = await SendAsync(method, path, content, limit.Token);
            return await response.Content.ReadFromJsonAsync<T>(ContractJson.Options, limit.Token) ?? throw new JsonException();
        },
        patience, ct);

    /// <summary>Runs a call that must end within a time limit.</summary>
    public async Task<T> GuardAsync<T>(Func<Task<T>> work, TimeSpan patience, CancellationToken ct)
    {
        try
        {
            return await work();
        }
        catch (HttpRequestException error)
        {
            throw new CommandFailure(CommandFailure.Failed, WhyNot(error));
        }
        catch (JsonException)
        {
            throw new CommandFailure(CommandFailure.Failed, $"The server at {server} is not an iec102 server.");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new CommandFailure(CommandFailure.Failed, $"The server at {server} did not answer within {patience.TotalSeconds} s.");
        }
    }

    /// <summary>Why there is no answer, and what to do.</summary>
    private string WhyNot(HttpRequestException error)
    {
        var reason = error.GetBaseException().Message.TrimEnd('.');
        return error.HttpRequestError switch
        {
            HttpRequestError.SecureConnectionError =>
                $"No secure connection to {server}: {reason}. If an authority of your own signed its certificate, set SSL_CERT_FILE to the "
                + "certificate of that authority (PEM); if the server does not speak https, write http://.",
            HttpRequestError.ResponseEnded when server.Scheme == "http" =>
                $"The server at {server} ended the connection without an answer: if it speaks https, write https://.",
            _ => $"No server answers at {server}: {reason}. Start it with iec102 serve, or name another with --url.",
        };
    }

    /// <summary>The detail of application/problem+json; null when the body is something else.</summary>
    private static string? DetailOf(string body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            return problem.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("detail", out var detail)
                ? detail.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
