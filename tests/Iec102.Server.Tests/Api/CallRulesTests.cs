using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Iec102.Server.Api;
using Iec102.Server.Tests.Commands;

namespace Iec102.Server.Tests.Api;

/// <summary>What holds for every call of the API: parameters, forms, HEAD, ETag, compression, and the alias /api/v1.</summary>
public sealed class CallRulesTests(ToldServer server) : IClassFixture<ToldServer>
{
    private const string Meter = "/api/meters/m-1";
    private const string Range = "from=2024-07-14&to=2024-07-17";

    private static readonly string[] Calls =
    [
        "/api/fleet", "/api/status", "/api/ports", "/api/ports/p", "/api/meters", Meter, Meter + "/current",
        $"{Meter}/current/history?{Range}", $"{Meter}/profiles/hourly?{Range}", $"{Meter}/profiles/daily-closing?{Range}",
        $"{Meter}/profiles/hourly/coverage?{Range}", $"/api/profiles/hourly?{Range}",
        Meter + "/events?lang=es", Meter + "/tariff", Meter + "/closings", Meter + "/configuration", Meter + "/clock",
    ];

    [Fact]
    public async Task A_parameter_that_a_call_does_not_know_is_refused_by_name()
    {
        foreach (var call in Calls)
        {
            var wrong = call.Contains('?') ? $"{call}&form=2024" : $"{call}?form=2024";
            await ShouldBeRefusedAsync(wrong, HttpStatusCode.BadRequest, "Unknown parameter 'form'; this call takes ");
        }
    }

    [Theory]
    [InlineData(Meter + "/events?form=2024", "Unknown parameter 'form'; this call takes from, to, lang, format.")]
    [InlineData(Meter + "/current?at=now", "Unknown parameter 'at'; this call takes no parameters.")]
    [InlineData("/api/stream?meters=m-1", "Unknown parameter 'meters'; this call takes meter, lang.")]
    [InlineData(Meter + "/events?from=2024-07-14&from=2024-07-15", "The parameter from is given 2 times; give it once.")]
    [InlineData(Meter + "/events?lang=fr", "Unknown lang = 'fr'; use en or es.")]
    [InlineData(Meter + "/closings?format=xml", "Unknown format = 'xml'; use json or csv.")]
    [InlineData(Meter + "/profiles/hourly?" + Range + "&revisions=last", "Unknown revisions = 'last'; use all or newest.")]
    [InlineData(
        "/api/export?" + Range + "&meters=", "The parameter meters is empty: name what you want, or leave it out for everything.")]
    [InlineData(
        "/api/completeness?" + Range + "&curves=", "The parameter curves is empty: name what you want, or leave it out for everything.")]
    [InlineData(
        "/api/completeness?" + Range + "&meters=,", "The parameter meters is empty: name what you want, or leave it out for everything.")]
    public async Task The_sentence_says_what_the_call_takes(string call, string sentence) =>
        await ShouldBeRefusedAsync(call, HttpStatusCode.BadRequest, sentence);

    [Theory]
    [InlineData("/api/meters", "application/xml", "This call cannot answer in application/xml; it answers in application/json.")]
    [InlineData("/api/meters", "text/csv", "This call cannot answer in text/csv; it answers in application/json.")]
    [InlineData(
        Meter + "/closings", "application/xml, image/*",
        "This call cannot answer in application/xml, image/*; it answers in application/json or text/csv.")]
    [InlineData("/api/stream", "application/json", "This call cannot answer in application/json; it answers in text/event-stream.")]
    public async Task A_form_in_which_there_is_no_answer_is_refused(string call, string accept, string sentence)
    {
        using var answer = await SendAsync(HttpMethod.Get, call, ("Accept", accept));

        answer.StatusCode.ShouldBe(HttpStatusCode.NotAcceptable);
        (await answer.Content.ReadFromJsonAsync<JsonNode>())!["detail"]!.ToString().ShouldBe(sentence);
    }

    [Theory]
    [InlineData("/api/alarms/none/shelve", """{"hour": 8}""", "Unknown field 'hour' in the body; did you mean 'hours'?")]
    [InlineData("/api/ports/p/pause", """{"Minutes": 5, "for": "Ana"}""", "Unknown field 'for' in the body; it takes minutes.")]
    [InlineData("/api/session", """{"kye": "secret"}""", "Unknown field 'kye' in the body; did you mean 'key'?")]
    [InlineData(
        "/api/fleet/changes", """{"meters": [{"id": "m-2", "port": "p"}, {"id": "m-3", "port": "p", "pasword": "4711"}]}""",
        "Unknown field 'pasword' in meters[1]; did you mean 'password'?")]
    [InlineData(
        "/api/fleet/changes", """{"set": [{"meters": "m-1"}]}""", "Unknown field 'meters' in set[0]; did you mean 'meter'?")]
    [InlineData("/api/alarms/none/shelve", """{"hours": 1, "Hours": 8}""", "The field 'hours' in the body is given 2 times; give it once.")]
    [InlineData(
        "/api/fleet/changes", """{"meters": [{"id": "m-2", "id": "m-3"}]}""",
        "The field 'id' in meters[0] is given 2 times; give it once.")]
    public async Task A_field_that_a_call_does_not_know_or_has_twice_is_refused_by_name(string call, string body, string sentence)
    {
        using var answer = await server.Client.PostAsync(call, new StringContent(body, Encoding.UTF8, "application/json"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonNode>())!["detail"]!.ToString().ShouldBe(sentence);
    }

    [Fact]
    public async Task What_was_sent_under_a_mistyped_name_is_not_in_the_audit_log_since_it_may_be_a_password()
    {
        using var answer = await server.Client.PostAsJsonAsync("/api/probe", new { tcp = "192.0.2.1:4001", pasword = 471147 });
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        var audit = "";
        await EndToEnd.Site.UntilAsync(
            async () => (audit = await server.Client.GetStringAsync("/api/audit")).Contains("/api/probe", StringComparison.Ordinal),
            TimeSpan.FromSeconds(30), () => "The call is not in the audit log.");
        audit.ShouldContain("Unknown field 'pasword' in the body");
        audit.ShouldNotContain("471147");
    }

    [Fact]
    public async Task A_field_that_a_node_of_another_release_passes_on_is_not_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/fleet/paste")
        {
            Content = JsonContent.Create(new { text = "m-2;;;p", of = "a later release" }),
        };
        request.Headers.Add(NodeKey.From, "b");

        using var answer = await server.Client.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("", "*/*", "application/json")]
    [InlineData("", "text/html, application/xhtml+xml, */*;q=0.8", "application/json")]
    [InlineData("", "text/csv", "text/csv")]
    [InlineData("", "text/csv, */*;q=0.1", "text/csv")]
    [InlineData("", "application/json, text/csv;q=0.5", "application/json")]
    [InlineData("?format=csv", "*/*", "text/csv")]
    [InlineData("?format=csv", "application/json", "text/csv")]
    [InlineData("?format=json", "text/csv", "application/json")]
    public async Task The_form_is_the_one_asked_for(string query, string accept, string type)
    {
        using var answer = await SendAsync(HttpMethod.Get, Meter + "/closings" + query, ("Accept", accept));

        answer.Content.Headers.ContentType!.MediaType.ShouldBe(type);
    }

    [Theory]
    [InlineData("events")]
    [InlineData("tariff")]
    [InlineData("closings")]
    [InlineData("configuration")]
    [InlineData("clock")]
    public async Task What_meters_told_comes_as_csv_too_as_export_writes_it(string what)
    {
        var export = await Cli.RunAsync($"export --data {server.Data} --meter m-1 --what {what}");

        export.Lines.Length.ShouldBeGreaterThan(1);
        (await server.Client.GetStringAsync($"{Meter}/{what}?format=csv")).ShouldBe(export.Output);
    }

    [Fact]
    public async Task HEAD_has_the_head_of_GET_and_nothing_else()
    {
        foreach (var call in Calls.Append("/metrics").Append("/api/meters/nobody"))
        {
            using var get = await SendAsync(HttpMethod.Get, call);
            using var head = await SendAsync(HttpMethod.Head, call);

            head.StatusCode.ShouldBe(get.StatusCode, call);
            head.Content.Headers.ContentType.ShouldBe(get.Content.Headers.ContentType, call);
            (await head.Content.ReadAsByteArrayAsync()).ShouldBeEmpty(call);
        }

        using var stream = await SendAsync(HttpMethod.Head, "/api/stream");
        (stream.StatusCode, stream.Content.Headers.ContentType!.MediaType).ShouldBe((HttpStatusCode.OK, "text/event-stream"));
    }

    [Fact]
    public async Task An_answer_that_the_client_has_already_is_not_sent_again()
    {
        using var first = await SendAsync(HttpMethod.Get, Meter + "/closings");
        var tag = first.Headers.ETag.ShouldNotBeNull().ToString();
        using var head = await SendAsync(HttpMethod.Head, Meter + "/closings");
        using var same = await SendAsync(HttpMethod.Get, Meter + "/closings", ("If-None-Match", $"\"other\", {tag}"));
        using var other = await SendAsync(HttpMethod.Get, Meter + "/closings?from=2024-07-16", ("If-None-Match", tag));

        (head.Headers.ETag?.ToString(), head.Content.Headers.ContentLength).ShouldBe((tag, first.Content.Headers.ContentLength));
        (same.StatusCode, (await same.Content.ReadAsByteArrayAsync()).Length).ShouldBe((HttpStatusCode.NotModified, 0));
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
        other.Headers.ETag?.ToString().ShouldNotBe(tag);
    }

    [Fact]
    public async Task An_answer_is_compressed_for_those_who_can_read_it()
    {
        using var answer = await SendAsync(HttpMethod.Get, Meter + "/configuration", ("Accept-Encoding", "gzip"));
        answer.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        await using var content = new GZipStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(content);

        (await reader.ReadToEndAsync()).ShouldBe(await server.Client.GetStringAsync(Meter + "/configuration"));
    }

    [Fact]
    public async Task The_version_may_be_named()
    {
        // What changes from call to call is left out.
        foreach (var call in Calls.Where(call => call.StartsWith(Meter + "/", StringComparison.Ordinal)))
        {
            var named = call.Replace("/api/", "/api/v1/", StringComparison.Ordinal);
            (await server.Client.GetStringAsync(named)).ShouldBe(await server.Client.GetStringAsync(call));
        }

        using var retry = await server.Client.PostAsJsonAsync("/api/v1/meters/m-1/retry", new { });
        retry.StatusCode.ShouldBe(HttpStatusCode.OK);
        await ShouldBeRefusedAsync("/api/v1/nothing", HttpStatusCode.NotFound, "There is no such call");
        await ShouldBeRefusedAsync("/api/v10/meters", HttpStatusCode.NotFound, "There is no such call");
    }

    private async Task ShouldBeRefusedAsync(string call, HttpStatusCode status, string sentence)
    {
        using var answer = await server.Client.GetAsync(call);
        answer.StatusCode.ShouldBe(status, call);
        (await answer.Content.ReadFromJsonAsync<JsonNode>())!["detail"]!.ToString().ShouldStartWith(sentence);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string call, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, call);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await server.Client.SendAsync(request);
    }
}
