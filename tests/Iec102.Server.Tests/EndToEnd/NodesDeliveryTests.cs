using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Iec102.Testing;
using NodaTime;
using NodaTime.Text;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>What two real nodes deliver into one folder. One test, since a start of two nodes takes long.</summary>
public sealed class NodesDeliveryTests
{
    /// <summary>Longer than the minute between two looks at what is due, and what a node takes to be given up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task One_of_two_nodes_delivers_each_file_once_and_when_it_is_killed_the_other_goes_on()
    {
        await using var two = await TwoNodes.StartAsync(historyDays: 3);
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(two.Fleet("a"))!, "deliveries"));
        await two.WriteAsync(DeliveryOf("daily"));
        var a = await two.ServeBothAsync();
        var b = two["b"];
        await two.ExactAsync(by: "a");

        // Somebody wants it at each node, and at one of them twice.
        var runs = await Task.WhenAll(RunAsync(a), RunAsync(b), RunAsync(b));
        runs.ShouldContain(run => (string)run["outcome"]! == "written", two.Output());
        var period = (string)runs[0]["period"]!;
        Files().ShouldBe([$"daily_{period}.csv"], two.Output());
        var (day, zone) = (LocalDatePattern.Iso.Parse(period).Value, DateTimeZoneProviders.Tzdb["Europe/Madrid"]);
        var hours = (int)(zone.AtStartOfDay(day.PlusDays(1)) - zone.AtStartOfDay(day)).TotalHours;
        var shown = await b.Client.GetStringAsync($"/api/export?from={day:R}&to={day.PlusDays(1):R}&curves=hourly&meters=all&format=csv");
        shown.Count(letter => letter == '\n').ShouldBe(1 + two.Meters.Count() * hours);
        (await File.ReadAllTextAsync(Path.Combine(folder.FullName, $"daily_{period}.csv"))).ShouldBe(shown);

        await a.KillAsync();
        await two.WriteAsync(DeliveryOf("later"));
        await Site.UntilAsync(() => Task.FromResult(Files().Contains($"later_{period}.csv")), Patience, two.Output);

        // It has looked at the one that comes first in the file too.
        Files().ShouldBe([$"daily_{period}.csv", $"later_{period}.csv"], two.Output());
        // The file has its name a moment before that is known.
        string[] deliveries = [];
        await Site.UntilAsync(async () => (deliveries = await DeliveriesAsync()) is [_, "later 1  1"], Patience, two.Output);
        deliveries.ShouldBe(["daily 1  1", "later 1  1"]);
        ((string)(await RunAsync(b))["outcome"]!).ShouldBe("nothing-new");

        string DeliveryOf(string name) => $"deliveries.{name} {{ at = \"00:00\", curves = [hourly], folder = \"{folder.FullName}\" }}";

        async Task<string[]> DeliveriesAsync() =>
        [
            .. (await b.Client.GetFromJsonAsync<JsonNode>("/api/deliveries"))!["deliveries"]!.AsArray()
                .Select(one => $"{one!["name"]} {one["version"]} {one["error"]} {one["files"]!.AsArray().Count}"),
        ];

        IReadOnlyList<string> Files() => [.. folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal)];
    }

    private static async Task<JsonNode> RunAsync(ServerProcess node)
    {
        using var answer = await node.Client.PostAsJsonAsync("/api/deliveries/daily/run", new { });
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }
}
