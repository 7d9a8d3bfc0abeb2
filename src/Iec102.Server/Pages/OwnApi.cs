using System.Globalization;
using System.IO.Pipelines;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Iec102.Contract;
using Iec102.Page.Data;
using Iec102.Server.Api;
using Microsoft.AspNetCore.Components.Authorization;

namespace Iec102.Server.Pages;

/// <summary>
/// Calls the API in the same process, with the rights of a reader of the page. A call goes through everything that one from outside does,
/// except the connection: so the page can do what the API can, is refused what it refuses, and reaches the other nodes as it does.
/// </summary>
/// <param name="pipeline">Answers the calls.</param>
/// <param name="reader">Who reads the page.</param>
/// <param name="scopes">Makes the services of each call.</param>
internal sealed class OwnApi(OwnPipeline pipeline, AuthenticationStateProvider reader, IServiceScopeFactory scopes) : IServerApi
{
    /// <inheritdoc/>
    public Task<ApiAnswer<T>> GetAsync<T>(string path, CancellationToken ct) where T : class =>
        SendAsync<T>(HttpMethods.Get, path, null, ct);

    /// <inheritdoc/>
    public Task<ApiAnswer<T>> PostAsync<T>(string path, object? body, CancellationToken ct) where T : class =>
        SendAsync<T>(HttpMethods.Post, path, body, ct);

    /// <inheritdoc/>
    public Task<ApiAnswer<T>> DeleteAsync<T>(string path, CancellationToken ct) where T : class =>
        SendAsync<T>(HttpMethods.Delete, path, null, ct);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ServerEvent> StreamAsync(string path, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var pipe = new Pipe();
        var context = await ContextOf(HttpMethods.Get, path, null, scope.ServiceProvider, pipe.Writer.AsStream(), end.Token);
        context.Request.Headers.Accept = ServerSentEvents.ContentType;
        var running = RunAsync(context, pipe.Writer);
        try
        {
            // The status stands when the first octets come.
            var first = await pipe.Reader.ReadAsync(end.Token);
            pipe.Reader.AdvanceTo(first.Buffer.Start);
            var answer = pipe.Reader.AsStream();
            if (context.Response.StatusCode >= StatusCodes.Status400BadRequest)
                throw new ApiException(context.Response.StatusCode, await SentenceOfAsync(answer, context.Response.StatusCode, end.Token));
            await foreach (var item in SseParser.Create(answer, Parse).EnumerateAsync(end.Token))
                yield return new ServerEvent(item.EventType, item.Data);
        }
        finally
        {
            await end.CancelAsync();
            await running;
        }
    }

    private static JsonElement Parse(string name, ReadOnlySpan<byte> data) => JsonSerializer.Deserialize<JsonElement>(data);

    private async Task<ApiAnswer<T>> SendAsync<T>(string method, string path, object? body, CancellationToken ct) where T : class
    {
        await using var scope = scopes.CreateAsyncScope();
        using var answer = new MemoryStream();
        var context = await ContextOf(method, path, body, scope.ServiceProvider, answer, ct);
        context.Request.Headers.Accept = "application/json";
        await RunAsync(context);
        answer.Position = 0;
        var status = context.Response.StatusCode;
        return status >= StatusCodes.Status400BadRequest
            ? new ApiAnswer<T>(status, null, await SentenceOfAsync(answer, status, ct))
            : new ApiAnswer<T>(status, await JsonSerializer.DeserializeAsync<T>(answer, ContractJson.Options, ct), null);
    }

    private async Task RunAsync(HttpContext context, PipeWriter? output = null)
    {
        // The API writes the same in every language.
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        try
        {
            await pipeline.Run(context);
            if (output is not null)
                await output.CompleteAsync();
        }
        catch (Exception e) when (output is not null)
        {
            await output.CompleteAsync(e);
        }
    }

    private async Task<HttpContext> ContextOf(
        string method, string path, object? body, IServiceProvider services, Stream answer, CancellationToken ct)
    {
        var state = await reader.GetAuthenticationStateAsync();
        var split = path.IndexOf('?', StringComparison.Ordinal);
        var content = body is null ? [] : JsonSerializer.SerializeToUtf8Bytes(body, ContractJson.Options);
        var context = new DefaultHttpContext { RequestServices = services, RequestAborted = ct };
        context.Request.Method = method;
        context.Request.Scheme = Uri.UriSchemeHttp;
        context.Request.Host = new HostString("localhost");
        context.Request.Path = PathString.FromUriComponent(split < 0 ? path : path[..split]);
        context.Request.QueryString = split < 0 ? QueryString.Empty : new QueryString(path[split..]);
        context.Request.ContentType = "application/json";
        context.Request.ContentLength = content.Length;
        context.Request.Body = new MemoryStream(content);
        context.Response.Body = answer;
        context.Features.Set(new OwnCall(state.User));
        return context;
    }

    private static async Task<string> SentenceOfAsync(Stream answer, int status, CancellationToken ct)
    {
        try
        {
            var problem = await JsonSerializer.DeserializeAsync<JsonElement>(answer, cancellationToken: ct);
            return problem.GetProperty("detail").GetString()!;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"The server answered with status {status}; its log says why.";
        }
    }
}
