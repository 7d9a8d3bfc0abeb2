namespace Iec102.Fleet.Tests;

/// <summary>What a fleet file and a node's own file say about nodes.</summary>
public class NodeReaderTests
{
    private const string Store = "store.postgres = \"Host=db;Database=iec102\"\n";
    private const string Own = "id = n-1, url = \"http://localhost:8102\"";
    private const string NodeFile = "/etc/node.conf";

    [Fact]
    public void A_node_has_its_id_and_address_and_the_times_of_a_short_way_to_the_database()
    {
        var fleet = FleetText.Fleet($"{Store} node {{ {Own} }}");
        fleet.Node.ShouldBe(new NodeConfiguration("n-1", new Uri("http://localhost:8102")) { Ttl = TimeSpan.FromSeconds(6) });
        fleet.Cluster.ShouldBe(new ClusterConfiguration { Handback = TimeSpan.FromSeconds(60) });
    }

    [Fact]
    public void A_server_without_a_node_section_is_alone()
    {
        FleetText.Fleet(Store).Node.ShouldBeNull();
        FleetText.Fleet(FleetText.Ports).Ports.Select(port => port.Placement).ShouldBe([PortPlacement.Any, PortPlacement.Any]);
    }

    [Fact]
    public void A_node_may_stand_in_a_file_of_its_own_whose_paths_begin_there()
    {
        var reading = ReadBoth(
            Store, "iec102.node { id = n-1, url = \"http://localhost:8102\", certificate = own.pem, certificate-key = own.key }",
            ("/etc/own.pem", "-"), ("/etc/own.key", "-"));

        reading.Problems.ShouldBeEmpty();
        reading.Configuration!.Node!.Certificate.ShouldBe("/etc/own.pem");
        reading.Configuration.Node.CertificateKey.ShouldBe("/etc/own.key");
        reading.Files.ShouldBe([FleetText.File, NodeFile, "/etc/own.pem", "/etc/own.key"]);
    }

    [Theory]
    [InlineData(Store, "iec102.node { id = n-1, url = \"http://localhost\" }, iec102.ports { }", "1:53: iec102.ports: a node's own file")]
    [InlineData(
        Store, $"iec102 {{ store.postgres = x, node {{ {Own} }} }}", "iec102.store: a node's own file holds only iec102.node; everything")]
    [InlineData(Store, "node { id = n-1 }", "1:1: iec102.node: is missing: a node's own file holds iec102.node")]
    [InlineData(Store, "iec102.node { id = n-1, }}", "1:26: ")]
    [InlineData(Store, "iec102.node { id = n-1 }", "1:1: iec102.node.url: is missing: write the address")]
    [InlineData(
        $"{Store} node {{ {Own} }}", $"iec102.node {{ {Own} }}",
        "iec102.node: is also in the fleet file, at /etc/fleet.conf:3:7: leave it out")]
    public void What_is_wrong_with_a_nodes_own_file_is_reported_there(string fleet, string own, string problem)
    {
        var reading = ReadBoth(fleet, own);
        reading.Configuration.ShouldBeNull();
        reading.Problems.ShouldHaveSingleItem().ToString().ShouldSatisfyAllConditions(
            text => text.ShouldStartWith($"{NodeFile}:1:"), text => text.ShouldContain(problem));
    }

    [Theory]
    [InlineData("node = n-1", "n-1")]
    [InlineData("nodes = [n-1, n-2]", null, "n-1", "n-2")]
    [InlineData("nodes = any", null)]
    public void A_port_is_pinned_to_a_node_or_floats(string written, string? node, params string[] nodes) =>
        FleetText.Port($"tcp = \"h:1\", {written}").Placement.ShouldBe(new PortPlacement { Node = node, Nodes = [.. nodes] });

    [Theory]
    [InlineData("node = n-1, nodes = [n-2]", "nodes", "the port has both node and nodes")]
    [InlineData("node = \"a b\"", "node", "a node is named by 1 to 64 letters (without accents)")]
    [InlineData("node = any", "node", "not by the word any")]
    [InlineData("nodes = all", "nodes", "must be any, or a list of nodes such as [centre-1, centre-2], not 'all'.")]
    [InlineData("nodes = []", "nodes", "must name at least one node; write any")]
    [InlineData("nodes = [n-1, ñ]", "nodes", "'ñ' is no such name.")]
    [InlineData("nodes = [n-1, any]", "nodes", "not by the word any")]
    [InlineData("nodes = [n-1, n-2, n-1]", "nodes", "names the node 'n-1' twice.")]
    [InlineData("nodes { }", "nodes", "must be a list in brackets")]
    public void A_wrong_placement_is_explained(string written, string key, string sentence)
    {
        var problem = FleetText.PortProblem($"tcp = \"h:1\", {written}");
        problem.Key.ShouldBe($"iec102.ports.p.{key}");
        problem.Sentence.ShouldContain(sentence);
    }

    [Theory]
    [InlineData("ports.other { tcp = \"h:1\", node = n-1 }", "iec102.ports.p.node", "is missing: where there are nodes, a serial port")]
    [InlineData("ports.other { tcp = \"h:1\", nodes = any }", "iec102.ports.p.node", "is missing: where there are nodes")]
    [InlineData($"{Store} node {{ {Own} }}", "iec102.ports.p.node", "is missing: where there are nodes")]
    [InlineData("ports.p.nodes = [n-1]", "iec102.ports.p.nodes", "only TCP ports can float: where there are nodes, a serial port needs")]
    public void Where_there_are_nodes_a_serial_port_must_be_pinned(string more, string key, string sentence)
    {
        const string Serial = "ports.p { serial { device = \"/dev/ttyS0\", line = 9600-8E1 } }\n";
        var problem = FleetText.Problem(Serial + more);
        problem.Key.ShouldBe(key);
        problem.Sentence.ShouldContain(sentence);

        var pinned = $"{Serial} ports.p.node = n-1\n{more.Replace("ports.p.nodes = [n-1]", "")}";
        FleetText.Fleet(pinned).Ports[0].Placement.Node.ShouldBe("n-1");
        FleetText.Fleet(Serial + Store).Ports[0].Placement.ShouldBe(PortPlacement.Any, "a server that is alone has no nodes");
    }

    [Theory]
    [InlineData("url = \"http://localhost\"", "id", "is missing: write the name of this node")]
    [InlineData("id = \"\", url = \"http://localhost\"", "id", "a node is named by")]
    [InlineData("id = any, url = \"http://localhost\"", "id", "not by the word any")]
    [InlineData("id = n-1", "url", "is missing: write the address at which the other nodes reach the API")]
    [InlineData("id = n-1, url = n-1", "url", "must be http:// or https://, a host and a port")]
    [InlineData("id = n-1, url = \"ftp://n-1\"", "url", "must be http:// or https://, a host and a port")]
    [InlineData("id = n-1, url = \"http://localhost/api\"", "url", "must be http:// or https://, a host and a port")]
    [InlineData("id = n-1, url = \"/api\"", "url", "must be http:// or https://, a host and a port")]
    [InlineData("id = n-1, url = \"http://192.0.2.1:8102\"", "url", "would cross the network in the clear: use https")]
    [InlineData("id = n-1, url = \"https://192.0.2.1:8102\"", "url", "write iec102.cluster.key, the same on every node")]
    [InlineData($"{Own}, ttl = 1s", "ttl", "must be a duration from 2s to 300s, such as 15s or 2m, not '1s'.")]
    [InlineData($"{Own}, ttl = 6m", "ttl", "must be a duration from 2s to 300s")]
    [InlineData($"{Own}, certificate-authority = no.pem", "certificate-authority", "the file '/etc/no.pem' does not exist; the path")]
    [InlineData($"{Own}, certificate = fleet.conf", "certificate-key", "is missing: a certificate and its key are given together")]
    [InlineData($"{Own}, certificate-key = fleet.conf", "certificate", "is missing: a certificate and its key are given together")]
    [InlineData($"{Own}, tll = 6s", "tll", "the nearest known one is 'ttl'.")]
    public void A_wrong_node_is_explained(string node, string key, string sentence)
    {
        var problem = FleetText.Problem($"{Store} node {{ {node} }}", new() { [FleetText.File] = "-" });
        problem.Key.ShouldBe($"iec102.node.{key}");
        problem.Sentence.ShouldContain(sentence);
    }

    [Fact]
    public void The_address_of_a_node_is_never_repeated_since_it_may_hold_a_password() =>
        FleetText.Problem($"{Store} node {{ id = n-1, url = \"https://me:secret@n-1\" }}").ToString().ShouldNotContain("secret");

    [Fact]
    public void A_node_needs_the_shared_database() =>
        FleetText.Problem($"node {{ {Own} }}").Sentence.ShouldStartWith("a node needs iec102.store { postgres");

    [Theory]
    [InlineData("https", "cluster.key = \"0123456789abcdef\"")]
    [InlineData("http", "api.allow-anonymous = true")]
    [InlineData("https", "api.allow-anonymous = true")]
    public void A_node_on_another_computer_is_let_in_by_a_key_over_https_or_lets_everybody_in(string scheme, string more) =>
        FleetText.Fleet($"{Store} node {{ id = n-1, url = \"{scheme}://192.0.2.1:8102\" }}\n{more}").Node!.Url.Scheme.ShouldBe(scheme);

    [Theory]
    [InlineData("handback = 999ms", "handback", "must be a duration from 1s to 1d")]
    [InlineData("key = secret", "key", "must be 16 to 256 letters, digits and signs without spaces")]
    [InlineData("key = \"sixteen letters secret\"", "key", "without spaces")]
    [InlineData("key = 0000000000000000000000000000000000000000000000000000000000000000", "key", "is one character again and again")]
    [InlineData("hand-back = 1s", "hand-back", "the nearest known one is 'handback'.")]
    public void A_wrong_rule_for_the_nodes_is_explained(string cluster, string key, string sentence)
    {
        var problem = FleetText.Problem($"cluster {{ {cluster} }}");
        problem.Key.ShouldBe($"iec102.cluster.{key}");
        problem.Sentence.ShouldContain(sentence);
        problem.Sentence.ShouldNotContain("secret");
    }

    private static FleetReading ReadBoth(string fleet, string own, params (string Path, string Text)[] more)
    {
        var files = more.ToDictionary(file => file.Path, file => file.Text);
        files[FleetText.File] = $"iec102 {{\n{fleet}\n}}";
        files[NodeFile] = own;
        return FleetReader.ReadFile(FleetText.File, FleetText.Options(files), NodeFile);
    }
}
