using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Iec102.Server.Tests.Api;
using Iec102.Storage;
using Iec102.Testing;

namespace Iec102.Server.Tests.Commands;

/// <summary>The commands export, verify, backup and reread, applied to the data of a running server.</summary>
public sealed class StoredDataTests(RunningServer server) : IClassFixture<RunningServer>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-stored-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_export_is_the_same_as_what_the_server_answers_in_both_formats()
    {
        var call = "/api/meters/sim-1/profiles/hourly?from=2000-01-01&to=2099-01-01";
        using var request = new HttpRequestMessage(HttpMethod.Get, call) { Headers = { { "Accept", "text/csv" } } };
        using var csv = await server.Client.SendAsync(request);

        (await Cli.RunAsync($"export --data {server.Data} --meter sim-1")).Output.ShouldBe(await csv.Content.ReadAsStringAsync());
        (await Cli.RunAsync($"export --data {server.Data} --meter sim-1 --format json")).Output.ShouldBe(
            await server.Client.GetStringAsync(call));
    }

    [Fact]
    public async Task All_meters_go_to_a_file_that_has_its_name_only_when_it_is_complete()
    {
        var file = Path.Combine(_folder.FullName, "all.json");

        var result = await Cli.RunAsync($"export --data {server.Data} --all --format json --out {file}");

        result.Status.ShouldBe(0, result.Error);
        var meters = JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsArray();
        meters.Select(meter => (string)meter!["meter"]!).ShouldBe(["sim-1", "sim-2"]);
        meters.ShouldAllBe(meter => meter!["intervals"]!.AsArray().Count > 48);
        _folder.GetFiles().Select(one => one.Name).ShouldBe(["all.json"]);
    }

    [Fact]
    public async Task A_range_of_civil_times_is_the_meters_own()
    {
        var all = (await Cli.RunAsync($"export --data {server.Data} --meter sim-1")).Lines[1..];
        var day = all[30].Split(',')[2][..10];

        var part = await Cli.RunAsync($"export --data {server.Data} --meter sim-1 --from {day}T00:00 --to {day}T05:00");

        part.Lines[1..].ShouldBe(all.Where(line => line.Split(',')[2] is var end && end.StartsWith(day, StringComparison.Ordinal)
            && string.CompareOrdinal(end[11..16], "00:00") > 0 && string.CompareOrdinal(end[11..16], "05:00") <= 0));
        part.Lines.Length.ShouldBe(6);
    }

    [Fact]
    public async Task An_unknown_meter_is_named_with_those_that_are_known()
    {
        var result = await Cli.RunAsync($"export --data {server.Data} --meter sim-3");

        result.Status.ShouldBe(2);
        result.Sentence.ShouldBe("Nothing is stored for a meter 'sim-3'; the store has sim-1, sim-2.");
    }

    [Fact]
    public async Task Verify_finds_no_differences_and_counts_what_it_compared()
    {
        var result = await Cli.RunAsync($"verify --data {server.Data}");

        result.Status.ShouldBe(0, result.Output);
        result.Lines.Single().ShouldMatch(@"^2 curves, [0-9]+ intervals: no differences\.$");
    }

    [Fact]
    public async Task Verify_tells_each_difference_and_fails()
    {
        var restored = await BackUpAndRestoreAsync();
        var readings = $"Data Source={DataDirectory.Existing(restored).ReadingsFile};Pooling=False";
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection(readings))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM load_profile WHERE end_utc = (SELECT min(end_utc) FROM load_profile)";
            (await command.ExecuteNonQueryAsync()).ShouldBe(2);
        }

        var result = await Cli.RunAsync($"verify --data {restored}");

        result.Status.ShouldBe(1);
        result.Lines.Length.ShouldBe(4, result.Output);
        result.Lines[0].ShouldContain("sim-1");
        result.Lines[2].ShouldEndWith(": 2 differences.");
        result.Lines[3].ShouldBe($"To mend this: stop the server, run iec102 repair --data {restored}, and start it again.");
        (await Cli.RunAsync($"repair --data {restored}")).Lines[^1].ShouldBe(
            "Start the server: it rebuilds the coverage of 2 curves and reads from the meters what is missing.");
    }

    [Fact]
    public async Task Repair_needs_a_stopped_server_and_leaves_what_is_in_order()
    {
        (await Cli.RunAsync($"repair --data {server.Data}")).Sentence.ShouldStartWith("A server is using the data directory");

        (await Cli.RunAsync($"repair --data {await BackUpAndRestoreAsync()}")).Output.ShouldEndWith(
            "there is nothing to repair." + Environment.NewLine);
    }

    [Fact]
    public async Task A_backup_taken_while_the_server_runs_holds_what_the_server_holds()
    {
        var restored = await BackUpAndRestoreAsync();

        (await Cli.RunAsync($"verify --data {restored}")).Status.ShouldBe(0);
        var original = (await Cli.RunAsync($"export --data {server.Data} --all")).Lines;
        var copy = (await Cli.RunAsync($"export --data {restored} --all")).Lines;
        copy.ShouldBeSubsetOf(original);
        copy.Length.ShouldBeGreaterThan(96);
    }

    [Fact]
    public async Task A_data_directory_is_moved_into_an_empty_PostgreSQL_database_and_both_export_the_same()
    {
        var (restored, postgres) = (await BackUpAndRestoreAsync(), await (await PostgresServer.Shared).NewDatabaseAsync());

        var result = await Cli.RunAsync(["migrate", "--data", restored, "--to", postgres]);

        result.Status.ShouldBe(0, result.Error);
        result.Lines[0].ShouldMatch("^Copied [0-9]+ rows; 2 curves, [0-9]+ intervals: no differences\\.$");
        (await Cli.RunAsync(["export", "--postgres", postgres, "--all"])).Output.ShouldBe(
            (await Cli.RunAsync($"export --data {restored} --all")).Output);
        (await Cli.RunAsync(["migrate", "--data", restored, "--to", postgres])).Sentence.ShouldContain("already holds readings");
        (await Cli.RunAsync(["migrate", "--data", restored, "--to", "Host=h;Password=zebra"])).Sentence.ShouldStartWith(
            "--to: must name the server and the database");
    }

    [Fact]
    public async Task A_backup_is_not_unpacked_over_databases()
    {
        var file = Path.Combine(_folder.FullName, "backup.zip");
        await Cli.RunAsync($"backup --data {server.Data} --out {file}");

        var result = await Cli.RunAsync($"backup --restore {file} --data {server.Data}");

        result.Status.ShouldBe(1);
        result.Sentence.ShouldContain("name an empty directory");
    }

    [Fact]
    public async Task Support_saves_the_state_of_a_port_and_its_last_frames_for_decode_to_explain_without_a_key()
    {
        var file = Path.Combine(_folder.FullName, "support.txt");

        var result = await Cli.RunAsync($"support sim-1 --url {server.Url} --out {file}");

        result.Output.ShouldBe($"Wrote {file}; it shows no key, but read it before you send it.{Environment.NewLine}");
        var text = await File.ReadAllTextAsync(file);
        text.ShouldContain("\"id\": \"line-1\"");
        text.ShouldContain("\"id\": \"sim-2\"");
        var frames = text.Split("secrets as **:")[1].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        frames.ShouldAllBe(frame => frame.Contains(" -> ") || frame.Contains(" <- "));
        frames.Count(frame => frame.EndsWith(" 16]", StringComparison.Ordinal)).ShouldBeGreaterThan(50);
        var decoded = await Cli.RunAsync("decode -", string.Join('\n', frames));
        decoded.Lines.Count(line => line.StartsWith("Frame ", StringComparison.Ordinal)).ShouldBe(frames.Length);
        (await Cli.RunAsync($"support line-1 --url {server.Url} --out -")).Output.ShouldStartWith("iec102 ");
        (await Cli.RunAsync($"support nobody --url {server.Url}")).Sentence.ShouldStartWith("There is no port and no meter 'nobody'");
    }

    [Fact]
    public async Task Trace_shows_the_octets_when_they_are_wanted()
    {
        using var enough = new CancellationTokenSource();
        var trace = Cli.RunAsync($"trace --port line-1 --octets --url {server.Url}", ct: enough.Token);
        await Cli.RunAsync($"reread --meter sim-1 --from 2024-01-01 --to 2099-01-01 --url {server.Url}");
        using var read = await server.Client.PostAsync("/api/meters/sim-1/read", JsonContent.Create(new { what = "clock" }));
        await enough.CancelAsync();

        (await trace).Lines.ShouldContain(line => line.Contains(" -> C ") && line.EndsWith(" 16]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reread_tells_how_much_will_be_read_again()
    {
        var end = (await Cli.RunAsync($"export --data {server.Data} --meter sim-2")).Lines[20].Split(',')[2];
        var day = end[..10];

        var result = await Cli.RunAsync($"reread --url {server.Url} --meter sim-2 --from {day}T10:00 --to {day}T16:00");

        result.Status.ShouldBe(0, result.Error);
        result.Lines.Single().ShouldBe("sim-2, hourly: 6 intervals will be read again.");
    }

    [Fact]
    public async Task What_the_server_objects_to_is_its_own_sentence()
    {
        using var answer = await server.Client.GetAsync("/api/meters/nobody");
        var detail = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!;

        var result = await Cli.RunAsync($"reread --url {server.Url} --meter nobody --from 2024-10-26 --to 2024-10-27");

        result.Status.ShouldBe(1);
        result.Sentence.ShouldBe(detail);
    }

    [Fact]
    public async Task Without_a_server_a_reread_says_where_none_answers()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var address = listener.LocalEndpoint.ToString();
        listener.Stop();

        var result = await Cli.RunAsync($"reread --url http://{address} --meter m-1 --from 2024-10-26 --to 2024-10-27");

        result.Status.ShouldBe(1);
        result.Sentence.ShouldStartWith($"No server answers at http://{address}/");
    }

    private async Task<string> BackUpAndRestoreAsync()
    {
        var (file, restored) = (Path.Combine(_folder.FullName, "backup.zip"), Path.Combine(_folder.FullName, "restored"));
        var backup = await Cli.RunAsync($"backup --data {server.Data} --out {file}");
        backup.Status.ShouldBe(0, backup.Error);
        var restore = await Cli.RunAsync($"backup --restore {file} --data {restored}");
        restore.Status.ShouldBe(0, restore.Error);
        return restored;
    }
}
