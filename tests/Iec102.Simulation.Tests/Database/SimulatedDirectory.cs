using Iec102.Cluster.Nodes;
using NodaTime;

namespace Iec102.Simulation.Tests;

/// <summary>The table in which the nodes read of each other.</summary>
internal sealed class SimulatedDirectory(World world)
{
    private readonly SortedDictionary<string, (NodeReport Report, TimeSpan At)> _reports = new(StringComparer.Ordinal);

    /// <summary>The table as one node sees it.</summary>
    public INodeDirectory For(DatabaseClient client) => new Client(client, this);

    private IReadOnlyList<StoredReport> Exchange(NodeReport? own)
    {
        if (own is not null)
            _reports[own.Id] = (own, world.Elapsed);
        return [.. _reports.Values.Select(one => new StoredReport(one.Report, Duration.FromTimeSpan(world.Elapsed - one.At)))];
    }

    private sealed class Client(DatabaseClient client, SimulatedDirectory directory) : INodeDirectory
    {
        public Task<IReadOnlyList<StoredReport>> ExchangeAsync(NodeReport? own, CancellationToken ct) =>
            client.CallAsync(() => directory.Exchange(own), ct);
    }
}
