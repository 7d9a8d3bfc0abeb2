using NodaTime;

namespace Iec102.Fleet.Tests;

/// <summary>What a fleet file says about alarms.</summary>
public class AlarmsReaderTests
{
    private const string Webhook = "url = \"https://monitor.example/iec102?key=1\", secret = \"0123456789abcdef\"";
    private const string Email = "host = mail.example, from = \"iec102@example.com\", to = [\"duty@example.com\"]";

    [Fact]
    public void Without_the_section_a_problem_is_an_alarm_after_a_minute_and_nobody_is_told() =>
        FleetText.Fleet("").Alarms.ShouldBe(new AlarmsConfiguration { Delay = TimeSpan.FromMinutes(1) });

    [Fact]
    public void Everything_can_be_written()
    {
        var alarms = FleetText.Fleet(
            $$"""
            alarms {
              delay = 5m, language = es, webhook { {{Webhook}} }
              email { {{Email}}, security = tls, user = u, password = sesame }
              morning-sheet { at = "06:30", month-curves = true }
            }
            """).Alarms;

        (alarms.Delay, alarms.Language).ShouldBe((TimeSpan.FromMinutes(5), NoticeLanguage.Spanish));
        alarms.Webhook.ShouldBe(
            new WebhookConfiguration(new Uri("https://monitor.example/iec102?key=1"), new SecretText("0123456789abcdef")));
        alarms.Email.ShouldBe(new EmailConfiguration
        {
            Host = "mail.example",
            Port = 465,
            Security = MailSecurity.Tls,
            User = "u",
            Password = new SecretText("sesame"),
            From = "iec102@example.com",
            To = ["duty@example.com"],
        });
        alarms.MorningSheet.ShouldBe(new MorningSheetConfiguration(new LocalTime(6, 30), MonthCurves: true));
        $"{alarms}".ShouldNotContain("sesame");
    }

    [Fact]
    public void Mail_goes_over_to_TLS_unless_something_else_is_written()
    {
        var email = FleetText.Fleet($"alarms.email {{ {Email} }}").Alarms.Email!;
        (email.Port, email.Security, email.User).ShouldBe((587, MailSecurity.StartTls, null));
        FleetText.Fleet($"alarms {{ email {{ {Email} }}, morning-sheet {{ }} }}").Alarms.MorningSheet
            .ShouldBe(new MorningSheetConfiguration(new LocalTime(7, 0), MonthCurves: false));
    }

    [Theory]
    [InlineData("alarms.delay = 2h", "iec102.alarms.delay: must be a duration from 0s to 1h")]
    [InlineData("alarms.language = fr", "iec102.alarms.language: must be en or es, not 'fr'.")]
    [InlineData("alarms.webhok { }", "iec102.alarms.webhok: this key is unknown; the nearest known one is 'webhook'.")]
    [InlineData("alarms.webhook { secret = \"0123456789abcdef\" }", "iec102.alarms.webhook.url: is missing")]
    [InlineData("alarms.webhook { url = \"https://m.example\" }", "iec102.alarms.webhook.secret: is missing")]
    [InlineData("alarms.webhook { url = \"https://m.example\", secret = short }", "iec102.alarms.webhook.secret: must have 16 to 256")]
    [InlineData(
        "alarms.webhook { url = \"ftp://m.example\", secret = \"0123456789abcdef\" }",
        "iec102.alarms.webhook.url: must begin with https://")]
    [InlineData($"alarms.email {{ {Email}, port = 0 }}", "iec102.alarms.email.port: must be a whole number from 1 to 65535")]
    [InlineData($"alarms.email {{ {Email}, user = u }}", "iec102.alarms.email.password: is missing: user and password")]
    [InlineData(
        $"alarms.email {{ {Email}, security = none, user = u, password = p }}", "iec102.alarms.email.security: must be starttls or tls")]
    [InlineData("alarms.email { host = m, from = \"a@m\", to = [] }", "iec102.alarms.email.to: must name 1 to 50 addresses.")]
    [InlineData("alarms.email { host = m, from = \"a@m\", to = [\"nobody\"] }", "iec102.alarms.email.to: must hold mail addresses")]
    [InlineData("alarms.email { host = \"m/x\", from = \"a@m\", to = [\"b@m\"] }", "iec102.alarms.email.host: must be a name")]
    [InlineData("alarms.email { host = m, from = \"A <a@m>\", to = [\"b@m\"] }", "iec102.alarms.email.from: must be a mail address")]
    [InlineData($"alarms {{ email {{ {Email} }}, morning-sheet.at = \"7 am\" }}", "iec102.alarms.morning-sheet.at: must be a time of day")]
    [InlineData("alarms.morning-sheet { }", "iec102.alarms.email: is missing: the morning sheet is a mail")]
    public void What_is_wrong_is_said_in_one_sentence(string written, string problem)
    {
        var only = FleetText.Read(written).Problems.ShouldHaveSingleItem().ToString();
        only.ShouldContain(problem);
        only.ShouldNotContain("0123456789abcdef");
    }
}
