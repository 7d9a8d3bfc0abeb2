using System.Globalization;
using Iec102.Page.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Iec102.Page.Hosting;

/// <summary>
/// What a reader chose for this browser: the language and the colours, each in a cookie. Without a choice the browser's own settings hold.
/// </summary>
public static class Preferences
{
    private const string LanguageCookie = "iec102-language";
    private const string ThemeCookie = "iec102-theme";

    /// <summary>Who reads these languages reads Spanish more easily than English.</summary>
    private static readonly string[] NearSpanish = ["es", "ca", "gl", "eu", "ast", "an", "oc", "pt"];

    /// <summary>The colours: light, dark, or auto for those of the browser.</summary>
    public static string ThemeOf(HttpRequest request) =>
        request.Cookies[ThemeCookie] is "light" or "dark" ? request.Cookies[ThemeCookie]! : "auto";

    /// <summary>
    /// Middleware in front of the pages: texts in English or Spanish, numbers and dates as in the browser's first language. The live part
    /// of a page keeps what its first request had.
    /// </summary>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // The API answers the same to everybody.
        if (!context.Request.Path.StartsWithSegments("/api"))
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = CulturesOf(context.Request);
        return next(context);
    }

    /// <summary>Adds the two calls by which a reader chooses; each goes back to the page from which it was called.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/preferences/language/{value:maxlength(2)}", (string value, string? back, HttpContext context) =>
            Keep(context, LanguageCookie, value is "en" or "es" ? value : null, back)).ExcludeFromDescription();
        routes.MapGet("/preferences/theme/{value:maxlength(5)}", (string value, string? back, HttpContext context) =>
            Keep(context, ThemeCookie, value is "light" or "dark" ? value : null, back)).ExcludeFromDescription();
    }

    private static IResult Keep(HttpContext context, string cookie, string? value, string? back)
    {
        var options = new CookieOptions { SameSite = SameSiteMode.Strict, HttpOnly = true, Path = "/", MaxAge = TimeSpan.FromDays(400) };
        if (value is null)
            context.Response.Cookies.Delete(cookie, options);
        else
            context.Response.Cookies.Append(cookie, value, options);
        return Results.LocalRedirect(LocalPath.OrRoot(back));
    }

    private static (CultureInfo Formats, CultureInfo Texts) CulturesOf(HttpRequest request)
    {
        var wanted = request.GetTypedHeaders().AcceptLanguage.OrderByDescending(one => one.Quality ?? 1).Select(one => one.Value.ToString())
            .FirstOrDefault(name => name != "*") ?? "en";
        var language = request.Cookies[LanguageCookie] is "en" or "es"
            ? request.Cookies[LanguageCookie]!
            : NearSpanish.Contains(wanted.Split('-')[0].ToLowerInvariant()) ? "es" : "en";
        // Numbers and dates follow the text when the reader has chosen another language than the browser's.
        var formats = wanted.StartsWith(language, StringComparison.OrdinalIgnoreCase) && wanted.Contains('-') ? Known(wanted) : null;
        return (formats ?? CultureInfo.GetCultureInfo(language == "es" ? "es-ES" : "en-GB"), CultureInfo.GetCultureInfo(language));
    }

    private static CultureInfo? Known(string name)
    {
        try
        {
            return name.Length <= 16 ? CultureInfo.GetCultureInfo(name, predefinedOnly: true) : null;
        }
        catch (CultureNotFoundException)
        {
            return null;
        }
    }
}
