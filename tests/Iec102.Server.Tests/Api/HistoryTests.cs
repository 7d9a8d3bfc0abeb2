using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Iec102.Acquisition.Meters;
using Iec102.Server.Tests.Commands;
using Iec102.Storage;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Iec102.Server.Tests.Api;

/// <summary>
/// The history of current values, through the API and through export. Two signals have a value for every quarter of an hour from 00:15 to
/// 02:00.
/// </summary>
public sealed class HistoryTests(ToldServer server) : IClassFixture<ToldServer>, IAsyncLifetime
{
    private const string Call = "/api/meters/m-1/current/history";
    private const string Day = "from=2024-07-15&to=2024-07-16";

    public async Task InitializeAsync()
    {
        var at = ToldServer.Day + Duration.FromMinutes(15);
        server.Tell(new StoreCurrentValues(
            ToldServer.Id,
            [
                new CurrentValue("voltage.l1", 230.5, "V", ValueQuality.Good, at, at),
                new CurrentValue("power.active.total", null, "kW", ValueQuality.Invalid, null, at),
            ],
            KeepHistory: true));
        await EndToEnd.Site.UntilAsync(
            async () => (await server.GetAsync($"{Call}?{Day}"))!["signals"]!.AsArray().Count == 2, TimeSpan.FromSeconds(20),
            () => "Nothing was kept.");
        await using var connection = new SqliteConnection($"Data Source={DataDirectory.Existing(server.Data).ReadingsFile};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            WITH RECURSIVE quarter (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM quarter WHERE n < 7)
            INSERT OR REPLACE INTO current_history (meter, signal, read_at, value, quality, meter_time)
            SELECT meter, signal, read_at + 900 * n, 230.5 + n, 0, NULL FROM current_history, quarter
            WHERE read_at = {at.ToUnixTimeSeconds()}
            """;
        await command.ExecuteNonQueryAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Every_value_that_was_kept_comes_by_signal_with_its_unit()
    {
        var signals = (await server.GetAsync($"{Call}?{Day}"))!["signals"]!.AsArray();

        signals.Select(one => (one!["id"]!.ToString(), one["unit"]!.ToString(), one["values"]!.AsArray().Count)).ShouldBe(
            [("power.active.total", "kW", 8), ("voltage.l1", "V", 8)]);
        JsonNode.DeepEquals(signals[0]!["values"]![0], JsonNode.Parse(
            """{ "value": null, "quality": "invalid", "meterTime": null, "readAt": "2024-07-15T00:15:00+02:00" }""")).ShouldBeTrue();
        JsonNode.DeepEquals(signals[1]!["values"]![0], JsonNode.Parse(
            """
            { "value": 230.5, "quality": "good", "meterTime": "2024-07-15T00:15:00+02:00", "readAt": "2024-07-15T00:15:00+02:00" }
            """)).ShouldBeTrue();
    }

    [Fact]
    public async Task No_step_ends_in_the_future()
    {
        var to = SystemClock.Instance.GetCurrentInstant() + Duration.FromDays(400);

        var values = (await server.GetAsync($"{Call}?signal=voltage.l1&from=2024-07-15&to={to}&step=1d"))!["signals"]![0]!["values"]!
            .AsArray();

        values.Count.ShouldBeGreaterThan(0);
        values.ShouldAllBe(one => DateTimeOffset.Parse(one!["stepEnd"]!.ToString()) <= DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task A_range_excludes_its_beginning_and_includes_its_end_and_a_signal_can_be_named()
    {
        var signals = (await server.GetAsync($"{Call}?signal=voltage.l1&from=2024-07-15T00:15&to=2024-07-15T00:45"))!["signals"]!.AsArray();

        signals.ShouldHaveSingleItem()!["values"]!.AsArray().Select(one => (double)one!["value"]!).ShouldBe([231.5, 232.5]);
        (await server.GetAsync($"{Call}?signal=voltage.l2&{Day}"))!["signals"]!.AsArray().ShouldHaveSingleItem()!["values"]!.AsArray()
            .ShouldBeEmpty();
        (await server.GetAsync($"/api/meters/m-2/current/history?{Day}"))!["signals"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_step_has_the_value_that_was_kept_last_by_its_end()
    {
        var answer = await server.GetAsync($"{Call}?signal=voltage.l1&from=2024-07-15&to=2024-07-15T03:00&step=50m");

        answer!["signals"]![0]!["values"]!.AsArray()
            .Select(one => (one!["stepEnd"]!.ToString()[11..16], one["readAt"]!.ToString()[11..16], (double)one["value"]!))
            .ShouldBe([("00:50", "00:45", 232.5), ("01:40", "01:30", 235.5), ("02:30", "02:00", 237.5)]);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("&step=1h", " --step 1h")]
    [InlineData("&signal=voltage.l1", " --signal voltage.l1")]
    public async Task An_export_is_what_the_server_answers_as_json_and_as_csv(string query, string options)
    {
        var export = $"export --data {server.Data} --meter m-1 --what current --from 2024-07-15 --to 2024-07-16{options}";
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Call}?{Day}{query}") { Headers = { { "Accept", "text/csv" } } };
        using var answer = await server.Client.SendAsync(request);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        var csv = await Cli.RunAsync(export);

        csv.Output.ShouldBe(await answer.Content.ReadAsStringAsync(), csv.Error);
        csv.Lines[0].ShouldBe("meter,signal,step_end,value,unit,quality,meter_time,read_at");
        csv.Lines[1..].ShouldAllBe(line => line.Split(',').Length == 8);
        (await Cli.RunAsync($"{export} --format json")).Output.ShouldBe(await server.Client.GetStringAsync($"{Call}?{Day}{query}"));
    }

    [Fact]
    public async Task An_export_has_a_line_for_each_value_and_all_meters_are_a_list()
    {
        var csv = await Cli.RunAsync($"export --data {server.Data} --meter m-1 --what current");

        csv.Lines.Length.ShouldBe(17, csv.Error);
        csv.Lines[1].ShouldBe("m-1,power.active.total,,,kW,invalid,,2024-07-15T00:15:00+02:00");
        csv.Lines[^1].ShouldBe("m-1,voltage.l1,,237.5,V,good,,2024-07-15T02:00:00+02:00");
        var json = await Cli.RunAsync($"export --data {server.Data} --all --what current --format json");
        JsonNode.Parse(json.Output)!.AsArray().Select(one => one!["meter"]!.ToString()).ShouldContain("m-1");
    }

    [Theory]
    [InlineData("m-1/current/history?to=2024-07-16", "Both from and to are needed")]
    [InlineData("m-1/current/history?from=2024-07-16&to=2024-07-15", "from must be earlier than to")]
    [InlineData(
        "m-1/current/history?from=2024-07-15&to=2024-07-16&signal=volts",
        "Unknown signal 'volts'; use one of energy.active.import, ")]
    [InlineData("m-1/current/history?from=2024-07-15&to=2024-07-16&step=soon", "'soon' is not a valid step")]
    [InlineData("m-1/current/history?from=2024-07-15&to=2024-07-16&step=0s", "'0s' is not a valid step")]
    [InlineData("m-1/current/history?from=2024-07-15&to=2024-07-16&step=1.5s", "'1.5s' is not a valid step")]
    [InlineData("m-1/current/history?from=2000-01-01&to=2024-07-16&step=1m", "more than 100000 steps of 1m")]
    [InlineData("nobody/current/history?from=2024-07-15&to=2024-07-16", "no meter 'nobody'")]
    public async Task What_cannot_be_answered_is_a_problem_with_a_sentence(string path, string mentions)
    {
        using var answer = await server.Client.GetAsync($"/api/meters/{path}");

        answer.StatusCode.ShouldBe(
            path.StartsWith("nobody", StringComparison.Ordinal) ? HttpStatusCode.NotFound : HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonNode>())!["detail"]!.ToString().ShouldContain(mentions);
    }

    [Theory]
    [InlineData("--step 15m", "Steps need a range with both ends: give from and to.")]
    [InlineData(
        "--step often --from 2024-07-15 --to 2024-07-16",
        "'often' is not a valid step: write whole seconds, minutes, hours or days, such as 15m.")]
    public async Task An_export_that_cannot_be_made_is_refused_in_a_sentence(string options, string sentence)
    {
        var export = await Cli.RunAsync($"export --data {server.Data} --meter m-1 --what current {options}");

        (export.Status, export.Sentence).ShouldBe((2, sentence));
    }
}
