using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Storage.Files;
using Iec102.Storage.Upkeep;
using NodaTime;
using static Iec102.Storage.Tests.Batch;

namespace Iec102.Storage.Tests;

public abstract class VerifierTests : OnBothDatabases
{
    private const string Profile = "profile-m-1-hourly";

    private readonly TestJournal _journal;

    private protected VerifierTests(TestData data)
        : base(data) =>
        _journal = data.NewJournal();

    [Fact]
    public void A_new_database_has_no_differences()
    {
        ShouldFindNothing(0, 0);
    }

    [Fact]
    public void What_is_journaled_and_stored_has_no_differences_before_and_after_a_snapshot()
    {
        _journal.Append(Profile, new StartSet(Hour(0), 60, 0));
        _data.Write(_journal.Append(Hours(1, 10)), _journal.Append(Hours(11, 5)), _journal.Append(Hours(1, 5), "m-2"));
        ShouldFindNothing(2, 20);

        // Events that concern only the profile are not sent to the writer, so it is no fault that the writer's progress is then behind.
        _journal.Append(Profile, new MeterSeen(Serial));
        _journal.Snapshot(Profile);
        ShouldFindNothing(2, 20);

        _data.Write(_journal.Append(Hours(16, 4)));
        ShouldFindNothing(2, 24);
    }

    [Fact]
    public void What_the_journal_still_holds_for_the_writer_is_no_difference()
    {
        _data.Write(_journal.Append(Hours(1, 10)));
        _journal.Snapshot(Profile);
        _journal.Append(Hours(11, 10));
        _journal.Append(Hours(1, 3), "m-2");

        ShouldFindNothing(2, 23);
    }

    [Fact]
    public void Intervals_that_count_as_recorded_and_are_not_stored_are_named()
    {
        _data.Write(_journal.Append(Hours(1, 10)));
        _journal.Snapshot(Profile);
        _data.Change("DELETE FROM load_profile WHERE end_utc IN (SELECT end_utc FROM load_profile ORDER BY end_utc LIMIT 2 OFFSET 3)");

        var difference = Verify().Differences.ShouldHaveSingleItem();
        difference.Kind.ShouldBe(DifferenceKind.ClaimedNotStored);
        difference.Sentence.ShouldBe(
            "meter m-1, hourly: counted as recorded but not in load_profile: "
            + "2 intervals, from 2026-03-02T04:00:00Z to 2026-03-02T05:00:00Z.");
    }

    [Fact]
    public void A_snapshot_of_what_was_never_stored_is_a_difference()
    {
        _journal.Append(Hours(1, 10));
        _journal.Snapshot(Profile);

        var difference = Verify().Differences.ShouldHaveSingleItem();
        (difference.Kind, difference.Subject).ShouldBe((DifferenceKind.ClaimedNotStored, Profile));
        difference.Sentence.ShouldContain("10 intervals");
    }

    [Fact]
    public void Stored_intervals_that_do_not_count_as_recorded_are_named_but_those_off_the_grid_are_not()
    {
        _journal.Append(Profile, new StartSet(Hour(0), 60, 0));
        var offGrid = Hour(5) + Duration.FromMinutes(17);
        _data.Write(
            _journal.Append(Answer(new RecordedInterval(Hour(1), Row(Hour(1), 1)), new RecordedInterval(offGrid, Row(offGrid, 1)))));
        Verify().Differences.ShouldBeEmpty();

        var unclaimed = Store(_journal.Append(Profile, new MeterSeen(Serial)), Hours(7, 1));
        _data.Write(unclaimed);

        var difference = Verify().Differences.ShouldHaveSingleItem();
        difference.Kind.ShouldBe(DifferenceKind.StoredNotClaimed);
        difference.Sentence.ShouldBe(
            "meter m-1, hourly: in load_profile but not counted as recorded: "
            + "1 interval, from 2026-03-02T07:00:00Z to 2026-03-02T07:00:00Z.");
    }

    [Fact]
    public void Tables_that_are_ahead_of_the_journal_are_a_difference()
    {
        var stored = _journal.Append(Hours(1, 10));
        _data.Write(stored, stored with { SequenceNr = 5 });

        var difference = Verify().Differences.ShouldHaveSingleItem();
        difference.Kind.ShouldBe(DifferenceKind.ProgressAheadOfJournal);
        difference.Sentence.ShouldContain("the tables are at event 5 and the journal ends at 1");
    }

    [Fact]
    public void Intervals_that_were_deleted_because_they_were_old_are_not_missed()
    {
        _data.Write(_journal.Append(Hours(1, 40)));
        using (var writer = _data.OpenWriter())
            writer.Sweep(new RetentionConfiguration { Profiles = TimeSpan.FromHours(10) }, Hour(40)).ShouldBeFalse();
        _data.Store.Count("m-1", Curve.Hourly, Ever).ShouldBe(11);

        Verify().Differences.ShouldBeEmpty();
        _data.Change("DELETE FROM load_profile WHERE end_utc = (SELECT min(end_utc) FROM load_profile)");
        Verify().Differences.ShouldHaveSingleItem().Kind.ShouldBe(DifferenceKind.ClaimedNotStored);
    }

    [Fact]
    public async Task Nothing_is_found_while_a_server_journals_stores_and_makes_snapshots()
    {
        using var stop = new CancellationTokenSource();
        var server = new BusyServer(_data, _journal);
        var serving = server.RunUntil(stop.Token);
        var verified = 0;
        while (verified < 25 || server.Rounds < 50)
        {
            Verify().Differences.ShouldBeEmpty();
            verified++;
        }

        await stop.CancelAsync();
        await serving;
        ShouldFindNothing(BusyServer.Meters, server.Intervals);
    }

    [Fact]
    public void A_curve_that_is_repaired_is_marked_for_the_next_start_of_the_server()
    {
        _data.Write(_journal.Append(Hours(1, 10)), _journal.Append(Hours(1, 10), "m-2"));
        _journal.Snapshot(Profile);
        _data.Change("DELETE FROM load_profile WHERE meter = (SELECT key FROM meter WHERE id = 'm-1')");

        Repair.Run(_data.Database).Differences.ShouldHaveSingleItem().Kind.ShouldBe(DifferenceKind.ClaimedNotStored);

        Verify().Differences.ShouldContain(one => one.Subject == Profile && one.Sentence.Contains("marked by repair"));
        Verify().Differences.ShouldAllBe(one => one.Subject == Profile);
    }

    [Fact]
    public void Nothing_is_repaired_while_a_server_writes()
    {
        using (_data.Serve())
            Should.Throw<StorageException>(() => Repair.Run(_data.Database)).Message.ShouldBe(_data.ServedSentence);

        Repair.Run(_data.Database).Differences.ShouldBeEmpty();
    }

    private void ShouldFindNothing(int profiles, long intervals)
    {
        var report = Verify();
        report.Differences.ShouldBeEmpty();
        (report.Profiles, report.Intervals).ShouldBe((profiles, intervals));
    }

    private VerifyReport Verify() => new Verifier(_data.Database).Run();
}

/// <inheritdoc/>
public sealed class SqliteVerifierTests() : VerifierTests(new TemporaryData());

/// <inheritdoc/>
public sealed class PostgresVerifierTests() : VerifierTests(new PostgresData());
