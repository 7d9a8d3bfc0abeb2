using Iec102.Fleet;
using Iec102.Storage.Schema.Postgres;
using Iec102.Testing;
using Npgsql;

namespace Iec102.Server.Tests.Hosting;

/// <summary>Databases of the tests' PostgreSQL server.</summary>
internal static class TestStore
{
    /// <summary>A new database with the tables of a server.</summary>
    public static async Task<StoreConfiguration> NewAsync()
    {
        var postgres = await (await PostgresServer.Shared).NewDatabaseAsync();
        await using var connection = new NpgsqlConnection(postgres);
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand(JournalTables.Statements, connection);
        await create.ExecuteNonQueryAsync();
        return new StoreConfiguration(new SecretText(postgres));
    }
}
