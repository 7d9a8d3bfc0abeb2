using System.Globalization;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Iec102.Server.Api;

/// <summary>
/// Cookies whose names have the port by which a browser calls. A browser sends a cookie to every port of a host: without this, two servers
/// on one computer would overwrite each other's sessions.
/// </summary>
internal sealed class PortCookies : ICookieManager
{
    private readonly ChunkingCookieManager _cookies = new();

    /// <inheritdoc/>
    public string? GetRequestCookie(HttpContext context, string key) => _cookies.GetRequestCookie(context, NameOf(context, key));

    /// <inheritdoc/>
    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        _cookies.AppendResponseCookie(context, NameOf(context, key), value, options);

    /// <inheritdoc/>
    public void DeleteCookie(HttpContext context, string key, CookieOptions options) =>
        _cookies.DeleteCookie(context, NameOf(context, key), options);

    private static string NameOf(HttpContext context, string key) =>
        context.Request.Host.Port is { } port ? $"{key}-{port.ToString(CultureInfo.InvariantCulture)}" : key;
}
