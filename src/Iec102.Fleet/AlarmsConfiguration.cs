using NodaTime;

namespace Iec102.Fleet;

/// <summary>When a problem becomes an alarm, and who is told.</summary>
public sealed record AlarmsConfiguration
{
    /// <summary>The port of a mail server that begins without TLS and asks for it.</summary>
    public const int StartTlsPort = 587;

    /// <summary>The port of a mail server that speaks TLS from the first octet on.</summary>
    public const int TlsPort = 465;

    /// <summary>How long a problem must stand before it is an alarm, and be gone before that is over.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The language of mails.</summary>
    public NoticeLanguage Language { get; init; }

    /// <summary>Where each change of an alarm is posted; null for nowhere.</summary>
    public WebhookConfiguration? Webhook { get; init; }

    /// <summary>Who gets mails; null for nobody.</summary>
    public EmailConfiguration? Email { get; init; }

    /// <summary>The mail of every morning; null for none.</summary>
    public MorningSheetConfiguration? MorningSheet { get; init; }
}

/// <summary>A language in which people are written to.</summary>
public enum NoticeLanguage
{
    /// <summary>English.</summary>
    English,

    /// <summary>Spanish.</summary>
    Spanish,
}

/// <summary>Where each change of an alarm is posted.</summary>
/// <param name="Url">The address, http or https.</param>
/// <param name="Secret">With it the receiver can check that this server has sent what it gets.</param>
public sealed record WebhookConfiguration(Uri Url, SecretText Secret);

/// <summary>How a connection to a mail server is kept from others.</summary>
public enum MailSecurity
{
    /// <summary>The connection begins without TLS and must go over to it.</summary>
    StartTls,

    /// <summary>TLS from the first octet on.</summary>
    Tls,

    /// <summary>None.</summary>
    None,
}

/// <summary>Who gets mails, and by which server.</summary>
public sealed record EmailConfiguration
{
    /// <summary>The mail server.</summary>
    public required string Host { get; init; }

    /// <summary>Its port.</summary>
    public int Port { get; init; } = AlarmsConfiguration.StartTlsPort;

    /// <summary>How the connection is kept from others.</summary>
    public MailSecurity Security { get; init; }

    /// <summary>The user at the server; null when it needs none.</summary>
    public string? User { get; init; }

    /// <summary>The user's password.</summary>
    public SecretText? Password { get; init; }

    /// <summary>The address that mails come from.</summary>
    public required string From { get; init; }

    /// <summary>The addresses that they go to.</summary>
    public required ValueList<string> To { get; init; }
}

/// <summary>The mail of every morning.</summary>
/// <param name="At">When, in the time zone of the fleet.</param>
/// <param name="MonthCurves">Whether the curves of the month are attached.</param>
public sealed record MorningSheetConfiguration(LocalTime At, bool MonthCurves);
