using System.Diagnostics;
using Akka.Actor;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Server.Tests.Hosting;
using Iec102.Storage;
using Microsoft.Data.Sqlite;
using NodaTime;
using Npgsql;

namespace Iec102.Benchmarks.Storage;

/// <summary>
/// Promise P5: how many intervals per second the profile actors record on SQLite with synchronous FULL, from the meters' answers to rows of
/// load_profile, and how long the recovery of a profile with a long history takes. Beside it the same on PostgreSQL, with all curves on one
/// node or spread over three. Journal, writer and actors are set up as in the server; the nodes are actor systems of one process.
/// </summary>
internal static class StorageBenchmark
{
    private const double IntervalsBar = 20_000;
    private const double RecoveryBarMilliseconds = 50;
    private const int Curves = 200;
    private const int Recoveries = 20;

    // The most events that a recovery must replay when the writer keeps up: one more would cause a snapshot.
    private const int EventsAfterSnapshot = 49;

    // Seven full frames of blocks: about what a 9600 baud line transmits in the few seconds of a chunk while others wait.
    private const int ChunkOctets = 2000;

    private static readonly Instant Now = Instant.FromUtc(2026, 6, 1, 10, 30);
    private static readonly Duration FiveYears = Duration.FromDays(5 * 365);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task<IReadOnlyList<Figure>> RunAsync(Effort effort)
    {
        var days = effort.Count(40, 160);
        (int Intervals, int Events) recorded = default;
        (int Nodes, bool OnPostgres, List<double> Rates)[] places = [(1, false, []), (1, true, []), (3, true, [])];
        // All places in turn, so that what else runs on the machine meets them alike; the first run is only a warm-up.
        for (var run = 0; run <= effort.Count(3, 5); run++)
        {
            foreach (var (nodes, onPostgres, rates) in places)
            {
                (recorded, var time) = await RecordAsync(days, nodes, onPostgres);
                if (run > 0)
                    rates.Add(recorded.Intervals / time.TotalSeconds);
            }
        }

        var recoveries = await RecoverAsync();
        var perEvent = (double)recorded.Intervals / recorded.Events;
        var recovery = $"a snapshot of {FiveYears.Days} days of hours and {EventsAfterSnapshot} events, "
            + "from the start of the actor to its first answer: "
            + $"the first after the start of the journal and {Recoveries - 1} more";
        return
        [
            .. places.Select(place => new Figure(
                "P5",
                $"recording {Curves} curves at once, events of {perEvent:F0} intervals"
                    + (place.OnPostgres ? $", on PostgreSQL, {place.Nodes} node{(place.Nodes == 1 ? "" : "s")}" : ""),
                "intervals/s", place.Rates, place.OnPostgres ? null : IntervalsBar, Bound.AtLeast,
                $"{recorded.Intervals:N0} intervals in {recorded.Events:N0} events, from answers to rows; their data is made meanwhile")),
            new Figure("P5", "recovery of 5 years", "ms", recoveries, RecoveryBarMilliseconds, Bound.AtMost, recovery),
            new Figure("P5", "recovery of 5 years, longest", "ms", [recoveries.Max()], null, Bound.AtMost, recovery),
        ];
    }

    private static async Task<((int Intervals, int Events) Recorded, TimeSpan Time)> RecordAsync(int days, int nodes, bool onPostgres)
    {
        var store = onPostgres ? await TestStore.NewAsync() : null;
        var folders = Enumerable.Range(0, nodes).Select(_ => new Folder()).ToList();
        var rooms = new List<ProfileRoom>();
        foreach (var folder in folders)
            rooms.Add(await ProfileRoom.StartAsync(folder.Data, Now, store));
        var began = Stopwatch.GetTimestamp();
        var depth = Duration.FromDays(days);
        var counts = await Task.WhenAll(
            Enumerable.Range(0, Curves)
                .Select(index => Task.Run(() => ReadAsync(rooms[index % nodes].Profile(Settings(index, depth)), index, Now))));
        var (intervals, events) = (counts.Sum(count => count.Intervals), counts.Sum(count => count.Events));
        // Acknowledged intervals are in the journal; the tables get them a little later.
        await Wait.UntilAsync(() => Rows() >= intervals, Patience, () => $"load_profile holds {Rows()} of {intervals} rows.");
        var time = Stopwatch.GetElapsedTime(began);
        foreach (var room in rooms)
            await room.DisposeAsync();
        folders.ForEach(folder => folder.Dispose());
        return ((intervals, events), time);

        long Rows() => store is null ? folders[0].Rows() : RowsOf(store);
    }

    private static long RowsOf(StoreConfiguration store)
    {
        using var connection = new NpgsqlConnection(store.Postgres.Reveal());
        connection.Open();
        using var command = new NpgsqlCommand("SELECT count(*) FROM load_profile", connection);
        return (long)command.ExecuteScalar()!;
    }

    private static async Task<IReadOnlyList<double>> RecoverAsync()
    {
        using var folder = new Folder();
        var settings = Settings(0, FiveYears);
        var now = Now;
        await using (var room = await ProfileRoom.StartAsync(folder.Data, now))
        {
            var profile = room.Profile(settings);
            await ReadAsync(profile, 0, now);
            await Wait.UntilAsync(() => folder.Events() == 0, Patience, () => $"The journal still holds {folder.Events()} events.");
            // The newest day is read in one exchange, which makes one event.
            for (var day = 0; day < EventsAfterSnapshot; day++)
                await ReadAsync(profile, 0, room.Now = now += Duration.FromDays(1));
        }

        await using var again = await ProfileRoom.StartAsync(folder.Data, now);
        var times = new List<double>();
        for (var i = 0; i < Recoveries; i++)
        {
            var began = Stopwatch.GetTimestamp();
            var profile = again.Profile(settings);
            var coverage = await profile.Ask<CoverageReport>(new GetCoverage(Range: null), Patience);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            if (folder.Events() != EventsAfterSnapshot || coverage.Missing > 0 || coverage.Recorded < FiveYears.TotalHours)
                throw new InvalidOperationException(
                    $"The recovered state is not the expected one: "
                    + $"{folder.Events()} events, {coverage.Recorded} recorded, {coverage.Missing} missing.");
            await profile.GracefulStop(Patience);
        }

        return times;
    }

    private static async Task<(int Intervals, int Events)> ReadAsync(IActorRef profile, int index, Instant now)
    {
        var client = new ProfileClient(profile, SerialNumber(index), ChunkOctets);
        var (intervals, events) = (0, 0);
        for (; await client.ReadChunkAsync(now) is { } recorded; events++)
            intervals += recorded;
        return (intervals, events);
    }

    private static ProfileSettings Settings(int index, Duration depth) => ProfileClient.Settings($"m-{index}", depth);

    private static uint SerialNumber(int index) => 1000 + (uint)index;

    /// <summary>A data directory that is deleted after the run.</summary>
    private sealed class Folder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-bench-");

        public Folder() => Data = DataDirectory.Create(_folder.FullName);

        public DataDirectory Data { get; }

        /// <summary>The number of intervals in the tables.</summary>
        public long Rows() => Count(Data.ReadingsFile, "load_profile");

        /// <summary>The number of events in the journal that are not deleted.</summary>
        public long Events() => Count(Data.JournalFile, "journal WHERE deleted = 0");

        private static long Count(string file, string of)
        {
            using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT count(*) FROM {of}";
            return (long)command.ExecuteScalar()!;
        }

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
