using Iec102.Storage;
using Microsoft.Data.Sqlite;

namespace Iec102.Server.Tests.Api;

/// <summary>
/// Answers that are larger than a server should hold in memory are read from the database while the client takes them, and a client that
/// takes its time keeps nothing else waiting.
/// </summary>
public sealed class BigAnswerTests(ToldServer server) : IClassFixture<ToldServer>, IAsyncLifetime
{
    private const int Events = 200_000;

    public Task InitializeAsync() => ChangeAsync($"""
        WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {Events})
        INSERT OR IGNORE INTO event SELECT (SELECT key FROM meter WHERE id = 'm-1'), 52, n % 256, n / 256 % 256, 0, zeroblob(7), n,
            1721000000000 + n, 1, 1721000000 FROM number
        """);

    public Task DisposeAsync() => ChangeAsync("DELETE FROM event WHERE serial_number = 1");

    [Fact]
    public async Task An_answer_is_read_while_it_is_sent_and_a_slow_reader_holds_no_transaction()
    {
        using var answer = await server.Client.GetAsync("/api/meters/m-1/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var first = new char[1000];
        await reader.ReadBlockAsync(first);

        // With the answer half sent, the log of the database can be emptied: 0 says that no reader is in the way.
        (await ScalarAsync("PRAGMA wal_checkpoint(TRUNCATE)")).ShouldBe(0);
        await ChangeAsync("DELETE FROM event WHERE serial_number = 1");

        // What a connection holds on its way is a few megabytes; the answer as a whole would have been more than 30.
        var octets = first.Length;
        var some = new char[65536];
        while (await reader.ReadBlockAsync(some) is > 0 and var count)
            octets += count;
        octets.ShouldBeGreaterThan(100_000);
        octets.ShouldBeLessThan(100 * Events);
    }

    private async Task ChangeAsync(string statement) => await ScalarAsync(statement);

    private async Task<long> ScalarAsync(string statement)
    {
        await using var connection = new SqliteConnection($"Data Source={DataDirectory.Existing(server.Data).ReadingsFile};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        return await command.ExecuteScalarAsync() is long value ? value : 0;
    }
}
