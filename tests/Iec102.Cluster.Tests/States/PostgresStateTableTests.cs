using Iec102.Cluster.States;
using NodaTime;

namespace Iec102.Cluster.Tests.States;

/// <summary>The states of ports and meters in PostgreSQL.</summary>
public sealed class PostgresStateTableTests : NodeDatabase
{
    private static readonly StateKey Port = new(StateKind.Port, "p");
    private static readonly StateKey Meter = new(StateKind.Meter, "p");

    [Fact]
    public async Task A_node_reads_what_others_have_stored_and_later_only_what_has_changed()
    {
        var (a, b) = (new PostgresStateTable("a", Database), new PostgresStateTable("b", Database));
        (await StoreAsync(a, (Port, "1"), (Meter, "2"))).Select(one => one.Node).ShouldAllBe(node => node == "a");
        var all = await StoreAsync(b);
        all.Select(one => (one.Key, one.Node, one.State)).ShouldBe([(Port, "a", "1"), (Meter, "a", "2")], ignoreOrder: true);
        all.ShouldAllBe(one => one.Age < Duration.FromMinutes(1));
        await NothingMoreAsync(b);
        (await StoreAsync(a, (Meter, "3"))).ShouldAllBe(one => one.Node == "a");
        (await StoreAsync(b)).ShouldHaveSingleItem().State.ShouldBe("3");
    }

    [Fact]
    public async Task What_another_node_runs_now_is_stored_in_its_name()
    {
        var (a, b) = (new PostgresStateTable("a", Database), new PostgresStateTable("b", Database));
        await StoreAsync(a, (Port, "1"));
        await StoreAsync(b, (Port, "2"));
        (await StoreAsync(a)).Select(one => (one.Node, one.State)).ShouldBe([("b", "2")]);
    }

    [Fact]
    public async Task What_was_stored_late_is_read_although_the_clock_of_the_database_was_put_back()
    {
        var (a, b) = (new PostgresStateTable("a", Database), new PostgresStateTable("b", Database));
        await using var slow = await Database.Source.OpenConnectionAsync();
        await using var transaction = await slow.BeginTransactionAsync();
        await using var late = slow.CreateCommand();
        late.CommandText = "INSERT INTO live_state VALUES (1, 'late', 'a', now() - interval '1 hour', pg_current_xact_id(), 'x')";
        await late.ExecuteNonQueryAsync();
        await StoreAsync(a, (Port, "1"));
        (await StoreAsync(b)).ShouldHaveSingleItem().Key.ShouldBe(Port);
        await transaction.CommitAsync();
        (await StoreAsync(b)).Select(one => one.Key.Id).ShouldContain("late");
        await NothingMoreAsync(b);
    }

    /// <summary>Stores states, and reads those of others.</summary>
    private static async Task<IReadOnlyList<StoredState>> StoreAsync(
        PostgresStateTable table, params (StateKey Key, string State)[] own)
    {
        await table.StoreAsync(own.ToDictionary(one => one.Key, one => one.State), CancellationToken.None);
        return await table.ReadAsync(CancellationToken.None);
    }

    /// <summary>Something may be read again while transactions of other tests on the same server are open, and only then.</summary>
    private static async Task NothingMoreAsync(PostgresStateTable table)
    {
        var tries = 0;
        while ((await StoreAsync(table)).Count > 0)
            (++tries).ShouldBeLessThan(1000);
    }
}
