using System.Net;
using System.Net.Sockets;
using Iec102.Server.Tests.Hosting;
using Iec102.Storage.Databases;

namespace Iec102.Server.Tests.Commands;

public sealed class ServeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-serve-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_API_port_in_use_is_one_sentence_before_any_line_is_opened()
    {
        using var line = new TcpListener(IPAddress.Loopback, 0);
        line.Start();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var (fleet, port) = (Path.Combine(_folder.FullName, "fleet.conf"), ((IPEndPoint)other.LocalEndpoint).Port);
        await File.WriteAllTextAsync(
            fleet,
            $$"""
            iec102 { ports.p.tcp = "127.0.0.1:{{((IPEndPoint)line.LocalEndpoint).Port}}"
                     meters.m { port = p, link-address = 1, password = 1 } }
            """);

        var result = await Cli.RunAsync(
            ["serve", "--fleet", fleet, "--data", Path.Combine(_folder.FullName, "data"), "--urls", $"{port}"]);

        result.Sentence.ShouldBe(
            $"The API cannot listen at http://127.0.0.1:{port}: another program uses port {port}. Choose another address with --urls.");
        result.Status.ShouldBe(1);
        line.Pending().ShouldBeFalse();
    }

    [Theory]
    [InlineData("", "--urls: https://127.0.0.1:0 needs a certificate: write certificate and certificate-key into iec102.node.")]
    [InlineData(
        "certificate = node.pem, certificate-key = node.pem", "--urls: a certificate of iec102.node, or its key, cannot be read: ")]
    [InlineData("certificate-authority = node.pem", "--urls: certificate-authority = ")]
    public async Task A_certificate_that_is_missing_or_is_none_is_one_sentence(string settings, string sentence)
    {
        var fleet = Path.Combine(_folder.FullName, "fleet.conf");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "node.pem"), "not a certificate");
        await File.WriteAllTextAsync(
            fleet,
            $$"""
            iec102 { store.postgres = "Host=127.0.0.1;Database=d", cluster.key = "0123456789abcdef", ports {}
                     node { id = a, url = "https://a:8102", {{settings}} } }
            """);

        var result = await Cli.RunAsync(
            ["serve", "--fleet", fleet, "--data", Path.Combine(_folder.FullName, "data"), "--urls", "https://127.0.0.1:0"]);

        result.Sentence.ShouldStartWith(sentence);
        result.Status.ShouldBe(2);
    }

    [Theory]
    [InlineData("", true, "Nodes, or another server, use the database ", "give --node FILE, or stop them first.")]
    [InlineData(
        "iec102.node { id = a, url = \"http://127.0.0.1:8102\" }", false,
        "A server that is no node uses the database ", "give it --node FILE as well, or stop it.")]
    public async Task A_server_that_is_no_node_and_nodes_refuse_each_other_before_any_line_is_opened(
        string node, bool areNodes, string begin, string end)
    {
        using var line = new TcpListener(IPAddress.Loopback, 0);
        line.Start();
        var store = await TestStore.NewAsync();
        using var database = new PostgresDatabase(store.Postgres);
        using var running = new ServerPlace(database, areNodes, TimeProvider.System);
        running.Keep();
        var fleet = Path.Combine(_folder.FullName, "fleet.conf");
        await File.WriteAllTextAsync(
            fleet,
            $$"""
            iec102 { ports.p.tcp = "127.0.0.1:{{((IPEndPoint)line.LocalEndpoint).Port}}", store.postgres = "{{store.Postgres.Reveal()}}"
                     meters.m { port = p, link-address = 1, password = 1 } }
            {{node}}
            """);

        var result = await Cli.RunAsync(
            ["serve", "--fleet", fleet, "--data", Path.Combine(_folder.FullName, "data"), "--urls", "http://127.0.0.1:0"]);

        result.Sentence.ShouldStartWith(begin);
        result.Sentence.ShouldEndWith(end);
        result.Status.ShouldBe(1);
        line.Pending().ShouldBeFalse();
    }

    [Theory]
    [InlineData("node = a")]
    [InlineData("nodes = [b, a]")]
    public async Task A_fleet_with_ports_of_nodes_is_served_by_nodes_only(string placement)
    {
        var fleet = Path.Combine(_folder.FullName, "fleet.conf");
        await File.WriteAllTextAsync(
            fleet,
            $$"""
            iec102 { store.postgres = "Host=127.0.0.1;Database=d"
                     ports.p { tcp = "127.0.0.1:1", {{placement}} } }
            """);

        var result = await Cli.RunAsync(
            ["serve", "--fleet", fleet, "--data", Path.Combine(_folder.FullName, "data"), "--urls", "http://127.0.0.1:0"]);

        result.Sentence.ShouldMatch(
            @"fleet\.conf:2:\d+: iec102\.ports\.p\.nodes?: says that this fleet has nodes, and this server is none: "
            + @"start it with --node FILE\.\z");
        result.Status.ShouldBe(2);
        (await Cli.RunAsync($"check --fleet {fleet}")).Status.ShouldBe(0);
    }
}
