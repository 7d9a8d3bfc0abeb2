using Iec102.Page.Components;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace Iec102.Page.Hosting;

/// <summary>Adds the page to a web server, which provides IServerApi and IFleetNews.</summary>
public static class PageServices
{
    /// <summary>The most octets that a browser sends at once.</summary>
    private const int MostPasted = 512 * 1024;

    /// <summary>What the page needs.</summary>
    public static void Add(IServiceCollection services)
    {
        // A table of 1,000 meters can be pasted.
        services.AddRazorComponents().AddInteractiveServerComponents()
            .AddHubOptions(hub => hub.MaximumReceiveMessageSize = MostPasted);
        services.AddScoped<Ticker>();
        services.AddAuthorizationCore();
        services.AddCascadingAuthenticationState();
        services.AddLocalization();
        services.AddMudServices();
    }

    /// <summary>Its routes.</summary>
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes)
    {
        Preferences.Map(routes);
        // Compressing what is sent to a page would keep 0.3 MB for each open one, and what is sent is little.
        return routes.MapRazorComponents<App>().AddInteractiveServerRenderMode(mode => mode.DisableWebSocketCompression = true);
    }
}
