using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Iec102.Server.Tests.Commands;

namespace Iec102.Server.Tests.Api;

/// <summary>
/// Every date that the API or the command line takes, at the edges of the calendar: it is understood, or refused in a sentence.
/// </summary>
public sealed class DateInputTests(ToldServer server) : IClassFixture<ToldServer>
{
    private static readonly string[] Refused =
    [
        "9999-12-31T24:00", "9999-12-31T24:00:00", "9999-12-31 24:00", "9999-12-31T24:00Z", "9999-12-31T24:00+14:00",
        "9999-12-31T23:59:59Z", "9999-12-31T23:59:59.999999999Z", "9999-12-31T23:00-12:00", "9999-12-31T23:00-18:00",
        "2024-10-27T02:00+19:00", "2024-10-27T02:00:00+19:00", "2024-10-27T02:00-18:00", "2024-10-27T02:00+18:00",
        "2024-10-27T02:00-14:01", "2024-10-27T02:00+99:99", "2024-10-27T02:00+24:00", "2024-10-27T02:00 19:00",
        "0000-01-01T00:00Z", "0000-01-01T00:00+14:00", "-0001-01-01", "-9998-01-01", "-9998-01-01T00:00+14:00", "-9999-01-01",
        "10000-01-01", "2024-02-30", "2023-02-29", "2024-13-01", "2024-00-10", "2024-10-27T25:00", "2024-10-27T24:01",
        "2024-10-27T02:60", "2024-10-27T02:00:60", "99999999999999999999", "\u0660\u0661",
    ];

    private static readonly string[] Understood =
    [
        "0000-01-01", "0001-01-01", "0001-01-01T00:00:00Z", "9999-12-31", "9999-12-31T23:59:59", "9999-12-31T08:00-14:00",
        "2024-10-27T24:00", "2024-10-27T02:00-14:00", "2024-03-31T02:30",
    ];

    private static readonly string[] Calls =
    [
        "/api/profiles/hourly?", "/api/audit?", "/api/completeness?meters=m-1&curves=hourly&", "/api/export?meters=m-1&curves=hourly&",
        .. ((string[])
        [
            "current/history?", "current/history?step=1h&", "profiles/hourly?", "profiles/quarter-hour?", "profiles/daily-closing?",
            "profiles/hourly?revisions=all&", "profiles/hourly/coverage?", "events?", "tariff?", "closings?", "clock?",
        ]).Select(call => "/api/meters/m-1/" + call),
    ];

    /// <summary>It counts civil days, so it takes dates without a time.</summary>
    private const string Days = "/api/meters/m-1/profiles/hourly/days";

    [Fact]
    public async Task The_calls_here_are_all_that_take_dates()
    {
        var described = (await server.GetAsync("/openapi/v1.json"))!["paths"]!.AsObject()
            .Where(path => path.Value!["get"]?["parameters"]?.AsArray().Any(one => one!["name"]!.ToString() == "from") == true)
            .Select(path => path.Key.Replace("{id}", "m-1").Replace("{curve}", "hourly"));

        Calls.Select(call => call[..call.IndexOf('?')]).Where(call => !call.EndsWith("quarter-hour") && !call.EndsWith("daily-closing"))
            .Distinct().Append(Days).Order().ShouldBe(described.Order());
    }

    [Theory]
    [InlineData("2024-07-15", "2024-07-16", true)]
    [InlineData("2024-02-29", "2026-03-01", true)]
    [InlineData("9999-12-30", "9999-12-31", true)]
    [InlineData("2024-02-29", "2026-03-02", false)]
    [InlineData("2024-07-15", "2024-07-15", false)]
    [InlineData("2024-07-16", "2024-07-15", false)]
    [InlineData("2024-07-15T00:00", "2024-07-16", false)]
    [InlineData("2024-02-30", "2024-07-16", false)]
    [InlineData("0000-01-01", "0000-01-02", false)]
    [InlineData("-9998-01-01", "9999-12-31", false)]
    public async Task The_days_of_a_curve_are_asked_by_dates_of_two_years_at_most(string from, string to, bool understood)
    {
        using var answer = await server.Client.GetAsync($"{Days}?from={from}&to={to}");

        answer.StatusCode.ShouldBe(understood ? HttpStatusCode.OK : HttpStatusCode.BadRequest);
        if (!understood)
            (await answer.Content.ReadFromJsonAsync<JsonNode>())!["detail"]!.ToString().ShouldContain("must be dates");
    }

    [Fact]
    public async Task The_api_refuses_what_is_no_time_with_400_and_a_sentence()
    {
        foreach (var (call, value) in Calls.SelectMany(call => Refused.Select(value => (call, value))))
        {
            var escaped = Uri.EscapeDataString(value);
            foreach (var range in (string[])[$"from={escaped}&to=2024-07-16", $"from=2024-07-15&to={escaped}"])
            {
                using var answer = await server.Client.GetAsync(call + range);
                await ShouldBeRefusedAsync(answer, value, call + range);
            }
        }

        foreach (var value in Refused)
        {
            foreach (var body in (object[])[new { from = value, to = "2024-07-16" }, new { from = "2024-07-15", to = value }])
            {
                using var answer = await server.Client.PostAsJsonAsync("/api/meters/m-1/profiles/hourly/reread", body);
                await ShouldBeRefusedAsync(answer, value, "reread");
            }
        }
    }

    [Fact]
    public async Task The_api_understands_every_time_that_there_is()
    {
        foreach (var (call, value) in Calls.SelectMany(call => Understood.Select(value => (call, value))))
        {
            using var from = await server.Client.GetAsync($"{call}from={value}&to=9999-12-31T23:59:59");
            using var to = await server.Client.GetAsync($"{call}from=0000-01-01T00:00&to={value}");
            foreach (var answer in (HttpResponseMessage[])[from, to])
            {
                // Refused only for an empty range, for too many steps, or because the meter has no such curve.
                var said = await answer.Content.ReadAsStringAsync();
                if (answer.StatusCode != HttpStatusCode.OK)
                    said.ShouldMatch("from must be earlier|more than 100000 steps|is not recorded", $"{call} {value}");
            }
        }
    }

    [Theory]
    [InlineData("export --data DATA --meter m-1")]
    [InlineData("export --data DATA --meter m-1 --curve daily-closing")]
    [InlineData("export --data DATA --meter m-1 --what current --step 1h")]
    [InlineData("export --data DATA --all --what events")]
    [InlineData("reread --url URL --meter m-1")]
    [InlineData("read profile --tcp 127.0.0.1:1 --link 1 --point 1 --password 1")]
    [InlineData("read closings --tcp 127.0.0.1:1 --link 1 --point 1 --password 1")]
    [InlineData("read events --tcp 127.0.0.1:1 --link 1 --point 1 --password 1")]
    [InlineData("read tariff --tcp 127.0.0.1:1 --link 1 --point 1 --password 1")]
    public async Task The_command_line_refuses_what_is_no_time_with_a_sentence(string command)
    {
        var line = command.Replace("DATA", server.Data, StringComparison.Ordinal)
            .Replace("URL", server.Client.BaseAddress!.ToString(), StringComparison.Ordinal).Split(' ');
        foreach (var value in Refused)
        {
            var from = await Cli.RunAsync([.. line, $"--from={value}", "--to=2024-07-16"]);
            var to = await Cli.RunAsync([.. line, "--from=2024-07-15", $"--to={value}"]);

            from.Sentence.ShouldContain($"'{value}' is not a valid time");
            to.Sentence.ShouldContain($"'{value}' is not a valid time");
            // Only the server knows the meter's zone, so that a few texts are refused only by it.
            (from.Status, to.Status).ShouldBe(line[0] == "reread" && from.Status == 1 ? (1, 1) : (2, 2), value);
        }
    }

    private static async Task ShouldBeRefusedAsync(HttpResponseMessage answer, string value, string where)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, $"{where} {value}");
        (await answer.Content.ReadFromJsonAsync<JsonNode>())!["detail"]!.ToString().ShouldContain($"'{value}' is not a valid time");
    }
}
