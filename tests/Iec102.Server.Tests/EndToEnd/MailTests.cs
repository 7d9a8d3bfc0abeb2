using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Iec102.Fleet;
using Iec102.Server.Alarms;
using Iec102.Server.Tests.Alarms;
using Iec102.Testing;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>Mails, by a mail server as there are in the world.</summary>
public sealed class MailTests : IDisposable
{
    /// <summary>Longer than the minute in which news are gathered, and the pauses between two attempts.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-mail-");
    private readonly Site _site = new();
    private readonly int _port = Site.FreePort();

    public MailTests() => RealMailServer.Certify(_folder);

    public void Dispose()
    {
        _site.Dispose();
        _folder.Delete(recursive: true);
    }

    [MailFact]
    public async Task What_a_mail_server_that_was_away_has_not_taken_it_gets_once_over_TLS_from_who_signs_in()
    {
        await File.WriteAllTextAsync(
            _site.Fleet,
            $$"""
            iec102 {
              ports.north.tcp = "127.0.0.1:{{Site.FreePort()}}"
              meters.m-1 { port = north, password = 1, link-address = 1 }
              alarms { delay = 1s, email {
                host = localhost, port = {{_port}}, security = starttls
                user = {{RealMailServer.User}}, password = "{{RealMailServer.Password}}"
                from = "iec102@example.com", to = ["ana@example.com"] } }
            }
            """);
        await using var server = await ServerProcess.AnsweringAsync(ServerProcess.Start(
            _site.Fleet, _site.Data,
            new Dictionary<string, string> { ["SSL_CERT_FILE"] = RealMailServer.CertificateIn(_folder) }));
        await Site.UntilAsync(
            () => Task.FromResult(server.Output.Contains($"mail server localhost:{_port}: ", StringComparison.Ordinal)), Patience,
            () => server.Output);

        using var mails = await RealMailServer.StartAsync(_port, _folder);
        await Site.UntilAsync(() => Task.FromResult(!mails.Mails.IsEmpty), Patience, () => server.Output);
        using var answer = await server.Client.PostAsJsonAsync("/api/alarms/test", new { });
        (await answer.Content.ReadAsStringAsync()).ShouldContain("\"error\":null");

        mails.Mails.Select(mail => SubjectOf(mail)).ShouldBe(
            ["[iec102] Alarms, 1 raised: port north: the line is down", SubjectOf(mails.Mails.Last())], server.Output);
        mails.Mails.ShouldAllBe(mail => (bool)mail["tls"]! && (bool)mail["signed_in"]! && (string)mail["to"]![0]! == "ana@example.com");
    }

    [MailFact]
    public async Task A_mail_server_whose_certificate_is_not_trusted_is_told_nothing()
    {
        using var mails = await RealMailServer.StartAsync(_port, _folder);
        var email = Example.Email(_port, MailSecurity.StartTls) with
        {
            Host = "localhost",
            User = RealMailServer.User,
            Password = new SecretText(RealMailServer.Password),
        };

        var failure = await Should.ThrowAsync<NoticeException>(
            () => new Mail().TestAsync(Example.Fleet(new AlarmsConfiguration { Email = email }), default));

        failure.Message.ShouldBe(
            $"mail server localhost:{_port}: the connection cannot be encrypted, or its certificate is not trusted.");
        mails.Mails.ShouldBeEmpty();
    }

    private static string SubjectOf(JsonNode mail) =>
        ((string)mail["data"]!).Split('\n').First(line => line.StartsWith("Subject: ", StringComparison.Ordinal))[9..].TrimEnd();
}
