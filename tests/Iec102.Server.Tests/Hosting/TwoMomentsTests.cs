using Akka.Actor;
using Iec102.Acquisition;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Server.Tests.EndToEnd;
using Iec102.Storage;
using Iec102.Storage.Databases;
using Iec102.Storage.Reading;
using Iec102.Storage.Upkeep;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Iec102.Server.Tests.Hosting;

/// <summary>
/// One of the two database files is lost, or replaced by an older copy, while the other goes on (promises R1 and R2): the next start
/// notices it, and everything is stored that the meter still has. The real journal, the real writer, and no line.
/// </summary>
public sealed class TwoMomentsTests : IDisposable
{
    private const int SmallChunk = 100;
    private const uint Serial = 48304838;
    private static readonly Instant First = Instant.FromUtc(2024, 7, 16, 8, 0);
    private static readonly Instant Second = First + Duration.FromDays(20);
    private static readonly Instant Third = Second + Duration.FromDays(2);
    private static readonly Instant Start = First - Duration.FromDays(20);
    private static readonly Duration Depth = Duration.FromDays(60);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeRange Ever = new(Instant.FromUtc(2000, 1, 1, 0, 0), Instant.FromUtc(2100, 1, 1, 0, 0));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-moments-");
    private readonly DataDirectory _data;

    public TwoMomentsTests() => _data = DataDirectory.Create(Path.Combine(_folder.FullName, "data"));

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("journal.db", false)]
    [InlineData("journal.db", true)]
    [InlineData("readings.db", false)]
    [InlineData("readings.db", true)]
    public async Task After_a_file_is_lost_or_replaced_by_an_older_copy_everything_is_stored(string name, bool isReplaced)
    {
        await ReadUntil(First);
        Copy(name, _data.Path, _folder.FullName);
        await ReadUntil(Second);
        Delete(name);
        if (isReplaced)
            Copy(name, _folder.FullName, _data.Path);

        var (coverage, complaints) = await ReadUntil(Third);

        coverage.ShouldSatisfyAllConditions(now => now.Missing.ShouldBe(0), now => now.Lost.ShouldBe(0));
        complaints.ShouldHaveSingleItem().ShouldContain("journal.db and readings.db are not from the same moment");
        ShouldHoldEveryHourUntil(Third);
        new Verifier(new SqliteDatabase(_data)).Run().Differences.ShouldBeEmpty();
        (await ReadUntil(Third)).Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_tables_hold_is_not_read_again_after_the_journal_was_lost_and_does_not_become_lost()
    {
        await ReadUntil(First);
        Delete("journal.db");
        var later = First + Depth - Duration.FromHours(1);

        var (coverage, _) = await ReadUntil(later);

        // The meter keeps 60 days; the tables have 20 more.
        coverage.Recorded.ShouldBe(80 * 24 - 2);
        coverage.Lost.ShouldBe(0);
        ShouldHoldEveryHourUntil(later);
    }

    [Fact]
    public async Task Rows_that_are_missing_in_the_middle_are_read_again_after_repair()
    {
        await ReadUntil(First);
        Execute(
            _data.ReadingsFile,
            "DELETE FROM load_profile WHERE end_utc IN (SELECT end_utc FROM load_profile ORDER BY end_utc LIMIT 50 OFFSET 100)");
        (await ReadUntil(First)).Complaints.ShouldBeEmpty();
        new Verifier(new SqliteDatabase(_data)).Run().Differences.ShouldHaveSingleItem().Kind.ShouldBe(DifferenceKind.ClaimedNotStored);

        Repair.Run(new SqliteDatabase(_data)).Differences.ShouldHaveSingleItem().Kind.ShouldBe(DifferenceKind.ClaimedNotStored);

        new Verifier(new SqliteDatabase(_data)).Run().Differences.ShouldContain(one => one.Sentence.Contains("marked by repair"));
        (await ReadUntil(First)).Complaints.ShouldHaveSingleItem();
        ShouldHoldEveryHourUntil(First);
        new Verifier(new SqliteDatabase(_data)).Run().Differences.ShouldBeEmpty();
    }

    private static void Copy(string name, string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, name + "*"))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    /// <summary>Deletes a database with its log.</summary>
    private void Delete(string name) => Array.ForEach(Directory.GetFiles(_data.Path, name + "*"), File.Delete);

    /// <summary>
    /// Runs the actors of one meter, which reads everything that is due, until all of it is in the tables and most of the journal's events
    /// are deleted.
    /// </summary>
    private async Task<(CoverageReport Coverage, IReadOnlyCollection<string> Complaints)> ReadUntil(Instant now)
    {
        // Otherwise the journal of an earlier room is still open.
        SqliteConnection.ClearAllPools();
        await using var room = await ProfileRoom.StartAsync(_data, now);
        var profile = room.Profile(ProfileClient.Settings("m-1", Depth) with { From = Start });
        var client = new ProfileClient(profile, Serial, SmallChunk) { HeldAfter = now - Depth };
        await client.ReadAllAsync(now);
        await room.StoreAllAsync();
        await Site.UntilAsync(
            () => Task.FromResult((long)Execute(_data.JournalFile, "SELECT count(*) FROM journal WHERE deleted = 0")! < 50), Patience,
            () => "No snapshot has taken the place of events.");
        var coverage = await profile.Ask<CoverageReport>(new GetCoverage(Range: null), Patience);
        return (coverage, [.. room.Complaints]);
    }

    private void ShouldHoldEveryHourUntil(Instant end)
    {
        var truth = new ProfileClient(ActorRefs.Nobody, Serial, SmallChunk);
        var intervals = new ReadingsStore(new SqliteDatabase(_data)).Intervals("m-1", Curve.Hourly, Ever, allRevisions: true).ToList();
        var hours = (int)(end - Start).TotalHours - 1;
        var expected = Enumerable.Range(1, hours).Select(hour => Start + Duration.FromHours(hour)).ToList();
        var held = intervals.Select(one => one.End).ToList();
        expected.Except(held).ShouldBeEmpty();
        held.ShouldBe(expected);
        foreach (var interval in intervals)
            interval.Row.GetValue(1).ShouldBe(truth.ValueOf(interval.End, 1), $"{interval.End}");
    }

    private static object? Execute(string file, string sql)
    {
        var options = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false };
        using var connection = new SqliteConnection(options.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
