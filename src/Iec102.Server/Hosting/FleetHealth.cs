using Iec102.Acquisition.Fleets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Iec102.Server.Hosting;

/// <summary>Whether the fleet file is in force.</summary>
internal sealed class FleetHealth(FleetView view) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(view.Status switch
        {
            { AcceptedAt: null } => HealthCheckResult.Unhealthy("The server is starting."),
            { Rejected: not null } => HealthCheckResult.Degraded("The changed fleet file is not applied: GET /api/fleet says why."),
            { Failed.Count: > 0 } => HealthCheckResult.Degraded("A part of the fleet could not be started: GET /api/fleet says which."),
            _ => HealthCheckResult.Healthy(),
        });
}
