using Iec102.Acquisition;
using Iec102.Fleet;
using Iec102.Storage.Writing;
using NodaTime;
using static Iec102.Storage.Tests.Batch;

namespace Iec102.Storage.Tests;

/// <summary>The audit log: what was done is stored once, and comes back as it was told, the newest first.</summary>
public abstract class AuditTests : OnBothDatabases
{
    private protected AuditTests(TestData data)
        : base(data)
    {
    }

    [Fact]
    public void A_line_comes_back_as_it_was_told()
    {
        var line = Line(Hour(1) + Duration.FromTicks(1230));
        var ofFile = new AuditEntry(Hour(2), "", AuditEntry.FleetFile, "", "change applied", "port p changed", null);
        Write(line, ofFile);

        _data.Store.Audit(Ever, 10).ShouldBe([ofFile, line]);
    }

    [Fact]
    public void The_changes_of_the_fleet_file_are_found_among_all_else()
    {
        var ofFile = new AuditEntry(Hour(1), "", AuditEntry.FleetFile, "", "change applied", "port p changed", null);
        var saved = new AuditEntry(Hour(2), "", "ana", "192.0.2.1", AuditEntry.FleetChange, "-  name = South; +  name = North", 200);
        var seen = new AuditEntry(Hour(4), "", "ana", "192.0.2.1", AuditEntry.FleetChange, """{"set":[]}""", 200);
        Write(Line(Hour(3)), ofFile, saved, seen);

        _data.Store.Audit(Ever, 10, ofFleetFile: true).ShouldBe([saved, ofFile]);
    }

    [Fact]
    public void A_line_is_stored_once_however_often_its_commit_is_repeated()
    {
        Write(Line(Hour(1)));
        Write(Line(Hour(1)), Line(Hour(2)));

        _data.Store.Audit(Ever, 10).Select(line => line.At).ShouldBe([Hour(2), Hour(1)]);
    }

    [Fact]
    public void Whatever_is_in_a_text_the_line_is_stored()
    {
        Write(Line(Hour(1)), new AuditEntry(
            Hour(2), "", "a\0b", "", "POST /\uD83D\r\nGET", new string('x', 496) + "\uD83D\uDE00" + new string('y', 500), 400));

        var line = _data.Store.Audit(Ever, 1).ShouldHaveSingleItem();
        (line.Who, line.Action).ShouldBe(("a b", "POST /\uFFFD  GET"));
        line.Detail.ShouldBe(new string('x', 496) + "\uFFFD...");
    }

    [Fact]
    public void A_range_excludes_its_beginning_and_has_at_most_as_many_lines_as_asked_for()
    {
        Write([.. Enumerable.Range(1, 5).Select(hour => Line(Hour(hour)))]);

        _data.Store.Audit(new TimeRange(Hour(1), Hour(4)), 10).Select(line => line.At).ShouldBe([Hour(4), Hour(3), Hour(2)]);
        _data.Store.Audit(Ever, 2).Select(line => line.At).ShouldBe([Hour(5), Hour(4)]);
    }

    [Fact]
    public void Lines_that_have_outlived_their_retention_are_deleted_and_no_others()
    {
        Write([.. Enumerable.Range(1, 5).Select(hour => Line(Hour(hour)))]);
        using var writer = _data.OpenWriter();

        writer.Sweep(new RetentionConfiguration { Audit = null }, Hour(1_000_000)).ShouldBeFalse();
        _data.Store.Audit(Ever, 10).Count.ShouldBe(5);
        writer.Sweep(new RetentionConfiguration { Audit = TimeSpan.FromHours(2) }, Hour(5)).ShouldBeFalse();
        _data.Store.Audit(Ever, 10).Select(line => line.At).ShouldBe([Hour(5), Hour(4), Hour(3)]);
    }

    [Fact]
    public void More_than_a_step_of_old_lines_is_deleted_in_several_steps()
    {
        for (var part = 0; part < 3; part++)
        {
            var first = part * WriteQueue.MaxAudit;
            Write([.. Enumerable.Range(first, WriteQueue.MaxAudit).Select(number => Line(Day + Duration.FromSeconds(number)))]);
        }

        using var writer = _data.OpenWriter();
        var retention = new RetentionConfiguration { Audit = TimeSpan.FromDays(1) };

        writer.Sweep(retention, Hour(1000)).ShouldBeTrue();
        _data.Store.Audit(Ever, 100_000).Count.ShouldBe(3 * WriteQueue.MaxAudit - RetentionSweep.RowsPerStep);
        writer.Sweep(retention, Hour(1000)).ShouldBeFalse();
        _data.Store.Audit(Ever, 1).ShouldBeEmpty();
    }

    private static AuditEntry Line(Instant at) => new(at, "n-1", "ops", "192.0.2.7", "POST /api/meters/m-1/read", "{}", 200);

    private void Write(params AuditEntry[] lines) => _data.Write(Of(queue =>
    {
        foreach (var line in lines)
            queue.Add(line);
    }));
}

/// <inheritdoc/>
public sealed class SqliteAuditTests() : AuditTests(new TemporaryData());

/// <inheritdoc/>
public sealed class PostgresAuditTests() : AuditTests(new PostgresData());

/// <inheritdoc/>
public sealed class NewerPostgresAuditTests() : AuditTests(PostgresData.Newer());
