namespace Iec102.Server.Api;

/// <summary>What a browser is told to keep pages of other sites, and texts that got into a page, from doing.</summary>
internal static class SecurityHeaders
{
    /// <summary>
    /// Nothing from elsewhere, no frames, no script in the markup, no text evaluated as a script. The component library sets styles in
    /// elements.
    /// </summary>
    private const string Policy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'self'; "
        + "form-action 'self'; frame-ancestors 'none'";

    /// <summary>Middleware in front of everything that answers.</summary>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        // A browser must go on saying in Origin where a form of this server's own pages comes from; other sites are told nothing.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return next(context);
    }
}
