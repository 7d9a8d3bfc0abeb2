using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Iec102.Server.Api;

/// <summary>
/// The health probes: <c>live</c>, whether the process works at all, <c>ready</c>, whether it reads meters, and <c>store</c>, whether what
/// they tell is stored. They return 200 or 503 with a line of text; with 200 there is a further line for each fault that does not stop the
/// server. They say no more than that because they need no key.
/// </summary>
internal static class HealthEndpoints
{
    /// <summary>The tag of the checks of the process itself; checks without it are checks of readiness.</summary>
    public const string Live = "live";

    /// <summary>The tag of the checks of a database that servers share, without which a server reads meters all the same.</summary>
    public const string Store = "store";

    /// <summary>The name of the check of the journal.</summary>
    public const string Journal = "journal";

    /// <summary>The name of the check of the snapshot store.</summary>
    public const string Snapshots = "snapshots";

    /// <summary>Adds the probes to the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "/health/live", "live", "dead", check => check.Tags.Contains(Live));
        Map(routes, "/health/ready", "ready", "not ready", check => !check.Tags.Contains(Live) && !check.Tags.Contains(Store));
        Map(
            routes, "/health/store", "stored", "degraded", check => check.Name is Journal or Snapshots || check.Tags.Contains(Store),
            StatusCodes.Status503ServiceUnavailable);
    }

    private static void Map(
        IEndpointRouteBuilder routes, string path, string well, string ill, Func<HealthCheckRegistration, bool> which,
        int degraded = StatusCodes.Status200OK)
    {
        var options = new HealthCheckOptions
        {
            Predicate = which,
            ResultStatusCodes = { [HealthStatus.Degraded] = degraded },
            ResponseWriter = (context, report) => Write(context, report, well, ill),
        };
        routes.MapHealthChecks(path, options).WithMetadata(new OpenToAll());
    }

    private static Task Write(HttpContext context, HealthReport report, string well, string ill)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        var amiss = report.Entries.Where(entry => entry.Value.Status != HealthStatus.Healthy)
            .Select(entry => $"\n{Amiss(entry.Key, entry.Value)}");
        var first = context.Response.StatusCode == StatusCodes.Status200OK ? well : ill;
        return context.Response.WriteAsync(first + string.Concat(amiss), context.RequestAborted);
    }

    private static string? Amiss(string check, HealthReportEntry entry) => check switch
    {
        Journal => "The journal cannot store anything at present, so curves wait: the log says why.",
        Snapshots => "Snapshots of the journal are not stored at present: the log says why.",
        _ => entry.Description,
    };
}
