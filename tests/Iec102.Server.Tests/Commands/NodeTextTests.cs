using Iec102.Acquisition.Verdicts;
using Iec102.Cluster.Nodes;
using Iec102.Contract;
using Iec102.Server.Commands;
using NodaTime;

namespace Iec102.Server.Tests.Commands;

/// <summary>The list of the nodes.</summary>
public sealed class NodeTextTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 3, 2, 10, 0);
    private static readonly Dictionary<string, int> Counts = [];

    [Fact]
    public void What_a_lost_node_ran_is_shown_where_it_is_now()
    {
        var nodes = Of(Node("a", 0, "p-1", "p-2"), Node("b", 60, "p-2", "p-3"));
        nodes.Select(node => $"{node.Id} {string.Join(' ', node.Ports)}").ShouldBe(["a p-1 p-2", "b p-3"]);
        Of(Node("a", 0, "p-1"), Node("b", 0, "p-1"))[1].Ports.ShouldBe(["p-1"], "both are heard, and both say so");
    }

    [Fact]
    public void The_list_fits_into_100_columns_unless_all_is_asked_for()
    {
        var ports = Enumerable.Range(1, 40).Select(port => $"substation-{port}").ToArray();
        var nodes = Of(Node("control-centre-1", 0, ports), Node("control-centre-2", 10_000));
        var lines = NodeCommand.Text(nodes, isWide: false).TrimEnd().Split('\n');

        lines.ShouldAllBe(line => line.Length <= 100);
        lines[^2].ShouldContain("40: substation-1 substation-10 ...");
        lines[^1].ShouldContain("LOST, 2 h 47 min");
        var wide = NodeCommand.Text(nodes, isWide: true);
        foreach (var shown in (string[])[.. ports, "https://control-centre-2.example:8443", "0123456789ab"])
            wide.ShouldContain(shown);
    }

    [Fact]
    public void Two_nodes_that_are_heard_at_the_same_url_are_named()
    {
        var (a, b) = (Node("a", 0), Node("b", 0));
        b = b with { Report = b.Report with { Url = a.Report.Url } };
        const string Sentence = "Nodes a and b have the same url: give each node its own in iec102.node.url.\n";

        NodeCommand.Text(Of(a, b), isWide: false).ShouldEndWith(Sentence);
        NodeCommand.Text(Of(a, b with { IsSilent = true }), isWide: false).ShouldNotContain(Sentence, customMessage: "it has moved there");
    }

    [Fact]
    public void Of_the_problems_of_nodes_only_those_of_unknown_ones_are_added_to_the_list()
    {
        var (known, unknown) = (Problem("a", null, "Look for it."), Problem("c", null, "Node c has never been heard of."));
        var status = new StatusModel("", "in-force", [known, unknown, Problem("d", "p-1", "It is a port's.")], Counts, Counts, null);

        NodeCommand.NeverHeardOf(Of(Node("a", 0)), status).ShouldBe(["Node c has never been heard of."]);
    }

    private static ProblemModel Problem(string node, string? port, string advice) =>
        new(port, null, "unknown", "node-lost", null, null, null, new Advice(advice, advice), [], Node: node);

    private static SeenNode Node(string id, int age, params string[] ports) => new(
        new NodeReport(
            id, new Uri($"https://{id}.example:8443"), "0.2.0", Now - Duration.FromHours(77), "0123456789ab", TimeSpan.FromSeconds(6))
        {
            Ports = [.. ports],
        },
        Duration.FromSeconds(age), IsSilent: age > 30);

    private static IReadOnlyList<NodeModel> Of(params SeenNode[] nodes) =>
        NodeModel.Of(nodes, new NodesView("a", TimeProvider.System), Now, DateTimeZone.Utc);
}
