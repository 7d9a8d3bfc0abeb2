using System.Text;
using System.Text.Json.Nodes;
using Iec102.Testing;

namespace Iec102.Server.Tests.Api;

/// <summary>
/// Promise R6 for HTTP: whatever is requested, the answer is a fitting status and one sentence, and the server keeps running.
/// </summary>
public sealed class ApiRobustnessTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const int Requests = 3000;

    private static readonly string[] Seeds =
    [
        "/api/meters/sim-1/profiles/hourly?from=2024-10-27T02:00:00%2B02:00&to=2024-10-28T00:00:00%2B01:00&revisions=all",
        "/api/meters/sim-1/profiles/hourly/coverage?from=2024-10-27&to=2024-10-28",
        "/api/meters/sim-1/events?from=2024-01-01T00:00:00Z&to=2024-02-01T00:00:00Z",
        "/api/meters/sim-1/current", "/api/meters/sim-2", "/api/ports/line-1", "/api/meters/sim-1/closings?from=2024-01-01",
        "/api/meters/sim-1/clock?to=now",
        "/api/meters/sim-1/read", "/api/meters/sim-1/profiles/hourly/reread", "/metrics", "/health/ready",
    ];

    private static readonly string[] Bodies =
    [
        "{\"what\": \"current\"}", "{\"from\": \"2024-10-27T02:00:00+02:00\", \"to\": \"2024-10-28T00:00:00+01:00\"}", "", "null", "[]",
        "{\"what\": 7}", "{\"what\":",
    ];

    private static readonly string[] Fragments =
    [
        "..", "//", "%00", "%2F", "%ff", "&", "=", "?", "#", "-1", "99999999999999999999", "0001-01-01", "9999-12-31T23:59:59.9999999Z",
        "2024-02-30", "24:00", "é", "\"", "'",
        "<x>", "{", "nan", "+", "%2B", "from=", "to=",
    ];

    [Fact]
    public async Task R6_thousands_of_damaged_requests_get_an_answer_each_and_cost_nothing_else()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var byStatus = new SortedDictionary<int, int>();
        for (var i = 0; i < Requests; i++)
        {
            var path = Damaged(Seeds[random.Next(Seeds.Length)], random);
            using var request = new HttpRequestMessage(HttpMethod.Get, (Uri?)null);
            if (!Uri.TryCreate(server.Url + path, UriKind.Absolute, out var uri))
                continue;
            request.RequestUri = uri;
            if (random.Next(4) == 0)
            {
                request.Method = random.Next(5) == 0 ? HttpMethod.Put : HttpMethod.Post;
                request.Content = new StringContent(
                    Damaged(Bodies[random.Next(Bodies.Length)], random), Encoding.UTF8,
                    random.Next(4) == 0 ? "text/plain" : "application/json");
            }

            using var answer = await server.Client.SendAsync(request);
            var status = (int)answer.StatusCode;
            var where = $"seed {seed}: {request.Method} {path}";
            status.ShouldBeLessThan(500, where);
            byStatus[status] = byStatus.GetValueOrDefault(status) + 1;
            if (status is 400 or 404 && answer.Content.Headers.ContentType?.MediaType == "application/problem+json")
                JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["title"]!.ToString().ShouldNotBeEmpty(where);
        }

        byStatus.Keys.Count.ShouldBeGreaterThan(2);
        (await server.Client.GetAsync("/health/ready")).EnsureSuccessStatusCode();
        var answered = string.Join(", ", byStatus.Select(pair => $"{pair.Value} x {pair.Key}"));
        Promise.Report("R6", "damaged HTTP requests", $"{byStatus.Values.Sum()}, answered {answered}");
    }

    private static string Damaged(string text, Random random)
    {
        for (var damage = random.Next(3); damage >= 0; damage--)
        {
            // Half of the damage goes into the query, because damaged paths all get the same answer.
            var query = random.Next(2) == 0 ? text.IndexOf('?', StringComparison.Ordinal) + 1 : 0;
            var at = random.Next(query, text.Length + 1);
            var until = Math.Min(text.Length, at + random.Next(6));
            text = random.Next(3) switch
            {
                0 => text[..at] + Fragments[random.Next(Fragments.Length)] + text[at..],
                1 => text[..at] + text[until..],
                _ => text[..at] + Fragments[random.Next(Fragments.Length)] + text[until..],
            };
        }

        return text;
    }
}
