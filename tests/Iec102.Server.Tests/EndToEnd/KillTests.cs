using System.Diagnostics;
using System.Text.RegularExpressions;
using Iec102.Simulator.Faults;
using Iec102.Simulator.Hosting;
using Iec102.Testing;
using NodaTime;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>
/// Promises R1 and R2 with the real program: SIGKILL at random moments, faults on the lines, and in the end exactly what was measured.
/// </summary>
public sealed class KillTests
{
    private const int Meters = 6;
    private const int Days = 80;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public Task R1_a_server_killed_fifty_times_loses_doubles_and_changes_nothing() => KillAsync(kills: 50, postgres: null);

    internal static async Task KillAsync(int kills, string? postgres)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(new SimulatorOptions
        {
            Meters = Meters,
            MetersPerPort = 2,
            HistoryDays = Days,
            Seed = seed & 0xFFFF,
            Speed = new Lines.LineFormat(57600, 8, Lines.Parity.None, 1),
            Faults = new FaultPlan { Loss = 0.01, Junk = 0.01, Disconnect = 0.001 },
        });
        await File.WriteAllTextAsync(
            site.Fleet,
            (await File.ReadAllTextAsync(site.Fleet)).Replace(
                "tcp = ", "timing { reply-timeout = 200ms, reconnect-max = 1s }, tcp = ", StringComparison.Ordinal));
        if (postgres is not null)
            await site.UsePostgresAsync(postgres);
        var start = await StartTimeAsync(site);
        for (var kill = 0; kill < kills; kill++)
        {
            await using var server = ServerProcess.Start(site.Fleet, site.Data);
            // The kill comes anywhere between the middle of the start and the middle of a download, however quick the computer is.
            await server.AliveForAsync(start * (0.5 + 1.5 * random.NextDouble()));
            await server.KillAsync();
        }

        var (exit, report) = await ServerProcess.RunAsync(["verify", .. site.Store]);
        exit.ShouldBe(0, $"seed {seed}: {report}");
        var kept = int.Parse(
            Regex.Match(report, @"(\d+) intervals: no differences").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        kept.ShouldBeGreaterThan(0);
        await using var last = await ServerProcess.ServeAsync(site.Fleet, site.Data);
        await Site.CompleteAsync(last, Meters, Patience);

        var to = SystemClock.Instance.GetCurrentInstant() - Duration.FromHours(2);
        var from = to - Duration.FromDays(Days - 1);
        foreach (var meter in simulator.Meters.Select(meter => meter.Options.Id))
        {
            var truth = await site.TruthAsync(meter, from, to);
            truth.Count.ShouldBe((Days - 1) * 24);
            (await site.ExportAsync(meter, from, to)).ShouldBe(truth, $"seed {seed}");
            (await AllRevisionsAsync(last, meter, from, to)).ShouldBe(
                truth.Count, $"seed {seed}: an interval of {meter} was recorded twice");
        }

        (exit, report) = await ServerProcess.RunAsync(["verify", .. site.Store]);
        exit.ShouldBe(0, $"seed {seed}: {report}");
        Promise.Report(
            "R1", postgres is null ? "real kills" : "real kills on PostgreSQL",
            $"{kills} kills -9, {kept} intervals were there after the last, {Meters * (Days - 1) * 24} compared with the truth: "
            + $"0 lost, 0 doubled, 0 changed (seed {seed})");
    }

    /// <summary>How long a server takes until its API answers; it is killed too.</summary>
    private static async Task<TimeSpan> StartTimeAsync(Site site)
    {
        var clock = Stopwatch.StartNew();
        await using var server = await ServerProcess.ServeAsync(site.Fleet, site.Data);
        var start = clock.Elapsed;
        await server.KillAsync();
        return start;
    }

    private static async Task<int> AllRevisionsAsync(ServerProcess server, string meter, Instant from, Instant to)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, $"/api/meters/{meter}/profiles/hourly?from={from}&to={to}&revisions=all");
        request.Headers.Accept.ParseAdd("text/csv");
        using var answer = await server.Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - 1;
    }
}

/// <summary>The same on PostgreSQL; a class of its own, so that it runs beside the other.</summary>
public sealed class PostgresKillTests
{
    [Fact]
    public async Task R1_a_server_killed_again_and_again_on_PostgreSQL_loses_doubles_and_changes_nothing() =>
        await KillTests.KillAsync(kills: 15, await (await PostgresServer.Shared).NewDatabaseAsync());
}
