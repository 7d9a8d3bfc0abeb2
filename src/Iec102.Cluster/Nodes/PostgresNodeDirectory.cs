using Iec102.Storage.Databases;
using NodaTime;
using Npgsql;

namespace Iec102.Cluster.Nodes;

/// <summary>
/// The table <c>node</c> of the shared database. A node of which nothing was heard for a week is no longer read: it is gone for good.
/// </summary>
/// <param name="database">The database.</param>
public sealed class PostgresNodeDirectory(PostgresDatabase database) : INodeDirectory
{
    private const string Store = """
        INSERT INTO node (id, as_of, report) VALUES ($1, clock_timestamp(), $2)
        ON CONFLICT (id) DO UPDATE SET as_of = excluded.as_of, report = excluded.report
        """;

    private const string Read = """
        SELECT report, clock_timestamp() - as_of FROM node WHERE as_of > clock_timestamp() - interval '7 days' ORDER BY id
        """;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredReport>> ExchangeAsync(NodeReport? own, CancellationToken ct)
    {
        // Both in one round trip.
        await using var batch = database.Source.CreateBatch();
        if (own is not null)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Store)
            {
                Parameters = { new() { Value = own.Id }, new() { Value = StoredJson.Write(own) } },
            });
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand(Read));
        await using var rows = await batch.ExecuteReaderAsync(ct);
        var reports = new List<StoredReport>();
        while (await rows.ReadAsync(ct))
        {
            if (StoredJson.TryRead<NodeReport>(rows.GetString(0), out var report))
                reports.Add(new StoredReport(report, Duration.FromTimeSpan(rows.GetTimeSpan(1))));
        }

        return reports;
    }
}
