using System.CommandLine;
using Iec102.Contract;
using Iec102.Server.Commands.Common;

namespace Iec102.Server.Commands;

/// <summary>node: shows the nodes of a running server, and has one give its floating ports away.</summary>
internal static class NodeCommand
{
    private const string ListDescription =
        "Shows the nodes that read a fleet together, as the server that is asked sees them: since when each runs, the ports that it runs, "
        + "and what is wrong with it. The exit status is 1 when a node is lost, cannot reach the database, "
        + "has another fleet file or another's url, or was never heard of.";

    private const string DrainDescription =
        "Has a node give its floating ports to others, one after the other, before it is stopped for maintenance; iec102 node list shows "
        + "when it has none left but those that are pinned to it. It takes none until it is told --undo or is started again.";

    private const int WidthOfPorts = 30;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Command Create() =>
        new("node", "Shows the nodes that read a fleet together, and has one give its ports away.") { List(), Drain() };

    /// <summary>The table of the nodes, and what is wrong between them.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="isWide">Whether all is shown that is known of them, or as much as fits into 100 columns.</param>
    public static string Text(IReadOnlyList<NodeModel> nodes, bool isWide)
    {
        if (nodes.Count == 0)
            return "The server is alone: it is no node.\n";
        using var text = new StringWriter();
        string[] headings = ["node", "state", "version", "for", "ports"];
        TextTable.Write(
            text, isWide ? [.. headings, "since", "fleet", "url"] : headings,
            nodes.Select(node => (string[])
            [
                node.IsThis ? $"{node.Id} *" : node.Id, StateOf(node), node.Version, RunningFor(node), PortsOf(node, isWide),
                .. isWide ? (string[])[node.Since, node.FleetHash, node.Url] : [],
            ]));
        if (HaveDifferentFleets(nodes))
        {
            text.WriteLine(
                "The fleet files of the nodes, or the environment variables that they take, differ: see that all have the same; "
                + "iec102 node list --wide shows whose do.");
        }

        foreach (var same in WithSameUrl(nodes))
            text.WriteLine($"Nodes {string.Join(" and ", same)} have the same url: give each node its own in iec102.node.url.");
        return text.ToString();
    }

    /// <summary>What to do about nodes that the fleet file names and of which nobody has ever heard.</summary>
    public static IReadOnlyList<string> NeverHeardOf(IReadOnlyList<NodeModel> nodes, StatusModel status) =>
    [
        .. status.Problems
            .Where(problem => problem is { Node: not null, Port: null, Meter: null } && nodes.All(node => node.Id != problem.Node))
            .Select(problem => problem.Advice?.En).OfType<string>(),
    ];

    private static CommandWithExamples List()
    {
        var wide = new Option<bool>("--wide") { Description = "Show all ports of each node, since when it runs, its fleet file and url." };
        var server = new ServerCallOptions("read");
        var command = new CommandWithExamples("list", ListDescription, "node list", "node list --wide --url https://centre-1.example:8102")
        {
            wide, server.Url, server.Key,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var call = server.Of(parsed);
            var nodes = await call.AskAsync<IReadOnlyList<NodeModel>>(HttpMethod.Get, "/api/nodes", null, Patience, ct);
            var output = parsed.InvocationConfiguration.Output;
            await output.WriteAsync(Text(nodes, parsed.GetValue(wide)));
            var unheard = NeverHeardOf(nodes, await call.AskAsync<StatusModel>(HttpMethod.Get, "/api/status", null, Patience, ct));
            foreach (var advice in unheard)
                await output.WriteLineAsync(advice);
            var isWrong = nodes.Any(node => node.Lost || node.StoreUp == false) || HaveDifferentFleets(nodes) || WithSameUrl(nodes).Any();
            return isWrong || unheard.Count > 0 ? CommandFailure.Failed : 0;
        });
        return command;
    }

    private static CommandWithExamples Drain()
    {
        var node = new Argument<string>("NODE") { Description = "The node's id." };
        var undo = new Option<bool>("--undo") { Description = "Lets the node own floating ports again." };
        var server = new ServerCallOptions("operate");
        var command = new CommandWithExamples("drain", DrainDescription, "node drain centre-1", "node drain centre-1 --undo")
        {
            node, undo, server.Url, server.Key,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var method = parsed.GetValue(undo) ? HttpMethod.Delete : HttpMethod.Post;
            var path = $"/api/nodes/{Uri.EscapeDataString(parsed.GetValue(node)!)}/drain";
            var answer = await server.Of(parsed).AskAsync<NodeDrainModel>(method, path, new { }, Patience, ct);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                answer.Draining
                    ? $"{answer.Node} gives its floating ports away; those that no other node can take stay."
                    : $"{answer.Node} may own floating ports again.");
            return 0;
        });
        return command;
    }

    /// <summary>How long it had been running when it said so last.</summary>
    private static string RunningFor(NodeModel node) =>
        DurationWords.Of(DateTimeOffset.Parse(node.AsOf, null) - DateTimeOffset.Parse(node.Since, null));

    /// <summary>The number of its ports, and as many of them as fit.</summary>
    private static string PortsOf(NodeModel node, bool isWide)
    {
        var ports = string.Join(' ', node.Ports);
        var end = isWide || ports.Length <= WidthOfPorts ? ports.Length : ports.LastIndexOf(' ', WidthOfPorts);
        return $"{node.Ports.Count}: {(end < 0 ? "" : ports[..end])}{(end < ports.Length ? " ..." : "")}";
    }

    private static string StateOf(NodeModel node) => node switch
    {
        { Lost: true } => $"LOST, {DurationWords.Of(TimeSpan.FromSeconds(node.AgeSeconds))}",
        { StoreUp: false } => "NO DATABASE",
        { StoreUp: null } => "not seen",
        { Draining: true } => "draining",
        { ClockSynchronised: false } => "clock not synchronised",
        _ => "ok",
    };

    /// <summary>The ids of nodes that are heard and say that they are at the same place, such as those with a copied file.</summary>
    private static IEnumerable<IEnumerable<string>> WithSameUrl(IEnumerable<NodeModel> nodes) =>
        from node in nodes
        where node.StoreUp is not null
        group node.Id by node.Url into same
        where same.Count() > 1
        select same;

    private static bool HaveDifferentFleets(IEnumerable<NodeModel> nodes) =>
        nodes.Where(node => node.StoreUp is not null).Select(node => node.FleetHash).Distinct().Count() > 1;
}
