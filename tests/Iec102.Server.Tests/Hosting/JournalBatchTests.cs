using Akka.Actor;
using Iec102.Acquisition;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Storage;
using Iec102.Storage.Databases;
using Iec102.Storage.Reading;
using Iec102.Storage.Upkeep;
using NodaTime;
using Npgsql;

namespace Iec102.Server.Tests.Hosting;

/// <summary>
/// The journal's plug-in writes what waits in one transaction, whichever curves it is of. One event that is refused, because another node
/// has used its number, takes the others with it: their curves fail too, and lose nothing (promises R1 and R2).
/// </summary>
public sealed class JournalBatchTests : IDisposable
{
    private const int AtOnce = 3;

    private static readonly Instant Now = Instant.FromUtc(2026, 6, 1, 10, 30);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeRange Ever = new(Instant.FromUtc(2000, 1, 1, 0, 0), Instant.FromUtc(2100, 1, 1, 0, 0));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-batch-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Curves_that_fail_because_of_another_ones_refused_event_store_every_interval_once()
    {
        var store = await TestStore.NewAsync();
        await using (ProfileRoom room = await RoomAsync("a", store), other = await RoomAsync("b", store))
        {
            var curves = Enumerable.Range(0, AtOnce + 6).Select(number => new Curve(room, number)).ToList();
            foreach (var curve in curves)
                await curve.Client.ReadChunkAsync(Now);
            var stale = curves[^1];
            await new Curve(other, stale.Number).Client.ReadChunkAsync(Now);

            var failed = await WriteTogetherAsync(store, [.. curves]);

            failed.ShouldContain(stale.Number);
            failed.Count.ShouldBeGreaterThan(1, "The refused event was written alone: then cluster.md says too much.");
            foreach (var curve in curves.Select(one => failed.Contains(one.Number) ? new Curve(room, one.Number) : one))
                await curve.Client.ReadAllAsync(Now);
            await room.StoreAllAsync();
        }

        using var database = new PostgresDatabase(store.Postgres);
        new Verifier(database).Run().Differences.ShouldBeEmpty();
        foreach (var number in Enumerable.Range(0, AtOnce + 6))
        {
            var intervals = new ReadingsStore(database).Intervals($"m-{number}", Fleet.Curve.Hourly, Ever, allRevisions: true).ToList();
            intervals.Count.ShouldBe(10 * 24);
            intervals.Select(one => one.End).Distinct().Count().ShouldBe(10 * 24);
        }
    }

    /// <summary>
    /// Has all curves write at once while the table is locked: the first ones take all of the plug-in's transactions, and the others wait
    /// for the next one. Returns the numbers of those that failed.
    /// </summary>
    private static async Task<List<int>> WriteTogetherAsync(StoreConfiguration store, IReadOnlyList<Curve> curves)
    {
        await using var source = NpgsqlDataSource.Create(store.Postgres.Reveal());
        await using var locking = await source.OpenConnectionAsync();
        await using var transaction = await locking.BeginTransactionAsync();
        await using (var take = new NpgsqlCommand("LOCK TABLE journal IN SHARE MODE", locking))
            await take.ExecuteNonQueryAsync();
        var chunks = await Task.WhenAll(curves.Select(curve => curve.Client.NextChunkAsync()));
        var writing = new List<Task<bool>>();
        foreach (var (index, curve) in curves.Index())
        {
            writing.Add(curve.HasFailedAsync(chunks[index]!));
            if (index >= AtOnce)
                continue;
            await using var waiting = source.CreateCommand(
                "SELECT count(*) FROM pg_locks WHERE relation = 'journal'::regclass AND NOT granted");
            await EndToEnd.Site.UntilAsync(
                async () => (long)(await waiting.ExecuteScalarAsync())! == index + 1, Patience, () => "The table is not waited for.");
        }
        await Task.WhenAll(curves.Select(curve => curve.Profile.Ask<ActorIdentity>(new Identify(null), Patience)));
        await transaction.CommitAsync();
        var failed = await Task.WhenAll(writing);
        return [.. curves.Select(curve => curve.Number).Where((_, index) => failed[index])];
    }

    private Task<ProfileRoom> RoomAsync(string name, StoreConfiguration store) =>
        ProfileRoom.StartAsync(DataDirectory.Create(Path.Combine(_folder.FullName, name)), Now, store);

    /// <summary>A curve that one node reads.</summary>
    private sealed class Curve
    {
        public Curve(ProfileRoom room, int number)
        {
            Number = number;
            Profile = room.Profile(ProfileClient.Settings($"m-{number}", Duration.FromDays(10)));
            Client = new ProfileClient(Profile, 1000u + (uint)number, chunkOctets: 2_000);
        }

        public int Number { get; }

        public IActorRef Profile { get; }

        public ProfileClient Client { get; }

        /// <summary>Answers a chunk; returns whether the actor has stopped instead of storing it.</summary>
        public async Task<bool> HasFailedAsync(ReadChunk chunk)
        {
            var stopped = Profile.WatchAsync();
            return await Task.WhenAny(stopped, Client.AnswerAsync(chunk, Now)) == stopped;
        }
    }
}
