using System.Net;
using Iec102.Testing;

namespace Iec102.Server.Tests.Api;

/// <summary>What a node answers while the database that it shares with another one is away.</summary>
public sealed class NodesAloneTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task Without_the_database_a_node_goes_on_reading_its_own_and_shows_nothing_of_the_others_as_well()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var nodes = await NodePair.StartAsync(server: server);
        var node = nodes.A;
        await server.StopAsync();

        await UntilAsync("/api/meters/sim-2", "\"verdict\":\"unknown\",\"cause\":\"node-lost\"");
        (await node.GetAsync("/api/meters/sim-1"))!["verdict"]!.ToString().ShouldBe("ok");
        var problem = (await node.GetAsync("/api/status"))!["problems"]!.AsArray()
            .Single(one => one!["verdict"]!.ToString() == "unknown")!;
        (problem["node"]!.ToString(), problem["cause"]!.ToString(), problem["meters"]!.ToJsonString())
            .ShouldBe(("a", "storage", "[\"sim-2\"]"));
        (await node.Client.GetStringAsync("/health/ready")).ShouldStartWith("ready");
        using (var stored = await node.Client.GetAsync("/health/store"))
        {
            stored.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await stored.Content.ReadAsStringAsync()).ShouldStartWith("degraded\n");
        }

        (await node.Client.GetStringAsync("/metrics")).ShouldContain("iec102_store_up{node=\"a\"} 0");
        (await node.GetAsync("/api/nodes"))!.AsArray().Select(one => $"{one!["id"]} {one["storeUp"]} {one["lost"]}")
            .ShouldBe(["a false false", "b  false"]);
        using (var values = await node.Client.GetAsync("/api/meters/sim-2/current"))
        {
            values.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await values.Content.ReadAsStringAsync()).ShouldContain("cannot be reached");
        }

        // Curves wait for it, which a restart of the server would not change.
        var range = new { from = $"{DateTimeOffset.UtcNow.AddDays(-1):yyyy-MM-dd}", to = $"{DateTimeOffset.UtcNow:yyyy-MM-dd}" };
        var said = "";
        foreach (var id in (string[])["sim-1", "sim-2"])
        {
            await EndToEnd.Site.UntilAsync(
                async () =>
                {
                    using var reread = await node.PostAsync($"/api/meters/{id}/profiles/hourly/reread", range);
                    said = await reread.Content.ReadAsStringAsync();
                    return said.Contains("waits for the database that the nodes share");
                },
                Patience, () => $"The curve of {id} does not say that it waits for the database: {said}");
        }

        // The nodes reach each other without it.
        using (var read = await node.PostAsync("/api/meters/sim-2/read", new { what = "current" }))
            read.StatusCode.ShouldBe(HttpStatusCode.OK);

        await server.StartAgainAsync();
        await UntilAsync("/api/meters/sim-2", "\"verdict\":\"ok\"");
        await UntilAsync("/api/status", "\"problems\":[]");
        (await node.Client.GetStringAsync("/health/store")).ShouldBe("stored");

        Task UntilAsync(string path, string text)
        {
            var last = "";
            return EndToEnd.Site.UntilAsync(
                async () => (last = await node.Client.GetStringAsync(path)).Contains(text, StringComparison.Ordinal), Patience,
                () => $"{path} has no {text}: {last}");
        }
    }
}
