using System.Net.Mail;
using NodaTime;

namespace Iec102.Fleet;

/// <summary>Reads the section <c>alarms</c>.</summary>
internal static class AlarmsReader
{
    private const int ShortestSecret = 16;
    private const int LongestText = 256;
    private const int LongestUrl = 2000;
    private const int MostReceivers = 50;

    public static AlarmsConfiguration Read(FleetSection section)
    {
        var defaults = new AlarmsConfiguration();
        var alarms = new AlarmsConfiguration
        {
            Delay = section.Duration("delay", TimeSpan.Zero, TimeSpan.FromHours(1)) ?? defaults.Delay,
            Language = section.Choice("language", defaults.Language, ("en", NoticeLanguage.English), ("es", NoticeLanguage.Spanish)),
            Webhook = section.Has("webhook") ? ReadWebhook(section.Section("webhook")) : null,
            Email = section.Has("email") ? ReadEmail(section.Section("email")) : null,
            MorningSheet = section.Has("morning-sheet") ? ReadMorningSheet(section.Section("morning-sheet")) : null,
        };
        if (section.Has("morning-sheet") && !section.Has("email"))
            section.ReportMissing("email", "is missing: the morning sheet is a mail; write iec102.alarms.email { host, from, to }.");
        section.RejectUnknown();
        return alarms;
    }

    private static WebhookConfiguration? ReadWebhook(FleetSection section)
    {
        if (!section.Has("url"))
            section.ReportMissing("url", "is missing: write where alarms are posted, such as \"https://monitor.example/iec102\".");
        if (!section.Has("secret"))
            section.ReportMissing(
                "secret", "is missing: with it the receiver checks who has sent an alarm; openssl rand -hex 32 makes one.");
        var (url, secret) = (section.Text("url"), section.Text("secret"));
        // The text is not repeated: it may hold a password.
        if (!Uri.TryCreate(url ?? "http://localhost", UriKind.Absolute, out var address) || url?.Length > LongestUrl
            || address is not { Scheme: "http" or "https", UserInfo: "" })
        {
            section.ReportValue(
                "url", $"must begin with https:// or http://, name no user, and have at most {LongestUrl} characters.");
        }

        if (secret is not null && secret.Length is < ShortestSecret or > LongestText)
            section.ReportValue("secret", $"must have {ShortestSecret} to {LongestText} characters; openssl rand -hex 32 makes one.");
        section.RejectUnknown();
        return url is null || secret is null || address is null ? null : new WebhookConfiguration(address, new SecretText(secret));
    }

    private static EmailConfiguration? ReadEmail(FleetSection section)
    {
        foreach (var (key, sentence) in ((string, string)[])
        [
            ("host", "is missing: write the name of the mail server."),
            ("from", "is missing: write the address that mails come from, such as \"iec102@example.com\"."),
            ("to", "is missing: write the addresses that mails go to, such as [\"duty@example.com\"]."),
        ])
        {
            if (!section.Has(key))
                section.ReportMissing(key, sentence);
        }

        var security = section.Choice(
            "security", MailSecurity.StartTls, ("starttls", MailSecurity.StartTls), ("tls", MailSecurity.Tls), ("none", MailSecurity.None));
        var (host, user, password, from) = (section.Text("host"), section.Text("user"), section.Text("password"), section.Text("from"));
        if (host is { Length: 0 or > LongestText } || host?.Any(letter => letter is <= ' ' or '/' or '@') == true)
            section.ReportValue("host", "must be a name or an address, such as mail.example.com, and no more.");
        if (from is not null && !IsMailAddress(from))
            section.ReportValue("from", $"must be a mail address, such as iec102@example.com, not '{from}'.");
        foreach (var (key, other) in (ReadOnlySpan<(string, string)>)[("user", "password"), ("password", "user")])
        {
            if (section.Has(key) && !section.Has(other))
                section.ReportMissing(other, $"is missing: user and password are given together, and {key} is given.");
        }

        if (user is not null && security == MailSecurity.None)
            section.ReportValue("security", "must be starttls or tls where there is a password, which others could read otherwise.");
        var email = new EmailConfiguration
        {
            Host = host ?? "",
            Port = (int?)section.Number("port", 1, 65535)
                ?? (security == MailSecurity.Tls ? AlarmsConfiguration.TlsPort : AlarmsConfiguration.StartTlsPort),
            Security = security,
            User = user,
            Password = password is null ? null : new SecretText(password),
            From = from ?? "",
            To = ReadReceivers(section),
        };
        section.RejectUnknown();
        return email;
    }

    private static ValueList<string> ReadReceivers(FleetSection section)
    {
        if (section.Words("to") is not { } words)
            return [];
        if (words.Count is 0 or > MostReceivers)
            section.ReportValue("to", $"must name 1 to {MostReceivers} addresses.");
        foreach (var word in words.Where(word => !IsMailAddress(word.Text)))
            section.Report("to", word.Position, $"must hold mail addresses, such as duty@example.com, not '{word.Text}'.");
        return [.. words.Select(word => word.Text)];
    }

    private static MorningSheetConfiguration ReadMorningSheet(FleetSection section)
    {
        var sheet = new MorningSheetConfiguration(section.TimeOfDay("at") ?? new LocalTime(7, 0), section.Flag("month-curves") ?? false);
        section.RejectUnknown();
        return sheet;
    }

    private static bool IsMailAddress(string text) =>
        text.Length <= LongestText && MailAddress.TryCreate(text, out var address) && address.Address == text;
}
