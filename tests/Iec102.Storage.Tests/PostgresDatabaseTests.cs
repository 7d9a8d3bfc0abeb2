using Iec102.Fleet;
using Iec102.Storage.Databases;
using Iec102.Storage.Files;
using Iec102.Storage.Reading;
using Iec102.Storage.Schema.Postgres;
using Iec102.Storage.Sql;
using Iec102.Testing;
using Npgsql;

namespace Iec102.Storage.Tests;

public sealed class PostgresDatabaseTests
{
    [Fact]
    public async Task Servers_that_start_at_once_make_the_tables_once_and_each_can_use_them()
    {
        var connection = await (await PostgresServer.Shared).NewDatabaseAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            using var database = new PostgresDatabase(new SecretText(connection));
            database.Migrate();
            database.Migrate();
            new ReadingsStore(database).Meters().ShouldBeEmpty();
        })));

        using var after = new PostgresDatabase(new SecretText(connection));
        using var reading = after.OpenForReading();
        reading.Scalar("SELECT count(*) FROM schema_version").ShouldBe((long)PostgresSchema.Version);
    }

    [Fact]
    public async Task A_database_on_the_same_computer_is_reached_through_its_Unix_socket()
    {
        var server = await PostgresServer.Shared;
        var connection = new NpgsqlConnectionStringBuilder(await server.NewDatabaseAsync()) { Host = server.SocketFolder };

        using var database = new PostgresDatabase(new SecretText(connection.ConnectionString));
        database.Migrate();

        new ReadingsStore(database).Meters().ShouldBeEmpty();
    }

    /// <summary>What a node that was cut off had begun must not hold up the next owner of its ports.</summary>
    [Fact]
    public async Task Every_session_is_ended_soon_after_its_client_is_gone_or_has_forgotten_a_transaction()
    {
        var connection = new SecretText(await (await PostgresServer.Shared).NewDatabaseAsync());
        using var database = new PostgresDatabase(connection);
        database.Migrate();
        using var reading = database.OpenForReading();
        using var writing = database.OpenForWriting();
        await using var journal = new NpgsqlConnection(PostgresDatabase.JournalConnection(connection).Reveal());
        await journal.OpenAsync();

        foreach (var session in new[] { reading, writing.Connection, journal })
        {
            session.Scalar("SHOW idle_in_transaction_session_timeout").ShouldBe("20s");
            session.Scalar("SHOW tcp_keepalives_idle").ShouldBe("10");
            session.Scalar("SHOW tcp_keepalives_interval").ShouldBe("3");
            session.Scalar("SHOW tcp_keepalives_count").ShouldBe("3");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(";Target Session Attributes=primary")]
    public async Task Of_several_hosts_the_one_is_used_that_answers(string wanted)
    {
        var server = await PostgresServer.Shared;
        var options = new NpgsqlConnectionStringBuilder(await server.NewDatabaseAsync()) { Host = $"127.0.0.1:1,127.0.0.1:{server.Port}" };
        var connection = new SecretText(options.ConnectionString + wanted);
        using var database = new PostgresDatabase(connection);
        database.Migrate();

        using var writing = database.OpenForWriting();
        await using var journal = new NpgsqlConnection(PostgresDatabase.JournalConnection(connection).Reveal());
        await journal.OpenAsync();

        foreach (var session in new[] { writing.Connection, journal })
            session.Scalar("SELECT pg_is_in_recovery()").ShouldBe(false);
        new ReadingsStore(database).Meters().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_database_that_is_empty_is_not_read()
    {
        using var database = new PostgresDatabase(new SecretText(await (await PostgresServer.Shared).NewDatabaseAsync()));

        Should.Throw<StorageException>(() => new ReadingsStore(database).Meters()).Message.ShouldContain("has version 0, and this program");
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_used_until_one_says_that_this_program_cannot()
    {
        using var database = new PostgresDatabase(new SecretText(await (await PostgresServer.Shared).NewDatabaseAsync()));
        database.Migrate();
        using var connection = database.OpenForReading();

        connection.Execute("INSERT INTO schema_version (version, oldest) VALUES (98, 1)");

        database.Migrate();
        new ReadingsStore(database).Meters().ShouldBeEmpty();

        connection.Execute("INSERT INTO schema_version (version, oldest) VALUES (99, 97)");

        Should.Throw<StorageException>(database.Migrate).Message.ShouldContain("needs a program for version 97 or newer");
    }

    [Fact]
    public async Task Whoever_reads_does_not_notice_that_the_server_was_restarted_meanwhile()
    {
        await using var server = await PostgresServer.StartAsync();
        using var database = new PostgresDatabase(new SecretText(await server.NewDatabaseAsync()));
        database.Migrate();
        var store = new ReadingsStore(database);
        store.Meters().ShouldBeEmpty();

        await server.StopAsync();
        Should.Throw<StorageException>(() => store.Meters()).Message.ShouldContain("cannot be reached");
        await server.StartAgainAsync();
        store.Meters().ShouldBeEmpty();
        await server.StopAsync();
        await server.StartAgainAsync();

        store.Meters().ShouldBeEmpty();
    }
}
