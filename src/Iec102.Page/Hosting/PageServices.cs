using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace Iec102.Page.Hosting;

/// <summary>Adds the page to a web server, which provides IServerApi and IFleetNews.</summary>
public static class PageServices
{
    /// <summary>What the page needs.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddAuthorizationCore();
        services.AddCascadingAuthenticationState();
        services.AddLocalization();
        services.AddMudServices();
    }

    /// <summary>Its routes.</summary>
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes)
    {
        Preferences.Map(routes);
        return routes.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }
}
