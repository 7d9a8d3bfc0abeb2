using System.Net;
using System.Text.Json.Nodes;
using Iec102.Server.Tests.Commands;

namespace Iec102.Server.Tests.Api;

/// <summary>What each of two nodes answers, also for what the other one runs.</summary>
public sealed class NodesTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private NodePair _nodes = null!;

    public async Task InitializeAsync() => _nodes = await NodePair.StartAsync();

    public async Task DisposeAsync() => await _nodes.DisposeAsync();

    [Fact]
    public async Task Each_node_answers_for_the_whole_fleet()
    {
        foreach (var node in (Node[])[_nodes.A, _nodes.B])
        {
            var meters = (await node.GetAsync("/api/meters"))!.AsArray();
            meters.Select(meter => $"{meter!["id"]} {meter["node"]} {meter["verdict"]}").ShouldBe(["sim-1 a ok", "sim-2 b ok"]);
            foreach (var meter in meters)
                DateTimeOffset.Parse(meter!["asOf"]!.ToString()).ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddSeconds(-10));
            (await node.GetAsync("/api/ports"))!.AsArray().Select(port => $"{port!["id"]} {port["node"]}")
                .ShouldBe(["line-1 a", "line-2 b"]);
            ((int)(await node.GetAsync("/api/status"))!["meters"]!["ok"]!).ShouldBe(2);
            var metrics = await node.Client.GetStringAsync("/metrics");
            foreach (var id in (string[])["sim-1", "sim-2"])
            {
                metrics.ShouldContain($"iec102_meter_verdict{{meter=\"{id}\",state=\"ok\"}} 1");
                metrics.ShouldContain($"iec102_current_value{{meter=\"{id}\",signal=\"voltage.l1\",unit=\"V\"}}");
                (await node.GetAsync($"/api/meters/{id}/current"))!["signals"]!.AsArray().Select(signal => signal!["quality"]!.ToString())
                    .Distinct().ShouldBe(["good"]);
                ((int)(await node.GetAsync($"/api/meters/{id}/profiles/hourly/coverage"))!["recorded"]!).ShouldBeGreaterThan(0);
                (await node.Client.GetStringAsync($"/api/support/{id}")).ShouldContain("sent, <- received");
            }

            metrics.ShouldContain($"iec102_store_up{{node=\"{node.Id}\"}} 1");
            metrics.ShouldContain($"iec102_port_moves_total{{node=\"{node.Id}\"}} 0");
            (await node.Client.GetStringAsync("/health/ready")).ShouldBe("ready");
            (await node.Client.GetStringAsync("/health/store")).ShouldBe("stored");
        }
    }

    [Fact]
    public async Task Each_node_knows_how_complete_the_curves_of_all_are_and_says_what_it_cannot_ask()
    {
        var range = $"from={DateTime.UtcNow.AddDays(-1):yyyy-MM-dd}&to={DateTime.UtcNow:yyyy-MM-dd}";
        foreach (var node in (Node[])[_nodes.A, _nodes.B])
        {
            var all = (await node.GetAsync($"/api/completeness?{range}"))!.AsArray();
            all.Select(one => $"{one!["meter"]} {one["unknown"]}").ShouldBe(["sim-1 ", "sim-2 "]);
            all.ShouldAllBe(one => (int)one!["expected"]! > 0);
            (await node.Client.GetStringAsync($"/api/export?{range}&format=csv")).ShouldContain("\nsim-2,hourly,");
        }

        await _nodes.B.DisposeAsync();
        var seen = (await _nodes.A.GetAsync($"/api/completeness?{range}"))!.AsArray();
        (seen[0]!["expected"] is null, seen[1]!["expected"] is null).ShouldBe((false, true));
        seen[1]!["unknown"]!.ToString().ShouldStartWith("Node b does not answer: ");
    }

    [Fact]
    public async Task What_is_to_be_done_to_a_meter_is_done_by_the_node_that_runs_it()
    {
        using var read = await _nodes.A.PostAsync("/api/meters/sim-2/read", new { what = "current" });
        read.StatusCode.ShouldBe(HttpStatusCode.OK);
        JsonNode.Parse(await read.Content.ReadAsStringAsync())!["signals"]!.AsArray().Count.ShouldBe(24);
        using var retry = await _nodes.A.PostAsync("/api/meters/sim-2/retry");
        (await retry.Content.ReadAsStringAsync()).ShouldBe("{\"meter\":\"sim-2\",\"accepted\":true}");
        using var wrong = await _nodes.A.PostAsync("/api/meters/sim-2/read", new { what = "nothing" });
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await wrong.Content.ReadAsStringAsync()).ShouldContain("The body must say what to read");

        // Recorded where it was called, which each node shows, and not again where it was done.
        string[] lines = [];
        await EndToEnd.Site.UntilAsync(
            async () => (lines = await AuditAsync("/api/meters/sim-2/retry")).Length > 0, Patience, () => "Nothing was recorded.");
        await EndToEnd.Site.UntilAsync(
            async () => (await AuditAsync("/api/meters/sim-2/read")).Length == 2, Patience, () => "Nothing was recorded.");
        lines.ShouldBe(["a 200"]);

        using var trace = new StreamReader(await _nodes.A.Client.GetStreamAsync("/api/ports/line-2/trace"));
        await NextAsync(trace, "frame", _ => true);
    }

    private async Task<string[]> AuditAsync(string path) =>
    [
        .. from entry in (await _nodes.B.GetAsync("/api/audit"))!["entries"]!.AsArray()
           where entry!["action"]!.ToString() == $"POST {path}"
           select $"{entry["node"]} {entry["status"]}",
    ];

    [Fact]
    public async Task The_stream_of_a_node_has_the_news_of_all_and_says_when_one_is_lost()
    {
        using var stream = new StreamReader(await _nodes.A.Client.GetStreamAsync("/api/stream"));
        await NextAsync(stream, "current", news => news["meter"]!.ToString() == "sim-1");
        await NextAsync(stream, "current", news => news["meter"]!.ToString() == "sim-2");

        await _nodes.B.DisposeAsync();
        (await NextAsync(stream, "node", news => news["id"]!.ToString() == "b"))["state"]!.ToString().ShouldBe("lost");
    }

    [Fact]
    public async Task A_lost_node_is_one_problem_what_it_runs_is_unknown_and_calls_for_it_name_it()
    {
        var seen = DateTimeOffset.UtcNow;
        await _nodes.B.DisposeAsync();
        using var refused = await _nodes.A.PostAsync("/api/meters/sim-2/retry");
        refused.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
        (await refused.Content.ReadAsStringAsync()).ShouldContain($"Node b does not answer at {_nodes.B.Url}");

        await EndToEnd.Site.UntilAsync(
            async () => (await _nodes.A.GetAsync("/api/meters/sim-2"))!["verdict"]!.ToString() == "unknown", Patience,
            () => "Node b is not missed.");
        var meter = (await _nodes.A.GetAsync("/api/meters/sim-2"))!;
        (meter["node"]!.ToString(), meter["cause"]!.ToString(), meter["since"]!.ToString())
            .ShouldBe(("b", "node-lost", meter["asOf"]!.ToString()));
        DateTimeOffset.Parse(meter["asOf"]!.ToString()).ShouldBeGreaterThan(seen.AddSeconds(-5));
        await EndToEnd.Site.UntilAsync(
            async () => (await _nodes.A.GetAsync("/api/status"))!["problems"]!.AsArray().Count > 0, Patience, () => "There is no problem.");
        var problem = (await _nodes.A.GetAsync("/api/status"))!["problems"]!.AsArray().ShouldHaveSingleItem()!;
        (problem["node"]!.ToString(), problem["port"], problem["meters"]!.ToJsonString()).ShouldBe(("b", null, "[\"sim-2\"]"));
        (await _nodes.A.Client.GetStringAsync("/metrics")).ShouldContain("iec102_meter_verdict{meter=\"sim-2\",state=\"unknown\"} 1");
        var status = await Cli.RunAsync($"status --url {_nodes.A.Url}");
        status.Status.ShouldBe(1);
        status.Lines[0].ShouldStartWith("UNKNOWN  node b: node-lost for");
        status.Output.ShouldContain("Not seen because of it: sim-2");

        var why = await Cli.RunAsync($"why sim-2 --url {_nodes.A.Url}");
        why.Status.ShouldBe(1);
        why.Lines[0].ShouldStartWith("meter sim-2 on port line-2: unknown, node-lost for");
        why.Lines[1].ShouldStartWith("as node b last told it ");
        why.Output.ShouldContain(", serial number ");
        why.Output.ShouldContain($"last frame   not known. Node b does not answer at {_nodes.B.Url}");
        why.Lines[^1].ShouldBe($"Look for node b ({_nodes.B.Url}): its power, its process and its way to the database.");
    }

    [Fact]
    public async Task The_nodes_are_listed()
    {
        var list = (await _nodes.A.GetAsync("/api/nodes"))!.AsArray();
        list.Select(node => $"{node!["id"]} {node["ports"]!.ToJsonString()} {node["isThis"]} {node["storeUp"]} {node["lost"]}")
            .ShouldBe(["a [\"line-1\"] true true false", "b [\"line-2\"] false true false"]);
        list[0]!["fleetHash"]!.ToString().ShouldBe(list[1]!["fleetHash"]!.ToString());
        list[1]!["url"]!.ToString().ShouldBe(_nodes.B.Url);

        var shown = await Cli.RunAsync($"node list --url {_nodes.B.Url}");
        (shown.Status, shown.Lines.Length).ShouldBe((0, 4));
        (await Cli.RunAsync($"node drain c --url {_nodes.A.Url}")).Sentence.ShouldBe(
            "There is no node 'c'; GET /api/nodes lists the nodes.");
    }

    [Fact]
    public async Task A_node_can_be_drained_from_any_and_what_it_gives_away_is_shown_where_it_is_now()
    {
        await using var nodes = await NodePair.StartAsync(fleet => fleet with
        {
            Ports =
            [
                .. fleet.Ports.Select(port => port.Id == "line-2" ? port with { Placement = new() { Nodes = ["b", "a"] } } : port),
            ],
        });
        var command = Cli.RunAsync($"trace --port line-2 --url {nodes.A.Url}");
        using var trace = new StreamReader(await nodes.A.Client.GetStreamAsync("/api/ports/line-2/trace"));
        await NextAsync(trace, "frame", _ => true);
        (await Cli.RunAsync($"node drain b --url {nodes.A.Url}")).Output
            .ShouldBe("b gives its floating ports away; those that no other node can take stay.\n");
        await EndToEnd.Site.UntilAsync(
            async () => (await nodes.B.GetAsync("/api/meters/sim-2"))! is var meter
                && $"{meter["node"]} {meter["verdict"]}" == "a ok" && (bool)(await nodes.A.GetAsync("/api/nodes"))![1]!["draining"]!,
            Patience, () => "Node a has not taken line-2.");
        const string Moved = "Node b no longer runs the port 'line-2'; call again to see it on the node that does.";
        (await NextAsync(trace, "end", _ => true))["reason"]!.ToString().ShouldBe(Moved);
        (await trace.ReadToEndAsync()).ShouldBe("\n");
        (await command.WaitAsync(Patience)).Sentence.ShouldBe(Moved);
        using var read = await nodes.B.PostAsync("/api/meters/sim-2/read", new { what = "current" });
        read.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await nodes.A.Client.GetStringAsync("/metrics")).ShouldContain("iec102_port_moves_total{node=\"a\"} 1");

        (await Cli.RunAsync($"node drain b --undo --url {nodes.A.Url}")).Output.ShouldBe("b may own floating ports again.\n");
        await EndToEnd.Site.UntilAsync(
            async () => !(bool)(await nodes.B.GetAsync("/api/nodes"))![1]!["draining"]!, Patience, () => "Node b is still draining.");
    }

    [Fact]
    public async Task A_node_whose_file_pins_a_port_to_it_leaves_it_to_the_node_that_reads_it_until_that_stops()
    {
        await using var c = await _nodes.StartAsync("c", fleet => fleet with
        {
            Ports = [.. fleet.Ports.Select(port => port.Id == "line-1" ? port with { Placement = new() { Node = "c" } } : port)],
        });
        await EndToEnd.Site.UntilAsync(
            async () => (await _nodes.A.GetAsync("/api/nodes"))!.AsArray().Count == 3 && await OfMeterAsync(c) == "a ok",
            Patience, () => "Node c does not see that node a reads line-1.");
        (await c.GetAsync("/api/nodes"))!.AsArray().Select(node => $"{node!["id"]} {node["ports"]!.ToJsonString()}")
            .ShouldBe(["a [\"line-1\"]", "b [\"line-2\"]", "c []"]);

        await _nodes.A.DisposeAsync();
        await EndToEnd.Site.UntilAsync(
            async () => await OfMeterAsync(c) == "c ok", Patience, () => "Node c has not begun to read line-1.");

        static async Task<string> OfMeterAsync(Node node) =>
            await node.GetAsync("/api/meters/sim-1") is { } meter ? $"{meter["node"]} {meter["verdict"]}" : "";
    }

    private static async Task<JsonNode> NextAsync(StreamReader stream, string kind, Func<JsonNode, bool> wanted)
    {
        using var limit = new CancellationTokenSource(Patience);
        var name = "";
        while (await stream.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal) && name == kind && wanted(JsonNode.Parse(line[6..])!))
                return JsonNode.Parse(line[6..])!;
        }

        throw new EndOfStreamException();
    }
}
