using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace Iec102.Server.Api;

/// <summary>
/// Gives answers an ETag, the digest of their content, and leaves the content out when the client has it already (If-None-Match) or asks
/// with HEAD. Only a short answer is held back for that: a long one, or a stream, goes out as it comes and has no ETag.
/// </summary>
internal static class EntityTags
{
    /// <summary>More than a month of hourly intervals as JSON.</summary>
    private const int MostHeld = 256 * 1024;

    /// <summary>Middleware in front of the routing.</summary>
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var isHead = HttpMethods.IsHead(context.Request.Method);
        if (!isHead && !HttpMethods.IsGet(context.Request.Method))
        {
            await next(context);
            return;
        }

        // Routes know GET only; the web server leaves the content of an answer to HEAD out by itself.
        context.Request.Method = HttpMethods.Get;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        if (isHead)
            context.RequestAborted = ended.Token;
        var (response, body) = (context.Response, context.Response.Body);
        await using var held = new HeldAnswer(body, MostHeld, () => IsStream(response), isHead ? ended : null);
        response.Body = held;
        try
        {
            await next(context);
            await response.BodyWriter.FlushAsync(ended.Token);
        }
        catch (OperationCanceledException) when (isHead && held.IsLetGo)
        {
            // The head is known, and nobody waits for the rest.
        }
        finally
        {
            response.Body = body;
        }

        if (!held.IsLetGo)
            await SendAsync(context.Request, response, held.Content);
    }

    private static async Task SendAsync(HttpRequest request, HttpResponse response, ReadOnlyMemory<byte> content)
    {
        if (response.StatusCode == StatusCodes.Status200OK)
        {
            // Weak, because the same content may be sent compressed.
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content.Span))[..32]}\"", isWeak: true);
            response.Headers.ETag = tag.ToString();
            if (new RequestHeaders(request.Headers).IfNoneMatch.Any(one =>
                one.Equals(EntityTagHeaderValue.Any) || one.Compare(tag, useStrongComparison: false)))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                response.Headers.ContentType = default;
                response.ContentLength = null;
                return;
            }

            response.ContentLength = content.Length;
        }

        if (content.Length > 0)
            await response.Body.WriteAsync(content, request.HttpContext.RequestAborted);
    }

    private static bool IsStream(HttpResponse response) =>
        response.ContentType?.StartsWith("text/event-stream", StringComparison.Ordinal) == true;
}
