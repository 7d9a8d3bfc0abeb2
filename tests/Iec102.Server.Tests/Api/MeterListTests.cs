using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Iec102.Contract;
using Iec102.Server.Hosting;

namespace Iec102.Server.Tests.Api;

/// <summary>The list of meters: which, in which order, and page by page.</summary>
public sealed class MeterListTests : IAsyncLifetime
{
    private const string Fleet = """
        iec102 {
          ports { p2 { tcp = "127.0.0.1:1" }, p10 { tcp = "127.0.0.1:2" }, p1 { tcp = "127.0.0.1:3" } }
          meters {
            m-1  { port = p2, link-address = 1, password = 1, enabled = false, site = Norte, name = "Bomba 10", tags = [agua] }
            m-10 { port = p2, link-address = 10, password = 1, enabled = false, site = Sur, name = "Bomba 2", tags = [agua, sur] }
            m-2  { port = p10, link-address = 2, password = 1, enabled = false, site = Norte, group = G, meter-number = "500" }
            M-3  { port = p10, link-address = 3, password = 1, site = Sur }
            m-20 { port = p1, link-address = 20, password = 1, enabled = false }
          }
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-list-");
    private ServerHost _host = null!;

    private HttpClient Client { get; set; } = null!;

    public async Task InitializeAsync()
    {
        _host = await RunningServer.StartAsync(Fleet, Path.Combine(_folder.FullName, "data"));
        Client = new HttpClient { BaseAddress = new Uri(_host.Urls[0]) };
        await EndToEnd.Site.UntilAsync(
            async () => (await IdsAsync("/api/meters")).Length == 5, TimeSpan.FromSeconds(20), () => "The meters are not listed.");
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Meters_are_chosen_and_sorted_as_people_count()
    {
        (string Query, string Ids)[] expected =
        [
            ("", "m-1 m-2 M-3 m-10 m-20"), ("?sort=-id", "m-20 m-10 M-3 m-2 m-1"),
            ("?port=p2", "m-1 m-10"), ("?site=norte", "m-1 m-2"), ("?group=G", "m-2"), ("?tag=agua", "m-1 m-10"),
            ("?site=Oeste", ""), ("?verdict=off", "m-1 m-2 m-10 m-20"), ("?verdict=ok,off&port=p10", "m-2"),
            ("?q=bomba", "m-1 m-10"), ("?q=500", "m-2"), ("?q=m-1", "m-1 m-10"), ("?q=p10", "m-2 M-3"), ("?q=SUR&tag=agua", "m-10"),
            ("?sort=name", "m-10 m-1 m-2 M-3 m-20"), ("?sort=-name", "m-1 m-10 m-2 M-3 m-20"),
            ("?sort=port", "m-20 m-1 m-10 m-2 M-3"), ("?sort=-site", "M-3 m-10 m-1 m-2 m-20"),
        ];

        foreach (var (query, ids) in expected)
            string.Join(' ', await IdsAsync("/api/meters" + query)).ShouldBe(ids, query);
        (await IdsAsync("/api/ports")).ShouldBe(["p1", "p2", "p10"]);
    }

    [Fact]
    public async Task Pages_follow_each_other_to_the_end()
    {
        var (pages, next) = (new List<string>(), "?limit=2&sort=-id");
        while (next is not null)
        {
            pages.Add(string.Join(' ', await IdsAsync("/api/v1/meters" + next)));
            using var answer = await Client.GetAsync("/api/v1/meters" + next);
            next = answer.Headers.TryGetValues("Link", out var links) && links.Single() is var link && link.EndsWith("; rel=\"next\"")
                ? link[1..link.IndexOf('>')]
                : null;
        }

        pages.ShouldBe(["m-20 m-10", "M-3 m-2", "m-1"]);
    }

    [Theory]
    [InlineData("?limit=0", HttpStatusCode.BadRequest, "limit = '0' is not a whole number from 1 to 1000.")]
    [InlineData("?limit=many", HttpStatusCode.BadRequest, "limit = 'many' is not a whole number from 1 to 1000.")]
    [InlineData("?cursor=m-7", HttpStatusCode.BadRequest, "cursor = 'm-7' is not a meter of this list")]
    [InlineData("?cursor=m-1&port=p1", HttpStatusCode.BadRequest, "cursor = 'm-1' is not a meter of this list")]
    [InlineData("?port=p7", HttpStatusCode.NotFound, "There is no port 'p7'")]
    [InlineData("?verdict=off,broken", HttpStatusCode.BadRequest, "Unknown verdict = 'broken'; use ok or ")]
    [InlineData("?sort=age", HttpStatusCode.BadRequest, "Unknown sort = 'age'; use id or ")]
    [InlineData("?state=online", HttpStatusCode.BadRequest, "Unknown parameter 'state'; this call takes verdict, port, site, ")]
    public async Task What_cannot_be_chosen_by_is_refused(string query, HttpStatusCode status, string sentence)
    {
        using var answer = await Client.GetAsync("/api/meters" + query);

        answer.StatusCode.ShouldBe(status);
        (await answer.Content.ReadFromJsonAsync<JsonNode>())!["detail"]!.ToString().ShouldStartWith(sentence);
    }

    [Fact]
    public void Natural_order_compares_numbers_by_value()
    {
        string?[] sorted = ["", "01", "1", "2", "10", "99999999999999999999", "a", "A1", "a1b2", "a1b10", "a2", "m_1", null];

        var shuffled = sorted.Reverse().ToArray();
        shuffled.Order(NaturalOrder.Instance).ShouldBe(sorted);
    }

    private async Task<string[]> IdsAsync(string path) =>
        [.. (await Client.GetFromJsonAsync<JsonArray>(path))!.Select(one => one!["id"]!.ToString())];
}
