using System.Net;
using System.Net.Sockets;

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
}
