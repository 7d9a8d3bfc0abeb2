using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Iec102.Fleet;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Iec102.Server.Hosting;

/// <summary>The certificate with which the API answers at https addresses.</summary>
internal static class ApiCertificate
{
    /// <summary>Why the API cannot listen at these addresses, or the node cannot call others; null when it can.</summary>
    public static string? Refuse(IEnumerable<string> urls, NodeConfiguration? node)
    {
        try
        {
            if (node?.CertificateAuthority is { } authority && Read(authority).Count == 0)
                return $"certificate-authority = {authority} holds no certificate.";
            if (node is { Certificate: not null, CertificateKey: not null })
                Load(node).Dispose();
            else if (urls.FirstOrDefault(url => url.StartsWith("https:", StringComparison.OrdinalIgnoreCase)) is { } secure)
                return $"{secure} needs a certificate: write certificate and certificate-key into iec102.node.";
            return null;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return $"a certificate of iec102.node, or its key, cannot be read: {e.Message}";
        }
    }

    /// <summary>Has the web server use the certificate, if there is one.</summary>
    public static void Use(IWebHostBuilder server, NodeConfiguration node)
    {
        if (node is not { Certificate: { } file, CertificateKey: not null })
            return;
        server.UseKestrelHttpsConfiguration();
        // The file may hold those between the authority and the server's own behind it.
        var (own, chain) = (Load(node), Read(file));
        server.ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureHttpsDefaults(https => (https.ServerCertificate, https.ServerCertificateChain) = (own, chain));
            // Places are counted by connections, each of which answers one call at a time.
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
    }

    private static X509Certificate2 Load(NodeConfiguration node) =>
        X509Certificate2.CreateFromPemFile(node.Certificate!, node.CertificateKey);

    private static X509Certificate2Collection Read(string file)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(file);
        return certificates;
    }
}
