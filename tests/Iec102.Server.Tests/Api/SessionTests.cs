using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Iec102.Server.Api;
using Iec102.Storage;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Iec102.Server.Tests.Api;

/// <summary>People sign in with a key and get a cookie in place of it.</summary>
public sealed class SessionTests
{
    private static readonly (string, string) Html = ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");

    [Fact]
    public async Task A_session_lets_in_with_the_role_of_its_key_and_only_while_the_key_is_in_the_fleet_file()
    {
        await using var run = await StartAsync();
        var server = run.Server;
        var (reader, operator1) = (await server.SignInAsync(KeyServer.ReadKey), await server.SignInAsync(KeyServer.OperateKey));

        (await StatusAsync(server, HttpMethod.Get, "/api/meters", ("Cookie", reader))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(server, HttpMethod.Post, "/api/meters/m-1/retry", ("Cookie", reader))).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(server, HttpMethod.Post, "/api/meters/m-1/retry", ("Cookie", operator1))).ShouldBe(HttpStatusCode.OK);
        using (var session = await server.SendAsync(HttpMethod.Get, "/api/session", ("Cookie", operator1)))
            (await session.Content.ReadAsStringAsync()).ShouldBe("""{"name":"desk","role":"operate"}""");

        // The same key with less rights, and no other key any more.
        await server.WriteAsync(("desk", "read", KeyServer.OperateKey));
        await EndToEnd.Site.UntilAsync(
            async () => await StatusAsync(server, HttpMethod.Get, "/api/meters", ("Cookie", reader)) == HttpStatusCode.Unauthorized,
            TimeSpan.FromSeconds(30), () => "The key is still known.");
        (await StatusAsync(server, HttpMethod.Get, "/api/meters", ("Cookie", operator1))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(server, HttpMethod.Post, "/api/meters/m-1/retry", ("Cookie", operator1))).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("/api/stream")]
    [InlineData("/api/ports/p/trace")]
    public async Task A_stream_ends_when_the_key_that_opened_it_leaves_the_fleet_file(string path)
    {
        await using var run = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", await run.Server.SignInAsync(KeyServer.ReadKey));
        using var stream = await run.Server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        stream.StatusCode.ShouldBe(HttpStatusCode.OK);

        await run.Server.WriteAsync(("desk", "operate", KeyServer.OperateKey));

        (await stream.Content.ReadAsStringAsync().WaitAsync(TimeSpan.FromSeconds(60)))
            .ShouldEndWith("event: end\ndata: {\"reason\":\"The key of this stream is no longer in the fleet file.\"}\n\n");
    }

    [Fact]
    public async Task No_script_can_read_the_cookie_no_other_site_sends_it_and_no_other_server_takes_it_for_its_own()
    {
        await using var run = await StartAsync();
        await using var other = await StartAsync();
        using var answer = await run.Server.Client.PostAsJsonAsync("/api/session", new { key = KeyServer.ReadKey });

        var said = answer.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        said.ShouldStartWith($"iec102-session-{run.Server.Url.Port}=");
        // Without a time at which it expires, it ends with the browser.
        said.Split("; ")[1..].Order().ShouldBe(["httponly", "path=/", "samesite=strict"]);
        said.ShouldNotContain(KeyServer.ReadKey);

        var cookie = KeyServer.CookieOf(answer).Split('=', 2)[1];
        var renamed = $"iec102-session-{other.Server.Url.Port}={cookie}";
        (await StatusAsync(other.Server, HttpMethod.Get, "/api/meters", ("Cookie", renamed))).ShouldBe(HttpStatusCode.Unauthorized);
        var changed = $"iec102-session-{run.Server.Url.Port}={cookie[..^8]}AAAAAAAA";
        (await StatusAsync(run.Server, HttpMethod.Get, "/api/meters", ("Cookie", changed))).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("http", "httponly, path=/, samesite=strict")]
    [InlineData("https", "httponly, path=/, samesite=strict, secure")]
    public async Task The_cookies_of_a_session_and_of_its_form_are_for_https_only_where_the_server_speaks_https(string scheme, string marks)
    {
        var folder = Directory.CreateTempSubdirectory("iec102-cookies-");
        var services = new ServiceCollection().AddLogging();
        Sessions.Add(services, DataDirectory.Create(folder.FullName));
        await using var provider = services.BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = provider };
        (context.Request.Scheme, context.Request.Host) = (scheme, new HostString("meters.example", 8102));

        await context.SignInAsync(Sessions.Scheme, Caller.OfAnybody("192.0.2.1").ToUser());
        provider.GetRequiredService<IAntiforgery>().GetAndStoreTokens(context);

        var cookies = context.Response.Headers.SetCookie;
        cookies.Count.ShouldBe(2);
        cookies[0].ShouldStartWith("iec102-session-8102=");
        cookies[1].ShouldStartWith("iec102-form-");
        foreach (var cookie in cookies)
            string.Join(", ", cookie!.Split("; ")[1..].Order()).ShouldBe(marks);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_wrong_key_gets_no_cookie_and_after_ten_attempts_in_a_minute_nobody_at_that_address_signs_in()
    {
        await using var run = await StartAsync();
        for (var attempt = 0; attempt < 10; attempt++)
        {
            using var wrong = await run.Server.Client.PostAsJsonAsync("/api/session", new { key = $"wrong-{attempt}" });
            wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            wrong.Headers.Contains("Set-Cookie").ShouldBeFalse();
        }

        using var right = await run.Server.Client.PostAsJsonAsync("/api/session", new { key = KeyServer.ReadKey });
        right.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        right.Headers.Contains("Set-Cookie").ShouldBeFalse();
        // Programs, which send their key with each call, are not concerned.
        (await StatusAsync(run.Server, HttpMethod.Get, "/api/meters", Bearer(KeyServer.ReadKey))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Signing_out_takes_the_cookie_away()
    {
        await using var run = await StartAsync();
        var cookie = await run.Server.SignInAsync(KeyServer.ReadKey);
        using var answer = await run.Server.SendAsync(HttpMethod.Delete, "/api/session", ("Cookie", cookie));

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        answer.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem().ShouldStartWith(cookie.Split('=')[0] + "=; expires=Thu, 01 Jan 1970");
    }

    [Fact]
    public async Task A_person_without_a_session_is_led_to_the_page_that_signs_in_and_a_program_is_told_that_it_needs_a_key()
    {
        await using var run = await StartAsync();
        using var person = await run.Server.SendAsync(HttpMethod.Get, "/meters/m-1?tab=clock", Html);
        person.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        person.Headers.Location!.OriginalString.ShouldBe("/sign-in?return=%2Fmeters%2Fm-1%3Ftab%3Dclock");

        using var program = await run.Server.SendAsync(HttpMethod.Get, "/api/meters", ("Accept", "application/json"));
        program.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(run.Server, HttpMethod.Post, "/api/meters/m-1/retry", Html)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_changes_something_is_in_the_audit_log_with_who_did_it_and_what_came_of_it()
    {
        await using var run = await StartAsync();
        var server = run.Server;
        var cookie = await server.SignInAsync(KeyServer.OperateKey);
        using (await server.Client.PostAsJsonAsync("/api/session", new { key = "wrong-and-secret" }))
        using (await server.SendAsync(HttpMethod.Post, "/api/meters/m-1/retry", """{"password":4711}""", ("Cookie", cookie)))
        using (await server.SendAsync(HttpMethod.Post, "/api/meters/m-1/retry", Bearer(KeyServer.ReadKey)))
        using (await server.SendAsync(HttpMethod.Post, "/api/meters/none/retry", Bearer(KeyServer.OperateKey)))
        using (await server.SendAsync(HttpMethod.Get, "/api/meters", Bearer(KeyServer.OperateKey)))
        using (await server.SendAsync(HttpMethod.Delete, "/api/session", ("Cookie", cookie)))
        {
        }

        JsonArray entries = [];
        await EndToEnd.Site.UntilAsync(
            async () => (entries = (await AuditAsync(server))!["entries"]!.AsArray()).Count == 6, TimeSpan.FromSeconds(30),
            () => entries.ToJsonString());
        entries.Select(entry => $"{entry!["who"]}|{entry["action"]}|{entry["detail"]}|{entry["status"]}").Reverse().ShouldBe(
        [
            "desk|sign-in||200",
            "unknown|sign-in||401",
            """desk|POST /api/meters/m-1/retry|{"password":"***"}|200""",
            "scada|POST /api/meters/m-1/retry||403",
            "desk|POST /api/meters/none/retry||404",
            "desk|sign-out||200",
        ]);
        entries.ShouldAllBe(entry => (string?)entry!["address"] == "127.0.0.1" && entry["node"] == null);
        (await AuditAsync(server, "?limit=1"))!["entries"]!.AsArray().ShouldHaveSingleItem()!["action"]!.ToString().ShouldBe("sign-out");
        (await AuditAsync(server, "?to=2020-01-01"))!["entries"]!.AsArray().ShouldBeEmpty();
        (await StatusAsync(server, HttpMethod.Get, "/api/audit?limit=0", Bearer(KeyServer.ReadKey))).ShouldBe(HttpStatusCode.BadRequest);
    }

    private static (string, string) Bearer(string key) => ("Authorization", $"Bearer {key}");

    private static async Task<JsonNode?> AuditAsync(KeyServer server, string query = "")
    {
        using var answer = await server.SendAsync(HttpMethod.Get, "/api/audit" + query, Bearer(KeyServer.ReadKey));
        return await answer.Content.ReadFromJsonAsync<JsonNode>();
    }

    private static async Task<HttpStatusCode> StatusAsync(
        KeyServer server, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var answer = await server.SendAsync(method, path, headers);
        return answer.StatusCode;
    }

    private static async Task<Running> StartAsync()
    {
        var server = new KeyServer();
        await server.InitializeAsync();
        return new Running(server);
    }

    private sealed record Running(KeyServer Server) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => new(Server.DisposeAsync());
    }
}
