using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Iec102.Fleet;
using Iec102.Server.Api;

namespace Iec102.Server.Tests.Api;

/// <summary>API keys, their roles, and the addresses on which the server may listen.</summary>
public sealed class ApiAccessTests
{
    private const string ReadKey = "key-of-the-scada";
    private const string OperateKey = "key-of-the-operator";

    [Fact]
    public async Task With_keys_every_call_but_the_health_probes_needs_one_whose_role_fits()
    {
        var folder = Directory.CreateTempSubdirectory("iec102-access-");
        var fleet = $$"""
            iec102 {
              api { keys = [
                { name = "scada", role = read, sha256 = "{{Hash(ReadKey)}}" }
                { name = "desk", role = operate, sha256 = "{{Hash(OperateKey)}}" }
              ] }
              ports { p { tcp = "127.0.0.1:1" } }
              meters { m { port = p, link-address = 1, point-address = 1, password = 1, enabled = false } }
            }
            """;
        await using (var host = await RunningServer.StartAsync(fleet, Path.Combine(folder.FullName, "data")))
        {
            using var client = new HttpClient { BaseAddress = new Uri(host.Urls[0]) };
            (await StatusAsync(client, HttpMethod.Get, "/api/meters", null)).ShouldBe(HttpStatusCode.Unauthorized);
            (await StatusAsync(client, HttpMethod.Get, "/api/meters", "wrong")).ShouldBe(HttpStatusCode.Unauthorized);
            (await StatusAsync(client, HttpMethod.Get, "/api/meters", ReadKey)).ShouldBe(HttpStatusCode.OK);
            (await StatusAsync(client, HttpMethod.Post, "/api/meters/m/retry", ReadKey)).ShouldBe(HttpStatusCode.Forbidden);
            (await StatusAsync(client, HttpMethod.Post, "/api/meters/m/retry", OperateKey)).ShouldNotBe(HttpStatusCode.Forbidden);
            (await StatusAsync(client, HttpMethod.Get, "/health/live", null)).ShouldBe(HttpStatusCode.OK);
        }

        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8102", false)]
    [InlineData("http://localhost:8102", false)]
    [InlineData("http://[::1]:8102", false)]
    [InlineData("http://0.0.0.0:8102", true)]
    [InlineData("http://*:8102", true)]
    [InlineData("http://192.0.2.1:8102", true)]
    public void Only_loopback_may_be_bound_without_keys(string url, bool refused)
    {
        (ApiAccess.RefuseBinding([url], new ApiConfiguration()) is not null).ShouldBe(refused);
        ApiAccess.RefuseBinding([url], new ApiConfiguration { AllowAnonymous = true }).ShouldBeNull();
        ApiAccess.RefuseBinding([url], new ApiConfiguration { Keys = [new ApiKey("a", ApiRole.Read, Hash(ReadKey))] }).ShouldBeNull();
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, HttpMethod method, string path, string? key)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Post)
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
