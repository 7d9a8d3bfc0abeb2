using System.Globalization;
using Iec102.Fleet;
using Iec102.Storage.Databases;
using Iec102.Storage.Files;
using Iec102.Testing;
using Npgsql;

namespace Iec102.Storage.Tests;

/// <summary>Whatever is wrong with the database is said in one sentence, which names it and has no password in it.</summary>
public sealed class PostgresProblemTests
{
    [Theory]
    [InlineData("Port=1", "Database postgres on 127.0.0.1:1 cannot be reached")]
    [InlineData("Host=nowhere.invalid", "Database postgres on nowhere.invalid:{0} cannot be reached")]
    [InlineData("Database=nothing", "There is no database nothing on 127.0.0.1:{0}: create it with createdb")]
    [InlineData("Username=nobody", "Database postgres on 127.0.0.1:{0} refuses this user: check Username and Password")]
    [InlineData("Options=-c default_transaction_read_only=on", "Database postgres on 127.0.0.1:{0} is read-only: connect to the primary")]
    public async Task A_database_that_cannot_be_used_is_explained(string change, string said)
    {
        var server = await PostgresServer.Shared;
        using var database = new PostgresDatabase(new SecretText($"{server.ConnectionString("postgres")};Password=hush;{change}"));

        var failure = Should.Throw<StorageException>(database.Migrate);

        failure.Message.ShouldStartWith(string.Format(CultureInfo.InvariantCulture, said, server.Port));
        failure.ToString().ShouldNotContain("hush");
    }

    [Fact]
    public async Task A_user_without_rights_is_told_which_one_is_missing()
    {
        var connection = await (await PostgresServer.Shared).NewDatabaseAsync();
        await using (var owner = new NpgsqlConnection(connection))
        {
            await owner.OpenAsync();
            // Before PostgreSQL 15 everybody has this right.
            await using var create = new NpgsqlCommand("CREATE ROLE reader LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC", owner);
            await create.ExecuteNonQueryAsync();
        }
        using var database = new PostgresDatabase(new SecretText($"{connection};Username=reader"));

        Should.Throw<StorageException>(database.Migrate).Message
            .ShouldBe($"D{database.Name[1..]} lacks a right for this user (permission denied for schema public): make the user its owner, "
                + "or grant the right.");
    }

    [Theory]
    [InlineData(PostgresErrorCodes.InvalidPassword, "refuses this user")]
    [InlineData(PostgresErrorCodes.DiskFull, "No space is left on the disk of database iec102 on db: free some.")]
    [InlineData(PostgresErrorCodes.TooManyConnections, "takes no more connections")]
    [InlineData(PostgresErrorCodes.CannotConnectNow, "is starting or stopping")]
    [InlineData(PostgresErrorCodes.AdminShutdown, "has ended the connection")]
    [InlineData(PostgresErrorCodes.QueryCanceled, "was not ready in time")]
    [InlineData(PostgresErrorCodes.DeadlockDetected, "is being written by another server")]
    [InlineData(PostgresErrorCodes.UndefinedTable, "has not the tables of this program (the server's words)")]
    [InlineData(PostgresErrorCodes.DataCorrupted, "is damaged (the server's words)")]
    [InlineData("XX000", "cannot be used: the server's words (XX000).")]
    public void Each_answer_of_the_server_is_one_sentence_that_names_the_database(string code, string said)
    {
        var sentence = PostgresProblem.Describe(
            new PostgresException("the server's words", "ERROR", "ERROR", code), "database iec102 on db");

        sentence.ShouldContain(said);
        sentence.ShouldContain("atabase iec102 on db");
        sentence.ShouldEndWith(".");
    }

    [Theory]
    [InlineData("Host=db;Pass")]
    [InlineData("Host=db;Password=one;hush=two")]
    [InlineData("Host=db;Timeout=hush")]
    public void A_text_that_is_no_connection_string_is_refused_without_being_shown(string text)
    {
        var failure = Should.Throw<StorageException>(() => new PostgresDatabase(new SecretText(text)));

        failure.ToString().ShouldNotContain("hush");
        failure.Message.ShouldStartWith("The connection string of the PostgreSQL database cannot be used: write it as Host=db;");
    }

    [Theory]
    [InlineData("Host=db;Database=iec102;Password=hush", "database iec102 on db", 5, 10, 4)]
    [InlineData("Host=a,b;Username=u;Timeout=7;Maximum Pool Size=9", "database u on a,b", 7, 10, 9)]
    [InlineData("Host=a,b;Target Session Attributes=read-write;Username=u;CommandTimeout=3", "database u on a,b", 5, 3, 4)]
    public void What_the_connection_string_does_not_say_is_set(string text, string name, int timeout, int commandTimeout, int connections)
    {
        using var database = new PostgresDatabase(new SecretText(text));

        var used = new NpgsqlConnectionStringBuilder(database.Source.ConnectionString);
        database.Name.ShouldBe(name);
        (used.Timeout, used.CommandTimeout, used.MaxPoolSize).ShouldBe((timeout, commandTimeout, connections));
    }
}
