using Iec102.Hocon;

namespace Iec102.Fleet;

/// <summary>Reads what concerns nodes: the sections <c>node</c> and <c>cluster</c>, and which nodes may own a port.</summary>
internal static class NodeReader
{
    /// <summary>In place of a list of nodes: all of them. No node can be called so.</summary>
    private const string Any = "any";

    private const int LongestKey = 256;
    private const int ShortestKey = 16;

    public static ClusterConfiguration ReadCluster(FleetSection section)
    {
        var defaults = new ClusterConfiguration();
        var cluster = new ClusterConfiguration
        {
            Handback = section.Duration("handback", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)) ?? defaults.Handback,
            Key = ReadKey(section),
        };
        section.RejectUnknown();
        return cluster;
    }

    /// <param name="section">The section.</param>
    /// <param name="options">Tells whether the files that it names exist.</param>
    public static NodeConfiguration ReadNode(FleetSection section, HoconOptions options)
    {
        if (!section.Has("id"))
            section.ReportMissing("id", "is missing: write the name of this node, which no other node has.");
        if (!section.Has("url"))
            section.ReportMissing(
                "url",
                "is missing: write the address at which the other nodes reach the API of this one, such as \"https://centre-1:8443\".");
        var (id, url) = (section.Text("id"), section.Text("url"));
        if (id is not null && section.Place("id") is { } place)
            CheckNode(section, "id", id, place);
        if (!Uri.TryCreate(url ?? "http://localhost", UriKind.Absolute, out var address) || !IsAddress(address))
        {
            // The text is not repeated: it may hold a password.
            section.ReportValue("url", "must be http:// or https://, a host and a port, such as \"https://centre-1:8443\", and no more.");
            address = null;
        }

        var node = new NodeConfiguration(id ?? "", address ?? new Uri("http://localhost"));
        node = node with
        {
            Ttl = section.Duration("ttl", NodeConfiguration.ShortestTtl, NodeConfiguration.LongestTtl) ?? node.Ttl,
            Certificate = ReadFile(section, "certificate", options),
            CertificateKey = ReadFile(section, "certificate-key", options),
            CertificateAuthority = ReadFile(section, "certificate-authority", options),
        };
        foreach (var (key, other) in new[] { ("certificate", "certificate-key"), ("certificate-key", "certificate") })
        {
            if (section.Has(key) && !section.Has(other))
                section.ReportMissing(other, $"is missing: a certificate and its key are given together, and {key} is given.");
        }

        section.RejectUnknown();
        return node;
    }

    /// <summary>Which nodes may own a port.</summary>
    public static PortPlacement ReadPlacement(FleetSection port)
    {
        if (port.Has("node") && port.Has("nodes"))
            port.ReportValue("nodes", "the port has both node and nodes: keep node if only that one may own it, or else nodes.");
        var node = port.Text("node");
        if (node is not null && port.Place("node") is { } place)
            CheckNode(port, "node", node, place);
        return new PortPlacement { Node = node, Nodes = port.Has("nodes") ? ReadNodes(port) : [] };
    }

    private static ValueList<string> ReadNodes(FleetSection port)
    {
        switch (port.Word("nodes"))
        {
            case Any:
                return [];
            case { } word:
                port.ReportValue("nodes", $"must be any, or a list of nodes such as [centre-1, centre-2], not '{word}'.");
                return [];
        }

        if (port.Words("nodes") is not { } words)
            return [];
        if (words.Count == 0)
            port.ReportValue("nodes", "must name at least one node; write any if all nodes may own the port.");
        var nodes = new List<string>();
        foreach (var word in words)
        {
            CheckNode(port, "nodes", word.Text, word.Position);
            if (nodes.Contains(word.Text))
                port.Report("nodes", word.Position, $"names the node '{word.Text}' twice.");
            nodes.Add(word.Text);
        }

        return [.. nodes];
    }

    private static void CheckNode(FleetSection section, string key, string id, HoconPosition position)
    {
        if (!FleetSection.IsId(id) || id == Any)
            section.Report(
                key, position,
                $"a node is named by 1 to 64 letters (without accents), digits, '-' and '_', and not by the word {Any}; "
                + $"'{id}' is no such name.");
    }

    private static bool IsAddress(Uri url) =>
        url.Scheme is "http" or "https" && url is { UserInfo: "", PathAndQuery: "/", Fragment: "", Host.Length: > 0 };

    private static SecretText? ReadKey(FleetSection section)
    {
        if (section.Text("key") is not { } key)
            return null;
        if (key.Length is < ShortestKey or > LongestKey || !key.All(letter => letter is > ' ' and <= '~'))
            section.ReportValue(
                "key", $"must be {ShortestKey} to {LongestKey} letters, digits and signs without spaces; openssl rand -hex 32 makes one.");
        else if (key.All(letter => letter == key[0]))
            section.ReportValue("key", "is one character again and again, which anybody can guess; openssl rand -hex 32 makes a key.");
        return new SecretText(key);
    }

    /// <summary>The full path of a file that must exist.</summary>
    private static string? ReadFile(FleetSection section, string key, HoconOptions options)
    {
        if (section.Text(key) is not { } name || section.Place(key) is not { } place)
            return null;
        var file = Path.Combine(Path.GetDirectoryName(place.File) ?? "", name);
        if (FleetReader.ReadText(file, options, out var reason) is null)
            section.ReportValue(key, $"the file '{file}' {reason}; the path is relative to the folder of the file that names it.");
        return Path.GetFullPath(file);
    }
}
