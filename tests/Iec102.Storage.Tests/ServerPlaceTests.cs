using Iec102.Fleet;
using Iec102.Storage.Databases;
using Iec102.Storage.Files;
using Iec102.Storage.Sql;
using Iec102.Testing;

namespace Iec102.Storage.Tests;

/// <summary>A server that is no node has its database alone, and nodes share it.</summary>
public sealed class ServerPlaceTests : IAsyncLifetime, IDisposable
{
    private const string EndPlaces =
        "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_locks WHERE locktype = 'advisory' AND database = "
        + "(SELECT oid FROM pg_database WHERE datname = current_database())";

    private readonly Clock _clock = new();
    private PostgresDatabase _database = null!;

    public async Task InitializeAsync() =>
        _database = new PostgresDatabase(new SecretText(await (await PostgresServer.Shared).NewDatabaseAsync()));

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _database.Dispose();

    [Fact]
    public void Nodes_share_a_database_and_a_server_that_is_none_is_refused_beside_them()
    {
        using var alone = Place(isNode: false);
        using (var a = Place(isNode: true))
        using (var b = Place(isNode: true))
        {
            a.Keep();
            b.Keep();
            a.Keep();

            Should.Throw<StorageException>(alone.Keep).Message
                .ShouldBe($"Nodes, or another server, use the {_database.Name}: give --node FILE, or stop them first.");
            alone.Lost.IsFaulted.ShouldBeTrue();
            a.Lost.IsCompleted.ShouldBeFalse();
        }

        using var later = Place(isNode: false);
        later.Keep();
    }

    [Fact]
    public void Beside_a_server_that_is_no_node_neither_a_node_nor_another_such_server_starts()
    {
        using var alone = Place(isNode: false);
        alone.Keep();
        using var node = Place(isNode: true);
        using var second = Place(isNode: false);

        Should.Throw<StorageException>(node.Keep).Message.ShouldBe(
            $"A server that is no node uses the {_database.Name} and talks on every line: give it --node FILE as well, or stop it.");
        Should.Throw<StorageException>(second.Keep).Message.ShouldStartWith("Nodes, or another server, use the ");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_place_whose_connection_was_ended_is_taken_again_at_once(bool isNode)
    {
        using var place = Place(isNode);
        using var other = Place(!isNode);
        place.Keep();

        EndAll();
        place.Keep();

        Should.Throw<StorageException>(other.Keep);
        place.Lost.IsCompleted.ShouldBeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_server_that_finds_its_place_taken_ends_unless_it_is_free_again_within_half_a_minute(bool isNode)
    {
        using var place = Place(isNode);
        place.Keep();
        EndAll();
        using (var passing = Place(!isNode))
        {
            passing.Keep();
            place.Keep();
            _clock.Elapsed += ServerPlace.Patience - TimeSpan.FromSeconds(1);
            place.Keep();
        }

        place.Keep();
        EndAll();
        using var other = Place(!isNode);
        other.Keep();
        place.Keep();
        _clock.Elapsed += ServerPlace.Patience - TimeSpan.FromSeconds(1);
        place.Keep();
        place.Lost.IsCompleted.ShouldBeFalse();

        _clock.Elapsed += TimeSpan.FromSeconds(1);
        Should.Throw<StorageException>(place.Keep);
        place.Lost.IsFaulted.ShouldBeTrue();
    }

    private ServerPlace Place(bool isNode) => new(_database, isNode, _clock);

    private void EndAll()
    {
        using var connection = _database.Source.OpenConnection();
        connection.Scalar(EndPlaces).ShouldBe(1L);
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;
    }
}
