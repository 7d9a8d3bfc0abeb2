using Iec102.Cluster.Nodes;
using NodaTime;

namespace Iec102.Cluster.Tests.Nodes;

/// <summary>The node directory on PostgreSQL.</summary>
public sealed class NodeDirectoryTests : NodeDatabase
{
    [Fact]
    public async Task Each_node_reads_what_all_last_said_of_themselves()
    {
        var directory = new PostgresNodeDirectory(Database);
        var full = Report("b") with
        {
            IsDraining = true,
            Ports = ["p-1", "p-2"],
            Unable = ["p-3"],
            IsClockSynchronised = false,
        };
        await directory.ExchangeAsync(Report("b"), CancellationToken.None);
        await directory.ExchangeAsync(full, CancellationToken.None);
        await ExecuteAsync("UPDATE node SET as_of = as_of - interval '1 hour'");

        var seen = await directory.ExchangeAsync(Report("a"), CancellationToken.None);

        seen.Select(one => one.Report.Id).ShouldBe(["a", "b"]);
        seen[0].Age.ShouldBeLessThan(Duration.FromMinutes(1));
        seen[0].Report.IsClockSynchronised.ShouldBeNull();
        seen[1].Age.ShouldBeGreaterThanOrEqualTo(Duration.FromHours(1));
        var read = seen[1].Report;
        (read with { Ports = full.Ports, Unable = full.Unable }).ShouldBe(full);
        (read.Ports.SetEquals(full.Ports), read.Unable.SetEquals(full.Unable)).ShouldBe((true, true));
    }

    [Fact]
    public async Task Who_may_not_be_the_node_reads_and_leaves_its_report_as_it_is()
    {
        var directory = new PostgresNodeDirectory(Database);
        await directory.ExchangeAsync(Report("a"), CancellationToken.None);
        await ExecuteAsync("UPDATE node SET as_of = as_of - interval '1 hour'");

        var seen = await directory.ExchangeAsync(own: null, CancellationToken.None);

        seen.ShouldHaveSingleItem().Age.ShouldBeGreaterThanOrEqualTo(Duration.FromHours(1));
    }

    [Fact]
    public async Task A_report_of_another_version_is_read_and_one_that_makes_no_sense_is_left_out()
    {
        await ExecuteAsync(
            """
            INSERT INTO node VALUES
                ('newer', now(), '{"id": "newer", "url": "https://newer:8443", "version": "9.9", "since": "2026-03-02T10:00:00Z",
                    "fleetHash": "h", "ttl": "00:00:06", "mood": {"good": true}}'),
                ('strange', now(), '{"id": 5}'),
                ('gone', now() - interval '8 days', '{"id": "gone"}')
            """);

        var seen = await new PostgresNodeDirectory(Database).ExchangeAsync(Report("a"), CancellationToken.None);

        seen.Select(one => one.Report.Id).ShouldBe(["a", "newer"]);
        (seen[1].Report.Version, seen[1].Report.Ports.IsEmpty, seen[1].Report.IsDraining).ShouldBe(("9.9", true, false));
    }

    private static NodeReport Report(string id) =>
        new(id, new Uri($"https://{id}:8443"), "0.2.0", Instant.FromUtc(2026, 3, 2, 10, 0), "hash", TimeSpan.FromSeconds(6));
}
