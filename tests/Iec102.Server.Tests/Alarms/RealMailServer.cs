using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Iec102.Server.Tests.Alarms;

/// <summary>
/// A mail server that others wrote, aiosmtpd: it takes mails only over TLS (STARTTLS) and from who has signed in. It ends with the process
/// that started it, however that ends.
/// </summary>
internal sealed class RealMailServer : IDisposable
{
    public const string User = "iec102";
    public const string Password = "the-password-of-the-mailbox";

    private const string Python = "/usr/bin/python3";

    private const string Program =
        """
        import json, ssl, sys
        from aiosmtpd.controller import Controller
        from aiosmtpd.smtp import AuthResult

        port, user, password, certificate, key = sys.argv[1:]

        class Handler:
            async def handle_DATA(self, server, session, envelope):
                print(json.dumps({"to": envelope.rcpt_tos, "tls": session.ssl is not None,
                                  "signed_in": session.authenticated, "data": envelope.content.decode()}), flush=True)
                return "250 taken"

        def sign_in(server, session, envelope, mechanism, given):
            return AuthResult(success=(given.login, given.password) == (user.encode(), password.encode()), handled=False)

        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate, key)
        controller = Controller(Handler(), hostname="127.0.0.1", port=int(port), tls_context=tls, require_starttls=True,
                                authenticator=sign_in, auth_required=True)
        controller.start()
        print("ready", flush=True)
        sys.stdin.read()
        controller.stop()
        """;

    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RealMailServer(int port, DirectoryInfo folder)
    {
        string[] arguments =
            ["-c", Program, port.ToString(CultureInfo.InvariantCulture), User, Password, CertificateIn(folder), KeyIn(folder)];
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(Python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true },
        };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data == "ready")
                _ready.TrySetResult();
            else if (line.Data is { } mail)
                Mails.Enqueue(JsonNode.Parse(mail)!);
        };
        _process.Start();
        _process.BeginOutputReadLine();
    }

    /// <summary>Why there is no such server on this machine; null when there is.</summary>
    public static string? Missing => Directory.Exists("/usr/lib/python3/dist-packages/aiosmtpd")
        ? null
        : "aiosmtpd is not installed: apt-get install python3-aiosmtpd.";

    /// <summary>The mails that it took.</summary>
    public ConcurrentQueue<JsonNode> Mails { get; } = [];

    /// <summary>The file with the certificate for localhost, which has signed itself.</summary>
    public static string CertificateIn(DirectoryInfo folder) => Path.Combine(folder.FullName, "mail.pem");

    /// <summary>Makes a certificate for localhost.</summary>
    public static void Certify(DirectoryInfo folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(CertificateIn(folder), certificate.ExportCertificatePem());
        File.WriteAllText(KeyIn(folder), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Starts it at a port of loopback, with the certificate that is in a folder.</summary>
    public static async Task<RealMailServer> StartAsync(int port, DirectoryInfo folder)
    {
        var server = new RealMailServer(port, folder);
        await server._ready.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return server;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string KeyIn(DirectoryInfo folder) => Path.Combine(folder.FullName, "mail-key.pem");
}

/// <summary>A test that needs a mail server; where there is none it is skipped, and says why.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MailFactAttribute : FactAttribute
{
    public MailFactAttribute() => Skip = RealMailServer.Missing;
}
