using Iec102.Acquisition.Alarms;
using Iec102.Fleet;
using Iec102.Server.Alarms;
using NodaTime;

namespace Iec102.Server.Tests.Alarms;

/// <summary>Mails, against a real mail server.</summary>
public sealed class MailTests : IDisposable
{
    private readonly MailServer _server = new();
    private readonly Mail _mail = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task The_news_of_a_minute_are_one_mail_to_everybody()
    {
        var fleet = Example.Fleet(new AlarmsConfiguration { Email = Example.Email(_server.Port) });
        await _mail.SendAsync([Example.Raised(1), Example.PortDown(), Example.Change(AlarmChangeKind.Cleared, 2)], fleet, default);

        var mail = _server.Mails.ShouldHaveSingleItem();
        mail.To.ShouldBe(["ana@example.com", "luis@example.com"]);
        mail.Data.ShouldContain("Subject: [iec102] Alarms, 2 raised, 1 cleared\n");
        mail.Data.ShouldContain("Auto-Submitted: auto-generated\n");
        mail.Data.ShouldContain("MEDIUM  meter m-1 (Pump house, North): wrong password\n  Since 2026-03-02 11:00\n");
        mail.Data.ShouldContain("\n  Correct password.\n");
        mail.Data.ShouldContain("m-20 and 5 more\n");
        mail.Data.IndexOf("HIGH  port north", StringComparison.Ordinal)
            .ShouldBeLessThan(mail.Data.IndexOf("MEDIUM", StringComparison.Ordinal));
        mail.Data.ShouldContain("CLEARED  meter m-2: wrong password\n");
    }

    [Fact]
    public async Task A_connection_that_cannot_go_over_to_TLS_is_not_used()
    {
        var fleet = Example.Fleet(new AlarmsConfiguration { Email = Example.Email(_server.Port, MailSecurity.StartTls) });
        var failure = await Should.ThrowAsync<NoticeException>(() => _mail.TestAsync(fleet, default));
        failure.IsFinal.ShouldBeFalse();
        _server.Said.ShouldNotContain(line => line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("550 no such user", true)]
    [InlineData("451 try later", false)]
    public async Task A_mail_that_the_server_refuses_for_good_is_not_sent_again(string answer, bool isFinal)
    {
        _server.Recipient = answer;
        var fleet = Example.Fleet(new AlarmsConfiguration { Email = Example.Email(_server.Port) });
        var failure = await Should.ThrowAsync<NoticeException>(() => _mail.TestAsync(fleet, default));
        (failure.IsFinal, failure.Message).ShouldBe((isFinal, $"mail server 127.0.0.1:{_server.Port}: {answer[..3]} {answer[4..]}."));
    }

    [Fact]
    public void In_Spanish_everything_is_Spanish()
    {
        var fleet = Example.Fleet(new AlarmsConfiguration { Language = NoticeLanguage.Spanish });
        var text = MailText.Of([Example.Raised(1)], fleet);
        text.Subject.ShouldBe("[iec102] Alarmas, 1 activas: contador m-1 (Pump house, North): clave rechazada");
        text.Body.ShouldContain("  El contador rechaza el inicio de sesión (no da ningún motivo): revise la clave y el punto de medida.\n");
        text.Body.ShouldContain("  Corrija password.\n");
        MailText.Morning(new LocalDate(2026, 3, 2), [Example.PortDown().Alarm], (28, 30), fleet, attached: false).Subject
            .ShouldBe("[iec102] 2026-03-02: ayer 28 de 30 completos, alarmas abiertas: 1");
    }
}
