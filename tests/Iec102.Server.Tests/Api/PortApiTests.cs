using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Iec102.Server.Tests.Commands;
using Iec102.Server.Tests.EndToEnd;
using Iec102.Simulator.Hosting;
using Iec102.Storage;
using Iec102.Storage.Upkeep;

namespace Iec102.Server.Tests.Api;

/// <summary>What operators do with a port and with the server itself, against simulated meters.</summary>
public sealed class PortApiTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-ports-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_port_is_paused_for_somebody_else_and_resumed_and_its_line_opened_anew()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions { Meters = 2, MetersPerPort = 2, HistoryDays = 1 });
        await using var host = await RunningServer.StartAsync(simulator.Fleet, Path.Combine(_folder.FullName, "data"));
        using var client = new HttpClient { BaseAddress = new Uri(host.Urls[0]) };
        var port = (await client.GetFromJsonAsync<JsonArray>("/api/ports"))![0]!["id"]!.ToString();
        await Becomes("open");

        var paused = await Post("pause", new { minutes = 30 });
        paused["pause"]!["by"]!.ToString().ShouldNotBeEmpty();
        await Becomes("paused");
        var shown = (await client.GetFromJsonAsync<JsonNode>($"/api/ports/{port}"))!;
        (shown["verdict"]!.ToString(), shown["cause"]!.ToString()).ShouldBe(("off", "paused"));
        shown["pause"]!.ToJsonString().ShouldBe(paused["pause"]!.ToJsonString());
        shown["nextTry"]!.ToString().ShouldBe(paused["pause"]!["until"]!.ToString());
        var meters = (await client.GetFromJsonAsync<JsonArray>("/api/meters"))!;
        meters.Select(meter => $"{meter!["verdict"]} {meter["cause"]} {meter["blame"]}").ShouldAllBe(said => said == $"off paused {port}");
        (await client.GetFromJsonAsync<JsonNode>("/api/status"))!["problems"]!.AsArray().ShouldBeEmpty();
        (await Send(HttpMethod.Post, "reconnect", new { })).StatusCode.ShouldBe(HttpStatusCode.Conflict);

        (await Send(HttpMethod.Delete, "pause", new { })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Becomes("open");
        (await Post("reconnect", new { }))["pause"].ShouldBeNull();
        await Becomes("open");

        foreach (var minutes in (object[])[new { minutes = 1441 }, new { minutes = -1 }, new { }, "30"])
            (await Send(HttpMethod.Post, "pause", minutes)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await client.PostAsJsonAsync("/api/ports/none/pause", new { minutes = 5 })).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        // The same by commands.
        (await Cli.RunAsync($"port pause {port} --minutes 30 --url {host.Urls[0]}")).Output.ShouldStartWith(
            $"The line of {port} is closed until 20");
        await Becomes("paused");
        var list = await Cli.RunAsync($"port list --url {host.Urls[0]}");
        list.Status.ShouldBe(0);
        list.Lines[^1].ShouldMatch($"^ *{port} +off, paused +paused .* paused until 20.*, as 127.0.0.1 asked$");
        (await Cli.RunAsync($"port reconnect {port} --url {host.Urls[0]}")).Sentence.ShouldContain("resume it first");
        (await Cli.RunAsync($"port pause {port} --minutes 0 --url {host.Urls[0]}")).Output.ShouldBe($"{port} is not paused.\n");
        await Becomes("open");
        (await Cli.RunAsync($"port reconnect {port} --url {host.Urls[0]}")).Output.ShouldBe($"The line of {port} is opened anew.\n");
        (await Cli.RunAsync($"port pause none --minutes 5 --url {host.Urls[0]}")).Status.ShouldBe(1);

        Task Becomes(string state) => Site.UntilAsync(
            async () => (await client.GetFromJsonAsync<JsonNode>($"/api/ports/{port}"))!["state"]!.ToString() == state,
            TimeSpan.FromSeconds(30), () => $"The port did not become {state}.");

        async Task<JsonNode> Post(string what, object body) =>
            (await (await Send(HttpMethod.Post, what, body)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>())!;

        Task<HttpResponseMessage> Send(HttpMethod method, string what, object body) => client.SendAsync(
            new HttpRequestMessage(method, $"/api/ports/{port}/{what}") { Content = JsonContent.Create(body) });
    }

    [Fact]
    public async Task A_backup_is_made_in_the_folder_of_the_fleet_file_and_the_oldest_go()
    {
        var backups = Path.Combine(_folder.FullName, "backups");
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions { Meters = 1, HistoryDays = 1 });
        var fleet = $"{simulator.Fleet}\niec102.backup {{ folder = \"{backups}\", keep = 1 }}\n";
        await using var host = await RunningServer.StartAsync(fleet, Path.Combine(_folder.FullName, "data"));
        using var client = new HttpClient { BaseAddress = new Uri(host.Urls[0]) };
        Directory.CreateDirectory(backups);
        File.WriteAllText(Path.Combine(backups, "iec102-20200101T000000Z.zip"), "old");
        File.WriteAllText(Path.Combine(backups, "mine.zip"), "mine");

        var before = (await client.GetFromJsonAsync<JsonNode>("/api/system"))!;
        (before["backup"], before["backupFolder"]!.ToString()).ShouldBe((null, backups));
        (before["store"]!["kind"]!.ToString(), (long)before["store"]!["bytes"]! > 0).ShouldBe(("sqlite", true));
        var answer = await client.PostAsJsonAsync("/api/system/backup", new { });

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var file = (await answer.Content.ReadFromJsonAsync<JsonNode>())!["file"]!.ToString();
        Directory.GetFiles(backups).Order().ShouldBe([file, Path.Combine(backups, "mine.zip")]);
        (await client.GetFromJsonAsync<JsonNode>("/api/system"))!["backup"]!["file"]!.ToString().ShouldBe(file);
        Backup.Restore(file, Path.Combine(_folder.FullName, "restored"));
        new Verifier(new Storage.Databases.SqliteDatabase(DataDirectory.Existing(Path.Combine(_folder.FullName, "restored"))))
            .Run().Differences.ShouldBeEmpty();
    }
}
