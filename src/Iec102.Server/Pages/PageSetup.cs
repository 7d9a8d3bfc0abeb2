using Iec102.Page.Data;
using Iec102.Page.Hosting;
using Iec102.Server.Api;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Iec102.Server.Pages;

/// <summary>Puts the page into the server.</summary>
internal static class PageSetup
{
    /// <summary>What the page needs.</summary>
    public static void Add(WebApplicationBuilder builder)
    {
        // Beside the program after a build, where the files of packages stay where they are; in its wwwroot after a publication.
        builder.WebHost.UseStaticWebAssets();
        PageServices.Add(builder.Services);
        builder.Services.AddScoped<AuthenticationStateProvider, ReaderState>();
        builder.Services.AddSingleton<OwnPipeline>();
        builder.Services.AddSingleton<IFleetNews, FleetNews>();
        builder.Services.AddScoped<IServerApi, OwnApi>();
        builder.Services.TryAddSingleton(TimeProvider.System);
    }

    /// <summary>Its routes.</summary>
    public static void Map(WebApplication app)
    {
        app.MapStaticAssets(Path.Combine(AppContext.BaseDirectory, "iec102.staticwebassets.endpoints.json")).WithMetadata(new OpenToAll());
        PageServices.Map(app);
    }

    /// <summary>Whether a browser asks for something to show, and not for an answer of the API.</summary>
    public static bool IsForPage(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) && !context.Request.Path.StartsWithSegments("/api")
        && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
