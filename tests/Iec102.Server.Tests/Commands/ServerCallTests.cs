using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Iec102.Server.Tests.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Iec102.Server.Tests.Commands;

/// <summary>Commands that find a server, but the wrong kind of connection.</summary>
public sealed class ServerCallTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_certificate_that_nobody_trusts_and_http_to_an_https_port_say_what_to_do()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        await using var secure = builder.Build();
        await secure.StartAsync();
        var port = new Uri(secure.Urls.Single()).Port;

        var untrusted = (await Cli.RunAsync($"status --url https://127.0.0.1:{port}")).Sentence;
        untrusted.ShouldStartWith($"No secure connection to https://127.0.0.1:{port}/: The remote certificate is invalid");
        untrusted.ShouldContain("set SSL_CERT_FILE to the certificate of that authority (PEM)");
        untrusted.ShouldNotContain("inner exception");

        (await Cli.RunAsync($"status --url http://127.0.0.1:{port}")).Sentence.ShouldBe(
            $"The server at http://127.0.0.1:{port}/ ended the connection without an answer: if it speaks https, write https://.");
    }

    [Fact]
    public async Task Https_to_an_http_port_says_what_to_write() =>
        (await Cli.RunAsync($"status --url https://127.0.0.1:{new Uri(server.Url).Port}")).Sentence
            .ShouldEndWith("if the server does not speak https, write http://.");
}
