using Iec102.Testing;
using Npgsql;

namespace Iec102.Cluster.Tests;

/// <summary>The PostgreSQL server that the other tests use.</summary>
public sealed class PostgresServerTests
{
    [Fact]
    public async Task What_was_stored_is_there_when_the_server_has_been_started_again()
    {
        await using var server = await PostgresServer.StartAsync();
        var database = await server.NewDatabaseAsync() + ";Pooling=false";
        await Execute("CREATE TABLE t (n int); INSERT INTO t VALUES (1), (2)");
        await server.StopAsync();
        await Should.ThrowAsync<NpgsqlException>(() => Execute("SELECT 1"));
        await server.StartAgainAsync();
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var count = new NpgsqlCommand("SELECT count(*) FROM t", connection);
        (await count.ExecuteScalarAsync()).ShouldBe(2L);

        async Task Execute(string sql)
        {
            await using var connection = new NpgsqlConnection(database);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
