using System.Net;
using System.Net.Http.Headers;

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

    [Fact]
    public async Task Reading_needs_none_of_this()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/meters") { Headers = { { "Sec-Fetch-Site", "cross-site" } } };
        using var answer = await server.Client.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
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
