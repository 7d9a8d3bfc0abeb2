using Iec102.Fleet;
using Iec102.Storage.Databases;
using Iec102.Testing;

namespace Iec102.Server.Tests.Hosting;

/// <summary>Databases of the tests' PostgreSQL server.</summary>
internal static class TestStore
{
    /// <summary>A new database with the tables of a server.</summary>
    public static async Task<StoreConfiguration> NewAsync()
    {
        var postgres = new SecretText(await (await PostgresServer.Shared).NewDatabaseAsync());
        using var database = new PostgresDatabase(postgres);
        database.Migrate();
        return new StoreConfiguration(postgres);
    }
}
