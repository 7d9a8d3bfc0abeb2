using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Iec102.Fleet;
using Iec102.Server.Api;

namespace Iec102.Server.Tests.Api;

/// <summary>Who may have a call passed on, and which nodes trust each other.</summary>
public sealed class NodeKeyTests
{
    private const string Retry = "/api/meters/sim-2/retry";

    [Fact]
    public async Task A_call_is_passed_on_with_the_rights_of_the_caller_and_only_the_key_of_the_nodes_gives_them()
    {
        await using var nodes = await NodePair.StartAsync(fleet => fleet with
        {
            Api = new ApiConfiguration
            {
                Keys = [Key("reader", ApiRole.Read, NodePair.ReadKey), Key("operator", ApiRole.Operate, NodePair.OperateKey)],
            },
        });
        using var client = new HttpClient();
        var (a, b) = (new Uri(nodes.A.Url), new Uri(nodes.B.Url));

        (await StatusAsync(a, Retry, bearer: NodePair.OperateKey)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(a, Retry, bearer: NodePair.ReadKey)).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(a, Retry)).ShouldBe(HttpStatusCode.Unauthorized);
        (await GetAsync(a, "/api/meters/sim-2/profiles/hourly/coverage", NodePair.ReadKey)).ShouldBe(HttpStatusCode.OK);

        (await StatusAsync(b, Retry, node: NodePair.ClusterKey, role: "operate")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(b, Retry, node: NodePair.ClusterKey, role: "read")).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(b, Retry, node: NodePair.ClusterKey, role: "everything")).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(b, Retry, node: NodePair.ClusterKey)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(b, Retry, node: "another key", role: "operate")).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(b, Retry, NodePair.OperateKey, "another key", "operate")).ShouldBe(HttpStatusCode.Unauthorized);
        // What was passed on is not passed on again.
        (await StatusAsync(a, Retry, node: NodePair.ClusterKey, role: "operate", from: "c")).ShouldBe(HttpStatusCode.ServiceUnavailable);

        async Task<HttpStatusCode> GetAsync(Uri server, string path, string bearer)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server, path));
            request.Headers.Authorization = new("Bearer", bearer);
            using var response = await client.SendAsync(request);
            return response.StatusCode;
        }

        async Task<HttpStatusCode> StatusAsync(
            Uri server, string path, string? bearer = null, string? node = null, string? role = null, string? from = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, path)) { Content = JsonContent.Create(new { }) };
            if (bearer is not null)
                request.Headers.Authorization = new("Bearer", bearer);
            (string, string?)[] headers = [(NodeKey.Key, node), (NodeKey.Role, role), (NodeKey.From, from)];
            foreach (var (name, value) in headers)
            {
                if (value is not null)
                    request.Headers.Add(name, value);
            }

            using var response = await client.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Nodes_call_one_another_over_TLS_and_trust_only_their_own_authority_and_the_right_name()
    {
        var folder = Directory.CreateTempSubdirectory("iec102-tls-");
        using var authority = Authority("The fleet's own");
        using var stranger = Authority("Somebody else");
        var ca = Write(folder, "ca.pem", authority.ExportCertificatePem());
        string[] good = [.. Issue(folder, "good", authority, "localhost")];
        string[] misnamed = [.. Issue(folder, "misnamed", authority, "somewhere.example")];
        string[] strange = [.. Issue(folder, "strange", stranger, "localhost")];

        (await CallBAsync(good)).ShouldBe(HttpStatusCode.OK);
        (await CallBAsync(misnamed)).ShouldBe(HttpStatusCode.GatewayTimeout);
        (await CallBAsync(strange)).ShouldBe(HttpStatusCode.GatewayTimeout);
        folder.Delete(recursive: true);

        // Node b shows this certificate; node a, over its own good one, passes a call on to it.
        async Task<HttpStatusCode> CallBAsync(string[] ofB)
        {
            await using var nodes = await NodePair.StartAsync(fleet => fleet with
            {
                Node = fleet.Node! with
                {
                    Url = new UriBuilder(fleet.Node.Url) { Scheme = "https", Host = "localhost" }.Uri,
                    Certificate = fleet.Node.Id == "a" ? good[0] : ofB[0],
                    CertificateKey = fleet.Node.Id == "a" ? good[1] : ofB[1],
                    CertificateAuthority = ca,
                },
            });
            using var answer = await nodes.A.PostAsync(Retry);
            return answer.StatusCode;
        }
    }

    private static ApiKey Key(string name, ApiRole role, string key) =>
        new(name, role, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    private static IEnumerable<string> Issue(DirectoryInfo folder, string name, X509Certificate2 authority, string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(
            authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1), Guid.NewGuid().ToByteArray());
        yield return Write(folder, $"{name}.pem", certificate.ExportCertificatePem());
        yield return Write(folder, $"{name}-key.pem", key.ExportPkcs8PrivateKeyPem());
    }

    private static string Write(DirectoryInfo folder, string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
