using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Akka.Event;
using Iec102.Fleet;
using Iec102.Server.Api;
using Iec102.Server.Tests.Commands;
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
            (await Cli.RunAsync($"status --url {host.Urls[0]} --key wrong")).Sentence.ShouldBe(
                "The API key that was sent is not known: send one from iec102.api.keys, as 'Authorization: Bearer KEY', "
                + "or with --key or IEC102_API_KEY on the command line.");
            (await Cli.RunAsync($"status --url {host.Urls[0]}")).Sentence.ShouldStartWith("An API key is needed: send one from");
            (await StatusAsync(client, HttpMethod.Get, "/api/meters", ReadKey)).ShouldBe(HttpStatusCode.OK);
            (await StatusAsync(client, HttpMethod.Post, "/api/meters/m/retry", ReadKey)).ShouldBe(HttpStatusCode.Forbidden);
            (await StatusAsync(client, HttpMethod.Post, "/api/meters/m/retry", OperateKey)).ShouldNotBe(HttpStatusCode.Forbidden);
            (await StatusAsync(client, HttpMethod.Get, "/health/live", null)).ShouldBe(HttpStatusCode.OK);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task No_spelling_of_a_path_and_no_header_lets_anybody_in_without_a_key()
    {
        const string host = "Host: 127.0.0.1\r\n";
        const string key = $"Authorization: Bearer {ReadKey}\r\n";
        string[] paths =
        [
            "/api/meters", "//api/meters", "/API/METERS", "/%61pi/meters", "/api/meters/", "/api/meters%2f", "/api/%2e%2e/api/meters",
            "/health/live/../../api/meters", "/health/live%2f..%2f..%2fapi/meters", "/health/live;/api/meters",
            "/health/live%00/api/meters", "/health/live%0d%0aX:y", "\\api\\meters",
            "http://127.0.0.1/api/meters", "http://elsewhere/api/meters", "*",
        ];
        string[] forged =
        [
            $"GET /api/meters HTTP/1.1\r\n{key}\r\n", $"GET /api/meters HTTP/1.1\r\n{host}Host: elsewhere\r\n{key}\r\n",
            $"GET /api/meters HTTP/1.1\r\nHost: elsewhere\r\nX-Forwarded-Host: 127.0.0.1\r\n{key}\r\n",
            $"GET /api/meters HTTP/1.1\r\nHost: 127.0.0.1.elsewhere\r\n{key}\r\n",
            $"GET /api/meters HTTP/1.1\r\nHost: 127.0.0.1@elsewhere\r\n{key}\r\n",
            $"GET /api/meters HTTP/1.1\r\n{host}Authorization: Bearer wrong\r\n{key}\r\n",
            $"GET /api/meters HTTP/1.1\r\n{host}Authorization : Bearer {ReadKey}\r\n\r\n",
            $"GET /api/meters HTTP/1.1\r\n{host}Authorization: Bearer\r\n {ReadKey}\r\n\r\n",
            $"GET /api/meters HTTP/1.1\r\n{host}{key}X: {new string('x', 40_000)}\r\n\r\n",
            $"GET /api/meters/m/retry HTTP/1.1\r\n{host}{key}X-HTTP-Method-Override: POST\r\n\r\n",
            $"POST /api/meters/m/retry HTTP/1.1\r\n{host}{key}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{{}}",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /api/meters\r\n", "\u0016\u0003\u0001\u0002\0\u0001\r\n\r\n",
        ];
        var folder = Directory.CreateTempSubdirectory("iec102-access-");
        var fleet = $$"""iec102 { api { keys = [ { name = "scada", role = read, sha256 = "{{Hash(ReadKey)}}" } ] } }""";
        await using (var server = await RunningServer.StartAsync(fleet, Path.Combine(folder.FullName, "data")))
        {
            var port = new Uri(server.Urls[0]).Port;
            (await RawAsync(port, $"GET /api/meters HTTP/1.1\r\n{host}{key}\r\n")).ShouldStartWith("HTTP/1.1 200");
            foreach (var request in paths.Select(path => $"GET {path} HTTP/1.1\r\n{host}\r\n").Concat(forged))
            {
                var answer = await RawAsync(port, request);
                // Whoever is not understood at all gets no HTTP.
                if (answer.StartsWith("HTTP", StringComparison.Ordinal))
                    answer.ShouldStartWith("HTTP/1.1 4", Case.Sensitive, request);
            }
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
        var access = new ApiAccess(
            () => new FleetConfiguration { Api = new ApiConfiguration { AllowAnonymous = anonymous } }, new HashSet<string>());
        var call = new DefaultHttpContext { RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider() };
        using var connections = new ApiConnections(() => 1, TimeProvider.System, NoLogger.Instance);
        call.Features.Set(connections.Add(new DefaultConnectionContext()));
        (call.Request.Method, call.Request.Host) = ("GET", new HostString("localhost"));
        call.Connection.LocalIpAddress = IPAddress.Parse(local);

        await access.InvokeAsync(call, _ => Task.CompletedTask);

        call.Response.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task A_call_of_an_open_page_has_the_rights_that_its_readers_key_has_now()
    {
        var key = new ApiKey("desk", ApiRole.Operate, Hash(OperateKey));
        var (signedIn, anybody) = (Caller.Of(key, "192.0.2.7").ToUser(), Caller.OfAnybody("192.0.2.7").ToUser());

        (await OwnCallAsync(signedIn, key)).ShouldBe((200, "desk Operate 192.0.2.7"));
        (await OwnCallAsync(signedIn, key with { Name = "office", Role = ApiRole.Read })).ShouldBe((200, "office Read 192.0.2.7"));
        (await OwnCallAsync(signedIn, key with { Sha256 = Hash(ReadKey) })).ShouldBe((401, null), "the key was replaced");
        (await OwnCallAsync(signedIn)).ShouldBe((200, "anonymous Operate 192.0.2.7"), "there are no keys any more");
        (await OwnCallAsync(anybody)).ShouldBe((200, "anonymous Operate 192.0.2.7"));
        (await OwnCallAsync(anybody, key)).ShouldBe((401, null), "keys were added while the page was open");
    }

    private static async Task<(int Status, string? Caller)> OwnCallAsync(ClaimsPrincipal reader, params ApiKey[] keys)
    {
        var access = new ApiAccess(() => new FleetConfiguration { Api = new ApiConfiguration { Keys = [.. keys] } }, new HashSet<string>());
        var call = new DefaultHttpContext { RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider() };
        (call.Request.Method, call.Request.Host) = ("GET", new HostString("localhost"));
        call.Features.Set(new OwnCall(reader));

        await access.InvokeAsync(call, _ => Task.CompletedTask);

        return (
            call.Response.StatusCode,
            call.Features.Get<Caller>() is { } caller ? $"{caller.Name} {caller.Role} {caller.Address}" : null);
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

    /// <summary>The beginning of the answer to these octets; empty when the connection is closed instead.</summary>
    private static async Task<string> RawAsync(int port, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        var answer = new byte[64];
        try
        {
            var length = await client.GetStream().ReadAsync(answer).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
            return Encoding.ASCII.GetString(answer, 0, length);
        }
        catch (IOException)
        {
            return "";
        }
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
