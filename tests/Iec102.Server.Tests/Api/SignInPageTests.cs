using System.Net;
using System.Text.RegularExpressions;
using Iec102.Page.Data;

namespace Iec102.Server.Tests.Api;

/// <summary>The form on which people sign in, as a browser without scripts uses it.</summary>
public sealed partial class SignInPageTests(KeyServer server) : IClassFixture<KeyServer>
{
    [Theory]
    [InlineData("/meters/m-1?tab=clock", "/meters/m-1?tab=clock")]
    [InlineData("//elsewhere.example/", "/")]
    [InlineData("https://elsewhere.example/", "/")]
    [InlineData("/\\elsewhere.example", "/")]
    public async Task The_right_key_leads_to_the_page_that_was_wanted_and_never_to_another_server(string wanted, string reached)
    {
        using var answer = await SubmitAsync(KeyServer.ReadKey, $"/sign-in?return={Uri.EscapeDataString(wanted)}");

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync());
        new Uri(server.Url, answer.Headers.Location!).ShouldBe(new Uri(server.Url, reached));
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(one => one.StartsWith("iec102-session", StringComparison.Ordinal));
        using var again = await server.SendAsync(HttpMethod.Get, "/sign-in?return=%2Fsystem", ("Cookie", cookie.Split(';')[0]));
        again.StatusCode.ShouldBe(HttpStatusCode.Redirect, "whoever is signed in need not do so again");
        new Uri(server.Url, again.Headers.Location!).AbsolutePath.ShouldBe("/system");
    }

    [Fact]
    public async Task A_wrong_key_is_answered_by_one_sentence_and_is_not_repeated()
    {
        using var answer = await SubmitAsync("wrong-key-4711", "/sign-in");
        var page = await answer.Content.ReadAsStringAsync();

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        page.ShouldContain("This key is not known");
        page.ShouldNotContain("wrong-key-4711");
        answer.Headers.TryGetValues("Set-Cookie", out var cookies);
        (cookies ?? []).ShouldNotContain(cookie => cookie.StartsWith("iec102-session", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_form_without_the_token_of_the_page_signs_nobody_in()
    {
        using var answer = await PostAsync("/sign-in", [("Key", KeyServer.ReadKey), ("_handler", "sign-in")]);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task The_form_is_shown_in_Spanish_too_and_is_loaded_again_when_a_link_of_another_site_led_to_it()
    {
        using var spanish = await server.SendAsync(HttpMethod.Get, "/sign-in", ("Accept-Language", "es-ES"));
        (await spanish.Content.ReadAsStringAsync()).ShouldContain("Clave de la API");

        using var linked = await server.SendAsync(
            HttpMethod.Get, "/sign-in", ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document"));
        (await linked.Content.ReadAsStringAsync()).ShouldContain("http-equiv=\"refresh\"");
        (await (await server.SendAsync(HttpMethod.Get, "/sign-in")).Content.ReadAsStringAsync()).ShouldNotContain("http-equiv=\"refresh\"");
    }

    [Fact]
    public async Task Without_a_session_there_are_the_form_its_looks_and_nothing_else()
    {
        using var looks = await server.SendAsync(HttpMethod.Get, "/_content/Iec102.Page/page.css");
        looks.StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var path in (string[])["/_blazor", "/_blazor/initializers", "/", "/not-found"])
        {
            using var refused = await server.SendAsync(HttpMethod.Get, path);
            refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, path);
        }

        using var negotiation = await server.SendAsync(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        negotiation.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var cookie = await server.SignInAsync(KeyServer.ReadKey);
        using var allowed = await server.SendAsync(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1", ("Cookie", cookie));
        allowed.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Signing_out_leads_back_to_the_form()
    {
        using var answer = await PostAsync("/sign-out", []);

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.OriginalString.ShouldBe("/sign-in");
    }

    [Theory]
    [InlineData(null, "/")]
    [InlineData("", "/")]
    [InlineData("/", "/")]
    [InlineData("/a//b?c=/d", "/a//b?c=/d")]
    [InlineData("a", "/")]
    [InlineData("//a", "/")]
    [InlineData("/\\a", "/")]
    [InlineData("/a\\b", "/")]
    [InlineData("/\t/a", "/")]
    [InlineData("javascript:alert(1)", "/")]
    public void Only_paths_of_this_server_are_gone_to(string? path, string expected) => LocalPath.OrRoot(path).ShouldBe(expected);

    /// <summary>Loads the form and sends it with a key.</summary>
    private async Task<HttpResponseMessage> SubmitAsync(string key, string path)
    {
        using var form = await server.SendAsync(HttpMethod.Get, path);
        var token = Token().Match(await form.Content.ReadAsStringAsync()).Groups[1].Value;
        return await PostAsync(
            path, [("Key", key), ("_handler", "sign-in"), ("__RequestVerificationToken", token)], ("Cookie", KeyServer.CookieOf(form)));
    }

    private async Task<HttpResponseMessage> PostAsync(
        string path, (string Name, string Value)[] fields, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        request.Headers.Add("Origin", server.Url.GetLeftPart(UriPartial.Authority));
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await server.Client.SendAsync(request);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
