using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Iec102.Simulator.Hosting;
using Iec102.Testing;
using Microsoft.Data.Sqlite;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>
/// How the real program behaves when its disk or its databases fail: it reports the fault, loses nothing, and recovers by itself.
/// </summary>
public sealed class StorageFaultTests
{
    private const int Days = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly Lines.LineFormat Slow = new(38400, 8, Lines.Parity.None, 1);

    [Fact]
    public async Task Recording_pauses_while_the_disk_is_nearly_full_and_goes_on_when_there_is_room_again()
    {
        using var site = new Site();
        Directory.CreateDirectory(site.Data);
        await using var simulator = await site.SimulateAsync(
            new SimulatorOptions { Meters = 2, MetersPerPort = 2, HistoryDays = Days, Speed = Slow });
        await using var server = await ServerProcess.AnsweringAsync(
            ServerProcess.Start(site.Fleet, site.Data, before: OnSmallDisk(site.Data, "size=330m")));
        var disk = $"/proc/{server.Id}/root{site.Data}";
        await Site.UntilAsync(async () => await RecordedAsync(server) > 100, Patience, () => server.Output);

        await File.WriteAllBytesAsync(Path.Combine(disk, "filler"), new byte[150 * 1024 * 1024]);
        await Site.UntilAsync(
            () => Task.FromResult(server.Output.Contains("Less than 200 MiB are free", StringComparison.Ordinal)), Patience,
            () => server.Output);
        File.Delete(Path.Combine(disk, "filler"));
        await Site.UntilAsync(
            () => Task.FromResult(server.Output.Contains("readings.db again.", StringComparison.Ordinal)), Patience, () => server.Output);

        await Site.CompleteAsync(server, 2, Patience);
        var (exit, report) = await ServerProcess.RunByAsync(BesideProcess(server.Id), "verify", "--data", site.Data);
        exit.ShouldBe(0, report);
        (await RecordedAsync(server)).ShouldBeGreaterThanOrEqualTo(2 * (Days - 1) * 24);
    }

    [Fact]
    public async Task A_database_that_another_program_locks_is_named_and_written_when_it_is_free_again()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(
            new SimulatorOptions { Meters = 2, MetersPerPort = 2, HistoryDays = Days, Speed = Slow });
        await using var server = await ServerProcess.ServeAsync(site.Fleet, site.Data);
        await Site.UntilAsync(async () => await RecordedAsync(server) > 100, Patience, () => server.Output);

        await using (var other = new SqliteConnection($"Data Source={Path.Combine(site.Data, "readings.db")};Pooling=False"))
        {
            await other.OpenAsync();
            await using var command = other.CreateCommand();
            command.CommandText = "PRAGMA busy_timeout = 20000; BEGIN IMMEDIATE";
            await command.ExecuteNonQueryAsync();
            await Site.UntilAsync(
                () => Task.FromResult(server.Output.Contains("readings.db is locked by another program", StringComparison.Ordinal)),
                Patience, () => server.Output);
        }

        await Site.CompleteAsync(server, 2, Patience);
        server.Output.ShouldContain("readings.db again.");
        var (exit, report) = await ServerProcess.RunAsync("verify", "--data", site.Data);
        exit.ShouldBe(0, report);
    }

    [Theory]
    [InlineData("readings.db")]
    [InlineData("journal.db")]
    public async Task A_damaged_database_is_named_at_the_start_and_not_touched(string name)
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(new SimulatorOptions { HistoryDays = 1 });
        Directory.CreateDirectory(site.Data);
        var junk = Enumerable.Range(0, 8192).Select(i => (byte)(i * 31)).ToArray();
        var file = Path.Combine(site.Data, name);
        await File.WriteAllBytesAsync(file, junk);

        var (exit, output) = await ServerProcess.RunAsync(
            "serve", "--fleet", site.Fleet, "--data", site.Data, "--urls", "http://127.0.0.1:0");

        exit.ShouldBe(1, output);
        output.ShouldContain($"{name} is not an SQLite database");
        output.ShouldNotContain("   at ");
        (await File.ReadAllBytesAsync(file)).ShouldBe(junk);
    }

    [Fact]
    public async Task A_disk_that_may_only_be_read_is_one_sentence_at_the_start()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(new SimulatorOptions { HistoryDays = 1 });
        Directory.CreateDirectory(site.Data);

        await using var server = ServerProcess.Start(site.Fleet, site.Data, before: OnSmallDisk(site.Data, "ro"));

        (await server.EndedAsync()).ShouldBe(1, server.Output);
        server.Output.ShouldContain(site.Data);
        server.Output.Trim().Split('\n').Length.ShouldBe(1, server.Output);
    }

    [Fact]
    public async Task A_second_server_on_the_same_data_is_refused()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(new SimulatorOptions { HistoryDays = 1 });
        await using var first = await ServerProcess.ServeAsync(site.Fleet, site.Data);

        var (exit, output) = await ServerProcess.RunAsync(
            "serve", "--fleet", site.Fleet, "--data", site.Data, "--urls", "http://127.0.0.1:0");

        exit.ShouldBe(1, output);
        output.ShouldContain(site.Data);
        (await first.Client.GetAsync("/health/ready")).EnsureSuccessStatusCode();
    }

    /// <summary>Runs a program with a small disk in memory that only this program sees.</summary>
    private static IReadOnlyList<string> OnSmallDisk(string folder, string options) =>
    [
        "unshare", "--mount", .. IsRoot ? (string[])[] : ["--map-root-user"],
        "sh", "-c", $"mount -t tmpfs -o {options} none \"$0\" && exec \"$@\"", folder,
    ];

    /// <summary>Runs a program that sees the same disks as the given process.</summary>
    private static IReadOnlyList<string> BesideProcess(int id) =>
        ["nsenter", $"--target={id}", "--mount", .. IsRoot ? (string[])[] : ["--user", "--preserve-credentials"]];

    private static bool IsRoot => Environment.UserName == "root";

    private static async Task<int> RecordedAsync(ServerProcess server) =>
        (await server.Client.GetFromJsonAsync<JsonArray>("/api/meters"))!.Sum(
            meter => (int?)meter!["profiles"]?["hourly"]?["recorded"] ?? 0);
}
