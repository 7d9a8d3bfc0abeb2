using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Iec102.Lines;
using Iec102.Server.Tests.Alarms;
using Iec102.Server.Tests.Api;
using Iec102.Server.Tests.Commands;
using Iec102.Simulator.Hosting;
using Iec102.Testing;
using NodaTime;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>What an operator who is not looking is told of a fleet with four faults.</summary>
public sealed class AlarmTests
{
    [Fact]
    public async Task Four_faults_are_four_alarms_that_are_posted_and_what_was_acknowledged_is_still_so_after_a_restart()
    {
        using var site = new Site();
        using var receiver = new Receiver();
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions
        {
            Meters = 30,
            MetersPerPort = 5,
            HistoryDays = 1,
            Speed = new LineFormat(9600, 8, Parity.None, 1),
            MeterOf = (index, meter) => index == 16 ? meter with { ClockOffset = Duration.FromMinutes(40) } : meter,
        });
        var dead = simulator.Lines[5].Port!.Value;
        var fleet = simulator.Fleet.Replace($":{dead}\"", $":{Site.FreePort()}\"", StringComparison.Ordinal) + $$"""

            iec102.meters.sim-2.password = 4711
            iec102.meters.sim-8.link-address = 900
            iec102.ports.line-2.timing.reply-timeout = 1s
            iec102.alarms { delay = 3s, webhook { url = "{{receiver.Url}}", secret = "{{Receiver.Secret}}" } }
            """;
        string[] four = ["meter.sim-17.clock", "meter.sim-2.password", "meter.sim-8.no-answer", "port.line-6.line-down"];
        await using (var host = await RunningServer.StartAsync(fleet, site.Data))
        {
            CliResult list = null!;
            await Site.UntilAsync(
                async () => (list = await Cli.RunAsync($"alarm list --url {host.Urls[0]}")).Output.Split('\n').Length >= 2 + four.Length
                    && receiver.Received.Count >= four.Length,
                TimeSpan.FromMinutes(2), () => $"{list.Output}{list.Error}");
            list.Status.ShouldBe(1);
            list.Lines[1..].Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0])
                .Where(word => word.Contains('.', StringComparison.Ordinal)).Order(StringComparer.Ordinal).ShouldBe(four);
            receiver.Received.ShouldAllBe(posted => posted.IsSignedWith(Receiver.Secret));
            receiver.Received.Select(posted => $"{posted.Json["change"]} {posted.Json["alarm"]!["id"]}").Order(StringComparer.Ordinal)
                .ShouldBe(four.Select(id => $"raised {id}"));

            foreach (var id in four)
                (await Cli.RunAsync($"alarm ack {id} --url {host.Urls[0]}")).Output.ShouldBe(
                    $"{id} is acknowledged by 127.0.0.1; its problem still stands.\n");
            (await Cli.RunAsync($"alarm list --url {host.Urls[0]}")).Status.ShouldBe(0);
            (await Cli.RunAsync($"alarm shelve {four[0]} --hours 2 --url {host.Urls[0]}")).Output.ShouldStartWith(
                $"Nothing is sent of {four[0]} until 20");
            var metrics = await GetAsync(host.Urls[0], "/metrics");
            metrics.ShouldContain("iec102_alarms{state=\"active-acknowledged\",priority=\"medium\"} 2\n");
            (await Cli.RunAsync($"alarm test --url {host.Urls[0]}")).Output.ShouldEndWith(": sent\n");
            (await Cli.RunAsync($"alarm ack meter.none.password --url {host.Urls[0]}")).Sentence.ShouldContain("no alarm 'meter.none");
        }

        await using (var host = await RunningServer.StartAsync(fleet, site.Data))
        {
            JsonArray alarms = [], problems = [];
            await Site.UntilAsync(
                async () => (alarms = (await JsonAsync(host.Urls[0]))["alarms"]!.AsArray()).Count == 4
                    && (problems = JsonNode.Parse(await GetAsync(host.Urls[0], "/api/status"))!["problems"]!.AsArray()).Count == 4,
                TimeSpan.FromMinutes(1), () => alarms.ToJsonString());
            problems.Select(problem => (string?)problem!["since"]).Order(StringComparer.Ordinal).ShouldBe(
                alarms.Select(alarm => (string?)alarm!["since"]).Order(StringComparer.Ordinal), "Both say since when it is wrong.");
            alarms.ShouldAllBe(alarm => (bool)alarm!["active"]! && (string?)alarm["acknowledgedBy"] == "127.0.0.1"
                && (int)alarm["count"]! == 1);
            receiver.Received.Count(posted => (string?)posted.Json["change"] is "raised" or "raised-again").ShouldBe(4);
        }
    }

    [Fact]
    public async Task R11_what_a_receiver_that_is_away_has_not_got_when_the_server_is_killed_it_gets_once_when_both_are_back()
    {
        using var site = new Site();
        using var receiver = new Receiver { IsAway = true };
        await using var simulator = await site.SimulateAsync(new SimulatorOptions { Meters = 1, HistoryDays = 1 });
        await File.AppendAllTextAsync(site.Fleet, $$"""

            iec102.meters.sim-1.password = 4711
            iec102.alarms { delay = 1s, webhook { url = "{{receiver.Url}}", secret = "{{Receiver.Secret}}" } }
            """);
        await using (var server = await ServerProcess.ServeAsync(site.Fleet, site.Data))
        {
            await Site.UntilAsync(() => Task.FromResult(!receiver.Received.IsEmpty), TimeSpan.FromSeconds(30), () => server.Output);
            using var note = await server.Client.PostAsJsonAsync("/api/alarms/meter.sim-1.password/note", new { text = "Ana knows." });
            note.EnsureSuccessStatusCode();
            await server.KillAsync();
        }

        var key = receiver.Received.First().Key;
        receiver.Received.Clear();
        receiver.IsAway = false;
        await using var back = await ServerProcess.ServeAsync(site.Fleet, site.Data);
        await Site.UntilAsync(() => Task.FromResult(receiver.Received.Count >= 2), TimeSpan.FromSeconds(30), () => back.Output);
        await Site.UntilAsync(
            async () => (await GetAsync(back.Url, "/api/status")).Contains("\"password\"", StringComparison.Ordinal),
            TimeSpan.FromSeconds(30), () => back.Output);
        receiver.Received.Select(posted => $"{posted.Json["change"]} {posted.Json["alarm"]!["id"]}").ShouldBe(
            ["raised meter.sim-1.password", "noted meter.sim-1.password"], back.Output);
        receiver.Received.First().Key.ShouldBe(key);
    }

    private static async Task<string> GetAsync(string server, string path)
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri(new Uri(server), path));
    }

    private static async Task<JsonNode> JsonAsync(string server)
    {
        using var client = new HttpClient();
        return (await client.GetFromJsonAsync<JsonNode>(new Uri(new Uri(server), "/api/alarms?state=all")))!;
    }
}
