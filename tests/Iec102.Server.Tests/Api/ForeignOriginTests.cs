using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Iec102.Server.Tests.Api;

/// <summary>What a page of another site can send through the browser of somebody who can reach the server.</summary>
public sealed class ForeignOriginTests(ToldServer server) : IClassFixture<ToldServer>
{
    private const string Json = "application/json";

    private static readonly string[] Changing =
    [
        "/api/meters/m-1/replaced", "/api/meters/m-1/retry", "/api/meters/m-1/read", "/api/meters/m-1/clock",
        "/api/meters/m-1/profiles/hourly/reread",
    ];

    public static TheoryData<string, string?, HttpStatusCode> Calls()
    {
        var calls = new TheoryData<string, string?, HttpStatusCode>();
        foreach (var path in Changing)
        {
            // What a form can send, and a request without any body or media type.
            calls.Add(path, "text/plain", HttpStatusCode.UnsupportedMediaType);
            calls.Add(path, "application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType);
            calls.Add(path, "multipart/form-data", HttpStatusCode.UnsupportedMediaType);
            calls.Add(path, "text/plain; x=\"application/json\"", HttpStatusCode.UnsupportedMediaType);
            calls.Add(path, null, HttpStatusCode.UnsupportedMediaType);
        }

        return calls;
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task What_a_form_can_send_changes_nothing(string path, string? type, HttpStatusCode status) =>
        (await PostAsync(path, type)).ShouldBe(status);

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "http://pages.example")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Origin", "null")]
    public async Task A_page_of_another_origin_changes_nothing_even_as_json(string header, string value)
    {
        foreach (var path in Changing)
            (await PostAsync(path, Json, (header, value))).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_servers_own_pages_and_programs_may()
    {
        var own = server.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);

        (await PostAsync(Changing[0], Json)).ShouldBe(HttpStatusCode.OK);
        (await PostAsync(Changing[0], Json + "; charset=utf-8", ("Origin", own))).ShouldBe(HttpStatusCode.OK);
        (await PostAsync(Changing[0], Json, ("Origin", own), ("Sec-Fetch-Site", "same-origin"))).ShouldBe(HttpStatusCode.OK);
        // A proxy in front of the server has changed the Host header, but the browser knows better.
        (await PostAsync(Changing[0], Json, ("Origin", "https://meters.example"), ("Sec-Fetch-Site", "same-origin")))
            .ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/api/meters")]
    [InlineData("/api/stream")]
    [InlineData("/api/ports/p/trace")]
    [InlineData("/metrics")]
    [InlineData("/_blazor?id=1")]
    public async Task A_page_of_another_origin_reads_nothing_either(string path)
    {
        foreach (var (header, value) in ((string, string)[])
            [("Origin", "http://pages.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site")])
        {
            var answer = await RawAsync($"GET {path} HTTP/1.1", $"{header}: {value}");
            answer.ShouldStartWith("HTTP/1.1 403");
            answer.ShouldNotContain("Access-Control", Case.Insensitive);
        }
    }

    [Fact]
    public async Task A_link_that_a_person_follows_may_lead_here_but_no_frame_and_no_script()
    {
        const string get = "GET /api/meters HTTP/1.1";
        const string elsewhere = "Sec-Fetch-Site: cross-site";
        (await RawAsync(get, elsewhere, "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document")).ShouldStartWith("HTTP/1.1 200");
        (await RawAsync(get, elsewhere, "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe")).ShouldStartWith("HTTP/1.1 403");
        (await RawAsync(get, elsewhere, "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: script")).ShouldStartWith("HTTP/1.1 403");
        (await RawAsync(get, elsewhere, "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document", "Origin: http://pages.example"))
            .ShouldStartWith("HTTP/1.1 403");
        (await RawAsync(get, "Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"))
            .ShouldStartWith("HTTP/1.1 200");
    }

    [Fact]
    public async Task A_browser_that_asks_whether_a_foreign_page_may_send_JSON_is_not_told_that_it_may()
    {
        var answer = await RawAsync(
            "OPTIONS /api/meters/m-1/replaced HTTP/1.1", "Origin: http://pages.example", "Access-Control-Request-Method: POST",
            "Access-Control-Request-Headers: content-type");

        answer.ShouldStartWith("HTTP/1.1 403");
        answer.ShouldNotContain("Access-Control", Case.Insensitive);
    }

    [Theory]
    [InlineData("Origin: http://pages.example", "403")]
    [InlineData("Origin: null", "403")]
    [InlineData("Sec-Fetch-Site: cross-site", "403")]
    [InlineData("X-Nothing: said", "403")]
    [InlineData("Sec-Fetch-Site: same-origin", "")]
    public async Task What_is_not_JSON_and_belongs_to_the_pages_must_say_that_it_is_of_this_server(string header, string status)
    {
        foreach (var path in (string[])["/_blazor/negotiate?negotiateVersion=1", "/_blazor?id=1", "/sign-in", "/sign-out"])
        {
            var answer = await RawAsync($"POST {path} HTTP/1.1", header, "Content-Type: text/plain;charset=UTF-8", "Content-Length: 0");
            if (status == "")
                answer.ShouldNotMatch("^HTTP/1.1 4(03|15)", path);
            else
                answer.ShouldStartWith($"HTTP/1.1 {status}", Case.Sensitive, path);
        }
    }

    [Fact]
    public async Task No_other_path_takes_a_form_even_of_this_servers_own() =>
        (await RawAsync(
            "POST /_blazorx HTTP/1.1", "Sec-Fetch-Site: same-origin", "Content-Type: application/x-www-form-urlencoded",
            "Content-Length: 0")).ShouldStartWith("HTTP/1.1 415");

    [Fact]
    public async Task A_web_socket_is_not_opened_for_a_page_of_another_origin()
    {
        string[] handshake =
        [
            "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ];
        (await RawAsync("GET /_blazor HTTP/1.1", [.. handshake, "Origin: http://pages.example"])).ShouldStartWith("HTTP/1.1 403");
        (await RawAsync("GET /_blazor HTTP/1.1", [.. handshake, "Origin: https://127.0.0.1:1"])).ShouldStartWith("HTTP/1.1 403");
    }

    [Fact]
    public async Task A_page_that_has_its_own_name_resolved_to_this_server_gets_nothing()
    {
        foreach (var call in (string[])["GET /api/meters HTTP/1.1", "GET /_blazor HTTP/1.1", "POST /api/meters/m-1/replaced HTTP/1.1"])
        {
            (await RawAsync(
                call, "Host: pages.example", "Origin: http://pages.example", "Sec-Fetch-Site: same-origin",
                "Content-Type: application/json", "Content-Length: 0")).ShouldStartWith("HTTP/1.1 421");
        }
    }

    [Fact]
    public async Task Every_answer_tells_the_browser_to_load_nothing_from_elsewhere_and_to_show_it_in_no_frame()
    {
        foreach (var path in (string[])["/", "/api/meters", "/nothing", "/health/live"])
        {
            var answer = await RawAsync($"GET {path} HTTP/1.1");
            answer.ShouldContain("\r\nContent-Security-Policy: default-src 'self'; ");
            answer.ShouldContain("frame-ancestors 'none'\r\n");
            answer.ShouldContain("\r\nX-Content-Type-Options: nosniff\r\n");
            answer.ShouldContain("\r\nReferrer-Policy: same-origin\r\n");
        }
    }

    /// <summary>The head of the answer to these lines; without a Host among them, the server's own is sent.</summary>
    private async Task<string> RawAsync(string request, params string[] headers)
    {
        var own = server.Client.BaseAddress!;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, own.Port);
        string[] host = headers.Any(header => header.StartsWith("Host:", StringComparison.Ordinal)) ? [] : [$"Host: {own.Authority}"];
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes(string.Join("\r\n", [request, .. host, .. headers, "Connection: close", "", ""])));
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        var head = new StringBuilder();
        while (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) is { Length: > 0 } line)
            head.Append(line).Append("\r\n");
        return head.ToString();
    }

    private async Task<HttpStatusCode> PostAsync(string path, string? type, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (type is not null)
        {
            request.Content = new StringContent("{}");
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        using var answer = await server.Client.SendAsync(request);
        return answer.StatusCode;
    }
}
