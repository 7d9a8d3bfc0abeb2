using System.Diagnostics;
using Iec102.Cluster.Leases;
using Iec102.Testing;

namespace Iec102.Cluster.Tests.Leases;

/// <summary>Locks of a real PostgreSQL.</summary>
public sealed class PostgresLockServerTests
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(2);
    private static readonly LockName North = LockName.OfPort("north");
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_lock_is_held_by_one_session_until_it_is_released_or_the_session_is_closed()
    {
        var server = await NewServer();
        await using var one = await server.OpenAsync(Ttl, None);
        var other = await server.OpenAsync(Ttl, None);
        (await one.TryLockAsync(North, None)).ShouldBeTrue();
        (await one.TryLockAsync(LockName.OfNode("a"), None)).ShouldBeTrue();
        (await other.TryLockAsync(North, None)).ShouldBeFalse();
        await one.UnlockAsync(North, None);
        (await other.TryLockAsync(North, None)).ShouldBeTrue();
        (await one.TryLockAsync(North, None)).ShouldBeFalse();
        await other.DisposeAsync();
        await WaitUntil(() => one.TryLockAsync(North, None));
    }

    [Fact]
    public async Task A_beat_tells_which_session_holds_which_lock_and_how_long_it_was_silent()
    {
        var server = await NewServer();
        await using var one = await server.OpenAsync(TimeSpan.FromMinutes(1), None);
        await using var other = await server.OpenAsync(TimeSpan.FromMinutes(1), None);
        LockName[] names = [North, LockName.OfNode("a")];
        var atMost = Stopwatch.StartNew();
        foreach (var name in names)
            (await one.TryLockAsync(name, None)).ShouldBeTrue();
        var atLeast = Stopwatch.StartNew();
        (await other.TryLockAsync(LockName.OfNode("b"), None)).ShouldBeTrue();
        IReadOnlyList<HeldLock> held = [];
        TimeSpan asked = default, beat = default;
        await WaitUntil(async () =>
        {
            asked = atLeast.Elapsed;
            held = await other.BeatAsync(None);
            beat = atLeast.Elapsed - asked;
            return asked > TimeSpan.FromSeconds(1);
        });
        held.Select(lockOf => lockOf.Key).ShouldBe([.. names.Select(name => name.Key), LockName.OfNode("b").Key], ignoreOrder: true);
        var ofOne = held.Where(lockOf => names.Any(name => name.Key == lockOf.Key)).ToList();
        ofOne.Select(lockOf => lockOf.Session).Distinct().Count().ShouldBe(1);
        // The server's clock may be adjusted while the test runs, and the session that asks was heard when its question came.
        ofOne.ShouldAllBe(lockOf => lockOf.Silence > 0.9 * asked && lockOf.Silence < 1.1 * atMost.Elapsed);
        held.Single(lockOf => lockOf.Key == LockName.OfNode("b").Key).Silence.ShouldBeLessThan(beat + (0.1 * asked));
    }

    [Fact]
    public async Task The_server_frees_the_lock_of_a_session_that_was_silent_for_its_ttl()
    {
        var server = await NewServer();
        var silent = await server.OpenAsync(Ttl, None);
        await using var other = await server.OpenAsync(TimeSpan.FromMinutes(1), None);
        (await silent.TryLockAsync(North, None)).ShouldBeTrue();
        var silence = Stopwatch.StartNew();
        await WaitUntil(() => other.TryLockAsync(North, None));
        silence.Elapsed.ShouldBeInRange(Ttl - TimeSpan.FromSeconds(0.1), Ttl + TimeSpan.FromSeconds(1.5));
        var ended = await Should.ThrowAsync<LockServerException>(() => silent.BeatAsync(None));
        ended.Message.ShouldBe("The database has ended the session, since nothing was heard of this node for too long.");
        await silent.DisposeAsync();
    }

    [Fact]
    public async Task A_session_that_beats_lives_longer_than_its_ttl()
    {
        var server = await NewServer();
        await using var session = await server.OpenAsync(TimeSpan.FromSeconds(1), None);
        (await session.TryLockAsync(North, None)).ShouldBeTrue();
        var since = Stopwatch.StartNew();
        await WaitUntil(async () =>
        {
            (await session.BeatAsync(None)).Select(held => held.Key).ShouldBe([North.Key]);
            return since.Elapsed > TimeSpan.FromSeconds(2.5);
        });
    }

    [Fact]
    public async Task Locks_of_another_database_are_not_seen_and_not_in_the_way()
    {
        await using var one = await (await NewServer()).OpenAsync(Ttl, None);
        await using var other = await (await NewServer()).OpenAsync(Ttl, None);
        (await one.TryLockAsync(North, None)).ShouldBeTrue();
        (await other.BeatAsync(None)).ShouldBeEmpty();
        (await other.TryLockAsync(North, None)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_call_that_is_cancelled_ends_at_once_although_the_server_stands_still()
    {
        var database = await (await PostgresServer.Shared).NewDatabaseAsync();
        var session = await new PostgresLockServer(database).OpenAsync(TimeSpan.FromMinutes(1), None);
        (await session.TryLockAsync(North, None)).ShouldBeTrue();
        var pid = (await session.BeatAsync(None)).Single().Session;
        Signal("STOP", pid);
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(0.5));
            var since = Stopwatch.StartNew();
            var late = await Should.ThrowAsync<LockServerException>(() => session.BeatAsync(patience.Token));
            late.Message.ShouldBe("The database did not answer in time.");
            await session.DisposeAsync();
            since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1.5));
        }
        finally
        {
            Signal("CONT", pid);
        }
    }

    [Fact]
    public async Task After_a_restart_of_the_server_the_locks_are_free_and_can_be_taken_in_a_new_session()
    {
        await using var postgres = await PostgresServer.StartAsync();
        var server = new PostgresLockServer(await postgres.NewDatabaseAsync());
        var before = await server.OpenAsync(Ttl, None);
        (await before.TryLockAsync(North, None)).ShouldBeTrue();
        await postgres.StopAsync();
        await Should.ThrowAsync<LockServerException>(() => before.BeatAsync(None));
        await Should.ThrowAsync<LockServerException>(() => server.OpenAsync(Ttl, None));
        await before.DisposeAsync();
        await postgres.StartAgainAsync();
        await using var after = await server.OpenAsync(Ttl, None);
        (await after.TryLockAsync(North, None)).ShouldBeTrue();
    }

    [Fact]
    public void A_server_that_cannot_end_a_silent_session_is_refused()
    {
        PostgresLockServer.Objection(new Version(13, 14))
            .ShouldBe("Nodes need PostgreSQL 14 or newer, and this is 13.14: update the database server.");
        PostgresLockServer.Objection(new Version(14, 0)).ShouldBeNull();
    }

    private static async Task<PostgresLockServer> NewServer() => new(await (await PostgresServer.Shared).NewDatabaseAsync());

    /// <summary>Asks again and again; each question is itself a wait for the server.</summary>
    private static async Task WaitUntil(Func<Task<bool>> condition)
    {
        var limit = Stopwatch.StartNew();
        while (!await condition())
            limit.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    private static void Signal(string signal, long pid)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{pid}"]);
        kill.WaitForExit();
        kill.ExitCode.ShouldBe(0);
    }
}
