using Iec102.Simulator.Hosting;
using Iec102.Testing;
using Microsoft.Data.Sqlite;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>
/// How the real program behaves when its journal rejects events: curves stop, come back by themselves and read their meters again.
/// </summary>
public sealed class JournalFaultTests
{
    private const int Days = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Curves_whose_events_cannot_be_stored_come_back_by_themselves_and_nothing_is_lost()
    {
        using var site = new Site();
        await using var simulator = await site.SimulateAsync(new SimulatorOptions
        {
            Meters = 2,
            MetersPerPort = 2,
            HistoryDays = Days,
            Speed = new Lines.LineFormat(38400, 8, Lines.Parity.None, 1),
        });
        await using var server = await ServerProcess.ServeAsync(site.Fleet, site.Data);

        await ExecuteAsync(site, "CREATE TRIGGER refuse BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'no room for it'); END");
        await Site.UntilAsync(
            () => Task.FromResult(server.Output.Contains("no room for it", StringComparison.Ordinal)), Patience, () => server.Output);
        await ExecuteAsync(site, "DROP TRIGGER refuse");

        await Site.CompleteAsync(server, 2, Patience);
        var (exit, report) = await ServerProcess.RunAsync("verify", "--data", site.Data);
        exit.ShouldBe(0, report);
        report.ShouldContain("no differences");
    }

    private static async Task ExecuteAsync(Site site, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(site.Data, "journal.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
