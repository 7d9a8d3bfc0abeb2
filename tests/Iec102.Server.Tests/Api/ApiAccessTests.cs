using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Akka.Event;
using Iec102.Fleet;
using Iec102.Server.Api;
using Iec102.Testing;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

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
    [InlineData("127.0.0.1", false, 200)]
    [InlineData("::ffff:127.0.0.1", false, 200)]
    [InlineData("192.0.2.1", false, 403)]
    [InlineData("2001:db8::1", false, 403)]
    [InlineData("192.0.2.1", true, 200)]
    public async Task Without_keys_an_address_other_than_loopback_serves_nobody_however_it_came_to_listen(
        string local, bool anonymous, int status)
    {
        var access = new ApiAccess(() => new ApiConfiguration { AllowAnonymous = anonymous }, new HashSet<string>());
        var call = new DefaultHttpContext { RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider() };
        using var connections = new ApiConnections(() => 1, TimeProvider.System, NoLogger.Instance);
        call.Features.Set(connections.Add(new DefaultConnectionContext()));
        (call.Request.Method, call.Request.Host) = ("GET", new HostString("localhost"));
        call.Connection.LocalIpAddress = IPAddress.Parse(local);

        await access.InvokeAsync(call, _ => Task.CompletedTask);

        call.Response.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task The_API_listens_where_the_options_say_whatever_the_environment_says()
    {
        var folder = Directory.CreateTempSubdirectory("iec102-access-");
        var fleet = Path.Combine(folder.FullName, "fleet.conf");
        await File.WriteAllTextAsync(fleet, "iec102 { ports {} }");
        var elsewhere = new Dictionary<string, string>
        {
            ["Kestrel__Endpoints__Http__Url"] = "http://0.0.0.0:0",
            ["ASPNETCORE_URLS"] = "http://0.0.0.0:0",
        };
        await using (var server = ServerProcess.Start(fleet, Path.Combine(folder.FullName, "data"), elsewhere))
        {
            await ServerProcess.AnsweringAsync(server);
            server.Url.ShouldStartWith("http://127.0.0.1:");
            server.Output.ShouldNotContain("0.0.0.0");
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
