using System.Net;
using System.Text.Json.Nodes;
using Iec102.Server.Tests.Commands;

namespace Iec102.Server.Tests.Api;

/// <summary>The calls about the curves of many meters: the file and, before it, how complete it would be.</summary>
public sealed class DataApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly string From = DateTime.UtcNow.AddDays(-2).ToString("yyyy-MM-dd");
    private static readonly string To = DateTime.UtcNow.AddDays(-1).ToString("yyyy-MM-dd");
    private static readonly string Range = $"from={From}&to={To}";

    [Fact]
    public async Task One_file_has_meter_after_meter_as_export_writes_it()
    {
        using var answer = await server.Client.GetAsync($"/api/export?{Range}&curves=hourly&format=csv");
        var exported = await Cli.RunAsync($"export --data {server.Data} --all --from {From} --to {To}");

        (await answer.Content.ReadAsStringAsync()).ShouldBe(exported.Output);
        exported.Lines.Count(line => line.StartsWith("sim-2,hourly,", StringComparison.Ordinal)).ShouldBe(24);
        answer.Content.Headers.ContentDisposition!.FileNameStar.ShouldBe($"curves_{From}_{To}.csv");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
    }

    [Fact]
    public async Task Meters_and_curves_are_chosen()
    {
        var chosen = (await GetAsync($"/api/export?{Range}&meters=sim-2,sim-1&curves=daily-closing,hourly")).AsArray();
        chosen.Select(one => $"{one!["meter"]} {one["curve"]}")
            .ShouldBe(["sim-1 daily-closing", "sim-1 hourly", "sim-2 daily-closing", "sim-2 hourly"]);
        (await GetAsync($"/api/export?{Range}")).AsArray().Select(one => one!["curve"]!.ToString()).ShouldBe(["hourly", "hourly"]);
        (await GetAsync($"/api/export?{Range}&q=SIM-2")).AsArray().Single()!["meter"]!.ToString().ShouldBe("sim-2");
        (await GetAsync($"/api/export?{Range}&site=nowhere")).AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/api/export?from=2024-07-01", HttpStatusCode.BadRequest, "Both from and to are needed")]
    [InlineData("/api/export?from=2024-07-02&to=2024-07-01", HttpStatusCode.BadRequest, "from must be earlier than to")]
    [InlineData("/api/export?from=2024-07-01&to=2024-07-02&meters=sim-1,sim-9", HttpStatusCode.NotFound, "There is no meter 'sim-9'")]
    [InlineData("/api/completeness?from=2024-07-01&to=2024-07-02&port=p-9", HttpStatusCode.NotFound, "There is no port 'p-9'")]
    [InlineData("/api/completeness?from=2024-07-01&to=2024-07-02&curves=daily-closing", HttpStatusCode.BadRequest, "Unknown curves")]
    public async Task What_cannot_be_answered_is_refused_in_a_sentence(string call, HttpStatusCode status, string sentence)
    {
        using var answer = await server.Client.GetAsync(call);

        answer.StatusCode.ShouldBe(status);
        JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!.ToString().ShouldStartWith(sentence);
    }

    [Fact]
    public async Task Completeness_is_that_of_the_coverage_of_each_curve_with_the_first_reasons()
    {
        var longAgo = DateTime.UtcNow.AddDays(-30).ToString("yyyy-MM-dd");
        var all = (await GetAsync($"/api/completeness?from={longAgo}&to={To}")).AsArray();
        all.Select(one => $"{one!["meter"]} {one["curve"]}").ShouldBe(["sim-1 hourly", "sim-2 hourly"]);
        foreach (var one in all)
        {
            var coverage = await GetAsync($"/api/meters/{one!["meter"]}/profiles/hourly/coverage?from={longAgo}&to={To}");
            foreach (var count in (string[])["expected", "recorded", "missing", "absent", "lost"])
                ((int)one[count]!).ShouldBe((int)coverage[count]!, count);
            one["gaps"]!.ToJsonString().ShouldBe(coverage["gaps"]!.ToJsonString());
            ((int)one["expected"]!).ShouldBeGreaterThan(24);
            ((int)one["recorded"]! + (int)one["absent"]!).ShouldBe((int)one["expected"]!);
            one["unknown"].ShouldBeNull();
        }

        (await GetAsync($"/api/completeness?{Range}&curves=quarter-hour")).AsArray().ShouldBeEmpty("no meter records it");
    }

    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await server.Client.GetStringAsync(path))!;
}
