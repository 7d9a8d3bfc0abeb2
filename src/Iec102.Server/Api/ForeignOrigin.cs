namespace Iec102.Server.Api;

/// <summary>
/// Keeps pages of other sites from using this server through the browser of a person who can reach it, with that person's session or, where
/// none is needed, without. A browser says where a call comes from, in Origin or Sec-Fetch-Site; other programs send neither.
/// <para>What a page of another site calls is refused, whether it changes or only reads: it could not see the answer, since no header ever
/// allows it to, but it could measure how long that takes and open streams. Only a link that a person follows may lead here from elsewhere;
/// the cookie of the session is not sent with it.</para>
/// <para>What changes something must also be JSON, which no form of a page can send. The exceptions are used by browsers alone, and
/// there the call must say that it is of this server's own origin: the forms that sign in and out, and the connection of a live page.
/// </para>
/// </summary>
internal static class ForeignOrigin
{
    /// <summary>Why a call must not be carried out: the status and a sentence. Null when it may be.</summary>
    public static (int Status, string Sentence)? Refuse(HttpRequest request)
    {
        var onlyReads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);
        var origin = request.Headers.Origin.ToString();
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (!(IsOwn(site, origin, request.Host) || (onlyReads && origin == "" && IsLink(request))))
        {
            return (
                StatusCodes.Status403Forbidden,
                "This call comes from a page of another site, which may not use this server: call the server from its own address.");
        }

        if (onlyReads || request.HasJsonContentType())
            return null;
        if (!IsOfPages(request.Path))
        {
            return (
                StatusCodes.Status415UnsupportedMediaType,
                "A call that changes something must be JSON: send 'Content-Type: application/json', with or without a body.");
        }

        return origin == "" && site == ""
            ? (
                StatusCodes.Status403Forbidden,
                "This call does not say which page it comes from: use a browser that sends the Origin header, or call the API with JSON.")
            : null;
    }

    private static bool IsOwn(string site, string origin, HostString host)
    {
        if (site is not ("" or "same-origin" or "none"))
            return false;
        // The scheme is left out of account: a proxy in front of the server may have ended TLS. Trust in the browser's own word goes before
        // the comparison, because such a proxy may also have changed the Host header.
        return origin == "" || site == "same-origin"
            || (Uri.TryCreate(origin, UriKind.Absolute, out var from)
                && from.Authority.Equals(AuthorityOf(from.Scheme, host), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether a person opens an address in a window, not in a frame of another page.</summary>
    private static bool IsLink(HttpRequest request) =>
        request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Dest"] == "document";

    private static bool IsOfPages(PathString path) =>
        path.StartsWithSegments("/_blazor") || path == Sessions.Page || path == Sessions.SignOutPath;

    /// <summary>The host as a URI of the scheme writes it, without the port that the scheme implies.</summary>
    private static string? AuthorityOf(string scheme, HostString host) =>
        Uri.TryCreate($"{scheme}://{host.Value}", UriKind.Absolute, out var own) ? own.Authority : null;
}
