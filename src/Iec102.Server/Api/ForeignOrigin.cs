namespace Iec102.Server.Api;

/// <summary>
/// Keeps pages of other sites from changing something through the browser of a person who can reach this server. A page may send a form to
/// any address, but not with the media type of JSON, and its browser says where it comes from. So every call that changes something must be
/// JSON and, from a browser, of this server's own origin.
/// </summary>
internal static class ForeignOrigin
{
    /// <summary>Why a call must not be carried out: the status and a sentence. Null when it may be, or only reads.</summary>
    public static (int Status, string Sentence)? Refuse(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
            return null;
        if (!IsOwn(request))
        {
            return (
                StatusCodes.Status403Forbidden,
                "This call comes from a page of another site, which may not change anything here: call the server from its own address.");
        }

        return request.HasJsonContentType() || request.Path.StartsWithSegments("/_blazor")
            ? null
            : (
                StatusCodes.Status415UnsupportedMediaType,
                "A call that changes something must be JSON: send 'Content-Type: application/json', with or without a body.");
    }

    /// <summary>
    /// Browsers say themselves whether a page is of the same origin; old ones, and all of them on addresses without TLS, send only the
    /// origin. Other programs send neither.
    /// </summary>
    private static bool IsOwn(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site is not ("" or "same-origin" or "none"))
            return false;
        // The scheme is left out of account: a proxy in front of the server may have ended TLS. Trust in the browser's own word goes before
        // the comparison, because such a proxy may also have changed the Host header.
        var origin = request.Headers.Origin.ToString();
        return origin == "" || site == "same-origin"
            || (Uri.TryCreate(origin, UriKind.Absolute, out var from)
                && from.Authority.Equals(AuthorityOf(from.Scheme, request.Host), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The host as a URI of the scheme writes it, without the port that the scheme implies.</summary>
    private static string? AuthorityOf(string scheme, HostString host) =>
        Uri.TryCreate($"{scheme}://{host.Value}", UriKind.Absolute, out var own) ? own.Authority : null;
}
