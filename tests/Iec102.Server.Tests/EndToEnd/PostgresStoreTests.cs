using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Iec102.Lines;
using Iec102.Simulator.Hosting;
using Iec102.Testing;
using NodaTime;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>
/// The real program on a PostgreSQL server that is stopped and started: live values and gateways go on, curves wait for it and lose
/// nothing.
/// </summary>
public sealed class PostgresStoreTests
{
    private const int Meters = 3;
    private const int Days = 60;
    private const string Password = "zebra-4711-of-the-database";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>A curve tries again after at most 10 s and what is added at random, the writer after at most 4 s.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(16);

    private static readonly SimulatorOptions Simulated = new()
    {
        Meters = Meters,
        HistoryDays = Days,
        Speed = new LineFormat(38400, 8, Parity.None, 1),
        CurrentValuesEvery = Duration.FromSeconds(2),
    };

    [Fact]
    public async Task While_the_database_is_stopped_live_values_and_gateways_go_on_and_curves_resume_within_seconds()
    {
        using var site = new Site();
        await using var postgres = await PostgresServer.StartAsync();
        await using var simulator = await site.SimulateAsync(Simulated);
        await site.UsePostgresAsync($"{await postgres.NewDatabaseAsync()};Password={Password}");
        var gateway = await site.AddGatewayAsync();
        await using var server = await ServerProcess.ServeAsync(site.Fleet, site.Data);
        await Site.UntilAsync(async () => await RecordedAsync(server) > 100, Patience, () => server.Output);

        await postgres.StopAsync();
        await SaidAsync(server, "The store is away", 1);
        var before = await RecordedAsync(server);
        await ReadsOnAsync(server);
        await ClientReadsAsync(gateway);
        (await server.Client.GetStringAsync("/health/ready")).ShouldBe("ready");
        (await RecordedAsync(server)).ShouldBe(before);
        await postgres.StartAgainAsync();

        var began = Stopwatch.GetTimestamp();
        await Site.UntilAsync(async () => await RecordedAsync(server) > before, Patience, () => server.Output);
        var resumed = Stopwatch.GetElapsedTime(began);
        resumed.ShouldBeLessThan(LongestDelay);
        await SaidAsync(server, "The store is back", 1);
        await Site.CompleteAsync(server, Meters, Patience);
        await ExactAsync(site, simulator);
        Said(server, "The store is away").ShouldBe(1);
        server.Output.ShouldNotContain(" ERR ");
        server.Output.ShouldNotContain(Password);
        Promise.Report("R10", "PostgreSQL stopped and started", $"the first curve grew {resumed.TotalSeconds:F1} s after it was back");
    }

    [Fact]
    public async Task A_server_that_starts_while_the_database_is_away_reads_the_meters_it_knows_and_stores_when_it_comes()
    {
        using var site = new Site();
        await using var postgres = await PostgresServer.StartAsync();
        await using var simulator = await site.SimulateAsync(Simulated);
        await site.UsePostgresAsync(await postgres.NewDatabaseAsync());
        var gateway = await site.AddGatewayAsync();
        await using (var first = await ServerProcess.ServeAsync(site.Fleet, site.Data))
        {
            await Site.UntilAsync(async () => await RecordedAsync(first) > 0, Patience, () => first.Output);
            (await first.TerminateAsync()).ShouldBe(0, first.Output);
        }

        await postgres.StopAsync();
        await using var server = await ServerProcess.ServeAsync(site.Fleet, site.Data);
        await SaidAsync(server, "The store is away", 1);
        await ReadsOnAsync(server);
        await ClientReadsAsync(gateway);
        (await server.Client.GetStringAsync("/health/ready")).ShouldBe("ready");

        await postgres.StartAgainAsync();
        await Site.CompleteAsync(server, Meters, Patience);
        await ExactAsync(site, simulator);
        Said(server, "The store is away").ShouldBe(1);
        server.Output.ShouldNotContain(" ERR ");
    }

    [Fact]
    public async Task A_database_that_comes_for_the_first_time_after_the_server_gets_its_tables_then()
    {
        using var site = new Site();
        await using var postgres = await PostgresServer.StartAsync();
        await using var simulator = await site.SimulateAsync(Simulated with { HistoryDays = 2 });
        await site.UsePostgresAsync(await postgres.NewDatabaseAsync());
        await postgres.StopAsync();
        await using var server = await ServerProcess.ServeAsync(site.Fleet, site.Data);
        await SaidAsync(server, "The store is away", 1);

        await postgres.StartAgainAsync();

        await Site.CompleteAsync(server, Meters, Patience);
        await site.VerifyAsync();
    }

    [Fact]
    public async Task What_was_recorded_in_files_goes_on_in_PostgreSQL()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(Simulated);
        await using (var first = await ServerProcess.ServeAsync(site.Fleet, site.Data))
        {
            await Site.UntilAsync(async () => await RecordedAsync(first) > 100, Patience, () => first.Output);
            (await first.TerminateAsync()).ShouldBe(0, first.Output);
        }

        var postgres = await (await PostgresServer.Shared).NewDatabaseAsync();
        var (exit, report) = await ServerProcess.RunAsync("migrate", "--data", site.Data, "--to", postgres);
        exit.ShouldBe(0, report);
        await site.UsePostgresAsync(postgres);

        await using var server = await ServerProcess.ServeAsync(site.Fleet, site.Data);
        await Site.CompleteAsync(server, Meters, Patience);
        await ExactAsync(site, simulator);
        server.Output.ShouldNotContain("not from the same moment");
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_one_sentence_at_the_start()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(new SimulatorOptions { HistoryDays = 1 });
        await site.UsePostgresAsync($"{(await PostgresServer.Shared).ConnectionString("nobodys")};Password={Password}");

        var (exit, output) = await ServerProcess.RunAsync(
            "serve", "--fleet", site.Fleet, "--data", site.Data, "--urls", "http://127.0.0.1:0");

        exit.ShouldBe(1, output);
        output.Trim().ShouldMatch(@"\AThere is no database nobodys on 127\.0\.0\.1:\d+: create it with createdb, or name another one\.\z");
    }

    /// <summary>The values of every meter are read now.</summary>
    private static Task ReadsOnAsync(ServerProcess server)
    {
        var from = DateTimeOffset.UtcNow;
        return Site.UntilAsync(
            async () =>
            {
                foreach (var meter in Enumerable.Range(1, Meters).Select(number => $"sim-{number}"))
                {
                    var current = await server.Client.GetFromJsonAsync<JsonNode>($"/api/meters/{meter}/current");
                    if (current!["signals"]!.AsArray().Any(signal => !(DateTimeOffset.Parse(
                        $"{signal!["readAt"]}", System.Globalization.CultureInfo.InvariantCulture) >= from)))
                        return false;
                }

                return true;
            },
            Patience, () => server.Output);
    }

    /// <summary>Another program reads the first meter through the gateway.</summary>
    private static async Task ClientReadsAsync(int gateway)
    {
        var (exit, output) = await ServerProcess.RunAsync(
            "read", "clock", "--tcp", $"127.0.0.1:{gateway}", "--link", "1", "--point", "1", "--password", "1");
        exit.ShouldBe(0, output);
    }

    private static async Task ExactAsync(Site site, SimulatorHost simulator)
    {
        await site.VerifyAsync();
        var to = SystemClock.Instance.GetCurrentInstant() - Duration.FromHours(2);
        var from = to - Duration.FromDays(Days - 1);
        foreach (var meter in simulator.Meters.Select(meter => meter.Options.Id))
            (await site.ExportAsync(meter, from, to)).ShouldBe(await site.TruthAsync(meter, from, to));
    }

    private static async Task<int> RecordedAsync(ServerProcess server) =>
        (await server.Client.GetFromJsonAsync<JsonArray>("/api/meters"))!.Sum(
            meter => (int?)meter!["profiles"]?["hourly"]?["recorded"] ?? 0);

    private static Task SaidAsync(ServerProcess server, string sentence, int times) =>
        Site.UntilAsync(() => Task.FromResult(Said(server, sentence) == times), Patience, () => server.Output);

    private static int Said(ServerProcess server, string sentence) => Regex.Count(server.Output, sentence);
}
