using System.Net.Sockets;
using Iec102.Acquisition.Alarms;
using Iec102.Fleet;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Iec102.Server.Alarms;

/// <summary>Sends mails: news of one minute together.</summary>
internal sealed class Mail : INoticeWay
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public string Name => "email";

    public TimeSpan Gather => Minute;

    public int MostAtOnce => 100;

    public string? To(AlarmsConfiguration alarms) => alarms.Email is { } email ? string.Join(", ", email.To) : null;

    public bool Wants(AlarmChange change) => change.IsNews;

    public Task SendAsync(IReadOnlyList<AlarmChange> changes, FleetConfiguration fleet, CancellationToken ct) =>
        SendAsync(fleet.Alarms.Email!, MailText.Of(changes, fleet), [], ct);

    public Task TestAsync(FleetConfiguration fleet, CancellationToken ct) =>
        SendAsync(fleet.Alarms.Email!, MailText.Test(fleet), [], ct);

    /// <summary>Sends a mail.</summary>
    /// <param name="email">By which server, from whom and to whom.</param>
    /// <param name="text">Its subject and its text.</param>
    /// <param name="attached">The files that are attached to it.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="NoticeException">The mail server did not take it.</exception>
    public static async Task SendAsync(
        EmailConfiguration email, MailText text, IReadOnlyList<(string Name, byte[] Content)> attached, CancellationToken ct)
    {
        using var message = new MimeMessage();
        message.From.Add(MailboxAddress.Parse(email.From));
        message.To.AddRange(email.To.Select(MailboxAddress.Parse));
        message.Subject = text.Subject;
        // So that no absence note answers it.
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        var body = new BodyBuilder { TextBody = text.Body };
        foreach (var (name, content) in attached)
            body.Attachments.Add(name, content);
        message.Body = body.ToMessageBody();
        try
        {
            // In a closed network nobody can be asked whether a certificate was revoked.
            using var client = new SmtpClient { CheckCertificateRevocation = false };
            await client.ConnectAsync(email.Host, email.Port, SecurityOf(email.Security), ct);
            if (email is { User: { } user, Password: { } password })
                await client.AuthenticateAsync(user, password.Reveal(), ct);
            await client.SendAsync(message, ct);
            await client.DisconnectAsync(quit: true, ct);
        }
        catch (SmtpCommandException e)
        {
            var isRefused = e.ErrorCode is SmtpErrorCode.MessageNotAccepted or SmtpErrorCode.RecipientNotAccepted
                or SmtpErrorCode.SenderNotAccepted && (int)e.StatusCode >= 500;
            throw Failed($"{(int)e.StatusCode} {e.Message}", isRefused);
        }
        catch (Exception e) when (e is SmtpProtocolException or AuthenticationException or SslHandshakeException or SocketException
            or IOException or NotSupportedException or InvalidOperationException)
        {
            throw Failed(e is SslHandshakeException ? "the connection cannot be encrypted, or its certificate is not trusted" : e.Message);
        }

        NoticeException Failed(string reason, bool isFinal = false) =>
            new($"mail server {email.Host}:{email.Port}: {string.Join(' ', reason.Split()).TrimEnd('.')}.", isFinal);
    }

    private static SecureSocketOptions SecurityOf(MailSecurity security) => security switch
    {
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        MailSecurity.StartTls => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.None,
    };
}
