using Iec102.Cluster.Nodes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Iec102.Server.Hosting;

/// <summary>Whether all nodes that are heard have the same fleet file.</summary>
internal sealed class SameFleetHealth(NodesView nodes, Func<NodeReport> report) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var own = report().FleetHash;
        var other = nodes.Nodes.FirstOrDefault(node => !node.IsSilent && node.Report.Id != nodes.Self && node.Report.FleetHash != own);
        return Task.FromResult(other is null
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded($"Node {other.Report.Id} has another fleet file than this one: see GET /api/nodes."));
    }
}

/// <summary>Whether the database that the nodes share answers.</summary>
internal sealed class SharedStoreHealth(NodesView nodes) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(nodes.StoreAwaySince is null
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded("The database that the nodes share does not answer: the log says why."));
}
