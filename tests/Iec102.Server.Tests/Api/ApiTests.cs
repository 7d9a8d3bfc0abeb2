using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Iec102.Server.Tests.Api;

/// <summary>The REST calls of docs/contract.md, on a server that has read two meters.</summary>
public sealed partial class ApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Profile = "/api/meters/sim-1/profiles/hourly";

    [Fact]
    public async Task The_ports_are_listed_with_state_and_counters()
    {
        var port = (await GetAsync("/api/ports"))!.AsArray().Single()!;
        port["id"]!.ToString().ShouldBe("line-1");
        port["kind"]!.ToString().ShouldBe("tcp");
        port["state"]!.ToString().ShouldBe("open");
        await EndToEnd.Site.UntilAsync(
            async () => (long)(await GetAsync("/api/ports/line-1"))!["counters"]!["framesReceived"]! > 10, TimeSpan.FromSeconds(20),
            () => "The counters stand still.");
        (await GetAsync("/api/ports/line-1"))!["address"]!.ToString().ShouldBe(port["address"]!.ToString());
    }

    [Fact]
    public async Task A_meter_shows_its_state_serial_number_clock_and_curves()
    {
        var meter = (await GetAsync("/api/meters/sim-2"))!;
        meter["state"]!.ToString().ShouldBe("online");
        meter["port"]!.ToString().ShouldBe("line-1");
        ((int)meter["linkAddress"]!).ShouldBe(2);
        ((uint)meter["serialNumber"]!).ShouldBeGreaterThan(0u);
        Math.Abs((double)meter["clockOffsetSeconds"]!).ShouldBeLessThan(2);
        ((int)meter["profiles"]!["hourly"]!["recorded"]!).ShouldBe((int)meter["profiles"]!["hourly"]!["expected"]!);
    }

    [Fact]
    public async Task Current_values_come_with_unit_quality_and_times()
    {
        var signals = (await GetAsync("/api/meters/sim-1/current"))!["signals"]!.AsArray();
        signals.Count.ShouldBe(24);
        signals.Select(signal => signal!["id"]!.ToString()).ShouldContain("power.factor.l3");
        var voltage = signals.Single(signal => signal!["id"]!.ToString() == "voltage.l1")!;
        voltage["unit"]!.ToString().ShouldBe("V");
        voltage["quality"]!.ToString().ShouldBe("good");
        DateTimeOffset.Parse(voltage["meterTime"]!.ToString()).ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddMinutes(-5));
    }

    [Fact]
    public async Task A_day_of_the_curve_has_its_intervals_as_json_and_as_csv()
    {
        var day = DateTime.UtcNow.Date.AddDays(-2);
        var range = $"?from={day:yyyy-MM-dd}T00:00:00Z&to={day.AddDays(1):yyyy-MM-dd}T00:00:00Z";
        var intervals = (await GetAsync(Profile + range))!["intervals"]!.AsArray();
        intervals.Count.ShouldBe(24);
        var first = intervals[0]!;
        DateTimeOffset.Parse(first["end"]!.ToString()).UtcDateTime.ShouldBe(day.AddHours(1));
        ((int)first["periodMinutes"]!).ShouldBe(60);
        ((int)first["revision"]!).ShouldBe(0);
        first["quality"]!.AsArray().Count.ShouldBe(8);

        using var request = new HttpRequestMessage(HttpMethod.Get, Profile + range);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/csv"));
        using var response = await server.Client.SendAsync(request);
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe(
            "meter,curve,interval_end,a_plus,a_plus_q,a_minus,a_minus_q,r1,r1_q,r2,r2_q,r3,r3_q,r4,r4_q,res1,res1_q,res2,res2_q");
        lines.Length.ShouldBe(25);
        lines[1].ShouldStartWith($"sim-1,hourly,{first["end"]},{first["aPlus"]},");
    }

    [Fact]
    public async Task A_plus_sign_that_the_query_lost_is_understood()
    {
        var end = DateTimeOffset.UtcNow.AddDays(-1);
        var from = Uri.EscapeDataString(end.AddHours(-5).ToString("yyyy-MM-ddTHH:mm:ss"));
        var with = $"{Profile}?from={from}%2B00:00&to={end:yyyy-MM-ddTHH:mm:ss}%2B00:00";
        var without = with.Replace("%2B", "+", StringComparison.Ordinal);
        (await GetAsync(without))!.ToJsonString().ShouldBe((await GetAsync(with))!.ToJsonString());
    }

    [Fact]
    public async Task Coverage_counts_and_lists_gaps()
    {
        var coverage = (await GetAsync(Profile + "/coverage"))!;
        ((int)coverage["recorded"]!).ShouldBe((int)coverage["expected"]!);
        coverage["gaps"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_day_of_a_curve_counts_its_own_intervals_and_nothing_is_expected_of_tomorrow()
    {
        var today = DateTime.UtcNow.Date;
        var days = (await GetAsync($"{Profile}/days?from={today.AddDays(-3):yyyy-MM-dd}&to={today.AddDays(4):yyyy-MM-dd}"))!["days"]!
            .AsArray();

        days.Select(day => day!["day"]!.ToString())
            .ShouldBe(Enumerable.Range(-3, 7).Select(at => today.AddDays(at).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        var whole = days[1]!;
        ((int)whole["expected"]!).ShouldBeInRange(23, 25);
        ((int)whole["recorded"]!).ShouldBe((int)whole["expected"]!);
        days[^1]!.ToJsonString().ShouldEndWith(""","expected":0,"recorded":0,"revised":0,"absent":0,"missing":0,"lost":0}""");
    }

    [Theory]
    [InlineData("from=2026-01-02&to=2026-01-02")]
    [InlineData("from=2026-01-02&to=2026-01-01")]
    [InlineData("from=2024-01-01&to=2026-01-02")]
    [InlineData("from=2026-01-01T00:00&to=2026-01-02")]
    [InlineData("from=2026-01-01")]
    public async Task Days_are_at_most_two_years_and_named_by_dates(string query)
    {
        using var response = await server.Client.GetAsync($"{Profile}/days?{query}");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadFromJsonAsync<JsonNode>())!["detail"]!.ToString().ShouldContain("must be dates");
    }

    [Fact]
    public async Task A_curve_of_the_whole_fleet_is_that_of_each_meter()
    {
        const string range = "from=2000-01-01&to=2099-01-01";
        var (first, second) = (await server.Client.GetStringAsync($"{Profile}?{range}"),
            await server.Client.GetStringAsync($"{Profile.Replace("sim-1", "sim-2", StringComparison.Ordinal)}?{range}"));

        (await server.Client.GetStringAsync($"/api/profiles/hourly?{range}")).ShouldBe($"[{first},{second}]");
        (await server.Client.GetStringAsync($"/api/profiles/hourly?{range}&q=sim-2")).ShouldBe($"[{second}]");
        (await server.Client.GetStringAsync($"/api/profiles/hourly?{range}&limit=1")).ShouldBe($"[{first}]");
        (await server.Client.GetStringAsync($"/api/profiles/daily-closing?{range}&port=line-1&verdict=off")).ShouldBe("[]");
        (await server.Client.GetStringAsync($"/api/profiles/hourly?{range}&format=csv")).ShouldBe(
            (await Commands.Cli.RunAsync($"export --data {server.Data} --all")).Output);
    }

    [Fact]
    public async Task Reading_again_asks_the_meter_and_keeps_the_curve_complete()
    {
        var day = DateTime.UtcNow.Date.AddDays(-2);
        var body = new { from = $"{day:yyyy-MM-dd}T00:00:00Z", to = $"{day:yyyy-MM-dd}T06:00:00Z" };
        using var response = await server.Client.PostAsJsonAsync(Profile + "/reread", body);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        ((int)(await response.Content.ReadFromJsonAsync<JsonNode>())!["intervals"]!).ShouldBe(6);
    }

    [Fact]
    public async Task Reading_now_answers_with_what_was_read()
    {
        using var response = await server.Client.PostAsJsonAsync("/api/meters/sim-2/read", new { what = "current" });
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadFromJsonAsync<JsonNode>())!["signals"]!.AsArray().Count.ShouldBe(24);
    }

    [Theory]
    [InlineData("clock", "clock")]
    [InlineData("id", "configuration")]
    public async Task What_is_read_now_has_the_shape_of_the_GET_call(string what, string call)
    {
        using var response = await server.Client.PostAsJsonAsync("/api/meters/sim-2/read", new { what });
        response.StatusCode.ShouldBe(HttpStatusCode.OK);

        var read = (await response.Content.ReadFromJsonAsync<JsonNode>())!.AsObject();
        var known = (await GetAsync($"/api/meters/sim-2/{call}"))!.AsObject();

        read.Count.ShouldBeGreaterThan(1);
        foreach (var (name, value) in read)
            NamesOf(value).ShouldBe(NamesOf(known[name]));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"confirm": false}""")]
    [InlineData("")]
    public async Task A_clock_is_not_set_unless_that_is_confirmed(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await server.Client.PostAsync("/api/meters/sim-2/clock", content);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadFromJsonAsync<JsonNode>())!["detail"]!.ToString().ShouldContain("confirm");
    }

    [Fact]
    public async Task A_clock_is_set_and_its_offsets_are_told_unless_the_server_may_be_wrong_or_an_interval_ends()
    {
        using var response = await server.Client.PostAsJsonAsync("/api/meters/sim-2/clock", new { confirm = true });
        var answer = (await response.Content.ReadFromJsonAsync<JsonNode>())!;

        if (response.StatusCode == HttpStatusCode.OK)
            Math.Abs((double)answer["offsetAfterSeconds"]!).ShouldBeLessThan(2);
        else
            (response.StatusCode, answer["detail"]!.ToString()[..21]).ShouldBe((HttpStatusCode.Conflict, "the clock is not set:"));
    }

    [Fact]
    public async Task Retry_is_accepted()
    {
        using var response = await server.Client.PostAsJsonAsync("/api/meters/sim-2/retry", new { });
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/api/meters/nobody", HttpStatusCode.NotFound, "nobody")]
    [InlineData("/api/ports/nowhere", HttpStatusCode.NotFound, "nowhere")]
    [InlineData("/api/meters/sim-1/profiles/daily?from=2026-01-01&to=2026-01-02", HttpStatusCode.NotFound, "daily")]
    [InlineData(Profile, HttpStatusCode.BadRequest, "from")]
    [InlineData(Profile + "?from=yesterday&to=2026-01-02", HttpStatusCode.BadRequest, "yesterday")]
    [InlineData(Profile + "?from=2026-01-03&to=2026-01-02", HttpStatusCode.BadRequest, "earlier")]
    [InlineData(Profile + "/coverage?from=2026-13-01&to=2026-01-02", HttpStatusCode.BadRequest, "2026-13-01")]
    [InlineData("/api/profiles/daily?from=2026-01-01&to=2026-01-02", HttpStatusCode.NotFound, "daily")]
    [InlineData("/api/profiles/hourly?from=2026-01-01", HttpStatusCode.BadRequest, "Both from and to")]
    [InlineData("/api/nothing", HttpStatusCode.NotFound, "no such call")]
    public async Task What_cannot_be_answered_is_a_problem_with_a_sentence(string path, HttpStatusCode status, string mentions)
    {
        using var response = await server.Client.GetAsync(path);
        response.StatusCode.ShouldBe(status);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await response.Content.ReadFromJsonAsync<JsonNode>())!["detail"]!.ToString().ShouldContain(mentions);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"what\": \"everything\"}")]
    public async Task A_body_that_says_nothing_is_a_bad_request(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await server.Client.PostAsync("/api/meters/sim-1/read", content);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_metrics_are_text_that_prometheus_reads()
    {
        using var response = await server.Client.GetAsync("/metrics");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Where(line => !line.StartsWith('#')).ShouldAllBe(line => Sample().IsMatch(line));
        lines.ShouldContain("iec102_meter_state{meter=\"sim-1\",state=\"online\"} 1");
        lines.ShouldContain("iec102_meter_state{meter=\"sim-1\",state=\"offline\"} 0");
        lines.ShouldContain("iec102_meter_verdict{meter=\"sim-1\",state=\"ok\"} 1");
        lines.ShouldContain("iec102_port_verdict{port=\"line-1\",state=\"down\"} 0");
        lines.ShouldContain("iec102_problems{cause=\"line-down\"} 0");
        lines.ShouldContain("iec102_profile_intervals{meter=\"sim-2\",curve=\"hourly\",state=\"missing\"} 0");
        lines.ShouldContain(line => line.StartsWith("iec102_port_frames_sent_total{port=\"line-1\"} ", StringComparison.Ordinal));
        lines.ShouldContain(
            line => line.StartsWith("iec102_current_value{meter=\"sim-1\",signal=\"voltage.l1\",unit=\"V\"} 2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_health_probes_answer()
    {
        (await server.Client.GetStringAsync("/health/live")).ShouldBe("live");
        (await server.Client.GetStringAsync("/health/ready")).ShouldBe("ready");
    }

    [Fact]
    public async Task A_name_that_is_not_ours_in_the_host_header_is_turned_away()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/meters");
        request.Headers.Host = "attacker.example";
        using var response = await server.Client.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.MisdirectedRequest);
    }

    [GeneratedRegex("""^[a-z][a-z0-9_]*\{[a-z]+="[^"\\]*"(,[a-z]+="[^"\\]*")*\} -?[0-9.E+-]+$""")]
    private static partial Regex Sample();

    private Task<JsonNode?> GetAsync(string path) => server.Client.GetFromJsonAsync<JsonNode>(path);

    /// <summary>The names of an object's fields, or of those of an array's first element; none when there is neither.</summary>
    private static IEnumerable<string> NamesOf(JsonNode? value) => value switch
    {
        JsonObject fields => fields.Select(field => field.Key),
        JsonArray { Count: > 0 } array => NamesOf(array[0]),
        _ => [],
    };
}
