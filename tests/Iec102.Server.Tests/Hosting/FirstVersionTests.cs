using System.Text.Json.Nodes;
using Akka.Actor;
using Iec102.Acquisition;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Server.Tests.EndToEnd;
using Iec102.Storage;
using Iec102.Storage.Databases;
using Iec102.Storage.Reading;
using Iec102.Storage.Upkeep;
using Iec102.Testing;
using Microsoft.Data.Sqlite;
using NodaTime;
using NodaTime.Text;

namespace Iec102.Server.Tests.Hosting;

/// <summary>
/// Promise R9: a data directory of version 0.1.0, written by another actor runtime (Databases/0.1.0), is opened and continued.
/// </summary>
public sealed class FirstVersionTests : IDisposable
{
    // A chunk has room for only one frame, so that there are enough events for another snapshot.
    private const int SmallChunk = 100;
    private const int DaysMore = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly Duration Depth = Duration.FromDays(16);
    private static readonly Duration Held = Duration.FromDays(14);
    private static readonly TimeRange Ever = new(Instant.FromUtc(2000, 1, 1, 0, 0), Instant.FromUtc(2100, 1, 1, 0, 0));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-first-");
    private readonly DataDirectory _data;
    private readonly IReadOnlyList<OldMeter> _meters;

    public FirstVersionTests()
    {
        _data = DataDirectory.Create(_folder.FullName);
        foreach (var file in new[] { _data.JournalFile, _data.ReadingsFile })
            Execute(file, $"PRAGMA journal_mode = WAL; {File.ReadAllText(Old(Path.ChangeExtension(Path.GetFileName(file), ".sql")))}");
        _meters = [.. JsonNode.Parse(File.ReadAllText(Old("meters.json")))!.AsArray().Select(meter => OldMeter.Of(meter!))];
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void R9_it_is_one_with_events_in_the_journal_and_snapshots_for_which_events_were_deleted()
    {
        Query<string>(_data.JournalFile, "SELECT persistence_id FROM journal WHERE deleted = 0 GROUP BY persistence_id ORDER BY 1")
            .ShouldBe(_meters.Select(meter => meter.PersistenceId));
        Query<string>(
            _data.JournalFile,
            "SELECT persistence_id FROM snapshot JOIN journal USING (persistence_id, sequence_number) WHERE deleted = 1 ORDER BY 1")
            .ShouldBe(_meters.Take(2).Select(meter => meter.PersistenceId));
    }

    [Fact]
    public async Task R9_every_curve_is_recovered_as_it_was_shown()
    {
        await using var room = await ProfileRoom.StartAsync(_data, _meters[0].At);
        foreach (var meter in _meters)
        {
            room.Now = meter.At;
            var coverage = await CoverageAsync(room.Profile(ProfileClient.Settings(meter.Id, Depth)));
            (coverage.Expected, coverage.Recorded, coverage.Missing, coverage.Absent + coverage.Lost)
                .ShouldBe((meter.Expected, meter.Recorded, meter.Missing, meter.Absent + meter.Lost), meter.Id);
            // The first version counted as lost what the meters had dropped before they were first read.
            coverage.Lost.ShouldBe(0, meter.Id);
        }
    }

    [Fact]
    public async Task R9_every_curve_goes_on_with_nothing_lost_doubled_or_altered()
    {
        var rows = Rows();
        var numbers = _meters.ToDictionary(meter => meter, meter => LastEvent(meter));
        var from = _meters.Max(meter => meter.At);
        var profiles = new Dictionary<OldMeter, CoverageReport>();
        await using (var room = await ProfileRoom.StartAsync(_data, from + Duration.FromDays(DaysMore)))
        {
            foreach (var meter in _meters)
            {
                var profile = room.Profile(ProfileClient.Settings(meter.Id, Depth));
                var client = new ProfileClient(profile, meter.SerialNumber, SmallChunk) { HeldAfter = from - Held };
                (await client.ReadChunkAsync(room.Now)).ShouldNotBeNull().ShouldBeGreaterThan(0);
                LastEvent(meter).ShouldBe(numbers[meter] + 1, meter.Id);

                await client.ReadAllAsync(room.Now);

                await Site.UntilAsync(
                    () => Task.FromResult(EventsOf(meter, "count(*)", "AND deleted = 0") < 50), Patience,
                    () => $"{meter.Id}: no snapshot has taken the place of events.");
                profiles[meter] = await CoverageAsync(profile);
                profiles[meter].ShouldSatisfyAllConditions(
                    now => now.Recorded.ShouldBe(meter.Recorded + DaysMore * 24), now => now.Missing.ShouldBe(0));
            }

            room.Complaints.ShouldBeEmpty();
        }

        await using (var again = await ProfileRoom.StartAsync(_data, from + Duration.FromDays(DaysMore)))
        {
            foreach (var (meter, coverage) in profiles)
                (await CoverageAsync(again.Profile(ProfileClient.Settings(meter.Id, Depth)))).ShouldBeEquivalentTo(coverage);
        }

        Rows().Take(rows.Count).ShouldBe(rows);
        var intervals = ShouldHoldTheTruth();
        var report = new Verifier(new SqliteDatabase(_data)).Run();
        report.Differences.ShouldBeEmpty();
        report.Profiles.ShouldBe(_meters.Count);
        report.Intervals.ShouldBe(intervals);
        Promise.Report(
            "R9", "data directory of version 0.1.0",
            $"{_meters.Count} curves with {rows.Count} intervals opened, {intervals - rows.Count} recorded since, "
            + "0 lost, doubled or altered, 0 differences");
    }

    /// <summary>Checks that every stored interval is there once, without a gap, and has the values that the meter measured.</summary>
    private int ShouldHoldTheTruth()
    {
        var store = new ReadingsStore(new SqliteDatabase(_data));
        var count = 0;
        foreach (var meter in _meters)
        {
            var truth = new ProfileClient(ActorRefs.Nobody, meter.SerialNumber, SmallChunk);
            var intervals = store.Intervals(meter.Id, Curve.Hourly, Ever, allRevisions: true).ToList();
            var hours = Enumerable.Range(0, intervals.Count).Select(hour => intervals[0].End + Duration.FromHours(hour));
            intervals.Select(interval => interval.End).ShouldBe(hours, meter.Id);
            foreach (var interval in intervals)
            {
                var objects = Enumerable.Range(1, 8);
                objects.Select(interval.Row.GetValue)
                    .ShouldBe(objects.Select(@object => truth.ValueOf(interval.End, @object)), $"{meter.Id} {interval.End}");
            }

            count += intervals.Count;
        }

        return count;
    }

    private List<string> Rows() => Query<string>(
        _data.ReadingsFile,
        """
        SELECT concat_ws('|', meter, curve, end_utc, revision, hex(label), a_plus, a_minus, r1, r2, r3, r4, received_at)
        FROM load_profile ORDER BY received_at, meter, end_utc
        """);

    private long LastEvent(OldMeter meter) => EventsOf(meter, "max(sequence_number)");

    private long EventsOf(OldMeter meter, string what, string and = "") =>
        Query<long>(_data.JournalFile, $"SELECT {what} FROM journal WHERE persistence_id = '{meter.PersistenceId}' {and}").Single();

    private static Task<CoverageReport> CoverageAsync(IActorRef profile) =>
        profile.Ask<CoverageReport>(new GetCoverage(Range: null), Patience);

    private static string Old(string name) => Path.Combine(AppContext.BaseDirectory, "Databases", "0.1.0", name);

    private static void Execute(string file, string sql)
    {
        using var connection = Open(file);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static List<T> Query<T>(string file, string sql)
    {
        using var connection = Open(file);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var row = command.ExecuteReader();
        var rows = new List<T>();
        while (row.Read())
            rows.Add(row.GetFieldValue<T>(0));
        return rows;
    }

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    /// <summary>What version 0.1.0 reported about a meter and its curve just before it was stopped.</summary>
    private sealed record OldMeter(string Id, uint SerialNumber, Instant At, int Expected, int Recorded, int Missing, int Absent, int Lost)
    {
        public string PersistenceId => $"profile-{Id}-hourly";

        public static OldMeter Of(JsonNode meter)
        {
            var curve = meter["profiles"]!["hourly"]!;
            return new OldMeter(
                (string)meter["id"]!, (uint)meter["serialNumber"]!,
                OffsetDateTimePattern.ExtendedIso.Parse((string)meter["lastSeen"]!).Value.ToInstant(),
                (int)curve["expected"]!, (int)curve["recorded"]!, (int)curve["missing"]!, (int)curve["absent"]!, (int)curve["lost"]!);
        }
    }
}
