using Iec102.Fleet;
using Iec102.Storage.Databases;
using Iec102.Testing;

namespace Iec102.Cluster.Tests;

/// <summary>A database with the tables of the nodes, for one test.</summary>
public abstract class NodeDatabase : IAsyncLifetime
{
    protected PostgresDatabase Database { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var server = await PostgresServer.Shared;
        Database = new PostgresDatabase(new SecretText(await server.NewDatabaseAsync()));
        Database.Migrate();
    }

    public Task DisposeAsync()
    {
        Database.Dispose();
        return Task.CompletedTask;
    }

    protected async Task ExecuteAsync(string sql)
    {
        await using var command = Database.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
