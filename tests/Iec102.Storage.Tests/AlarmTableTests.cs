using Iec102.Acquisition.Alarms;
using Iec102.Acquisition.Verdicts;
using Iec102.Storage.Writing;
using NodaTime;

namespace Iec102.Storage.Tests;

/// <summary>Alarms outlive the process, whatever the database is.</summary>
public abstract class AlarmTableTests : OnBothDatabases
{
    private static readonly Instant Since = Instant.FromUtc(2026, 3, 2, 10, 0) + Duration.FromMilliseconds(123);

    private static readonly Alarm Bare = new(
        new AlarmSubject(AlarmSubjectKind.Node, "centre-1", VerdictCause.NodeLost), AlarmPriority.High, Since, Since);

    private static readonly Alarm Full = new(
        new AlarmSubject(AlarmSubjectKind.Port, "north", VerdictCause.LineDown), AlarmPriority.High, Since, Since)
    {
        ClearedAt = Since + Duration.FromHours(1),
        Count = 3,
        Node = "centre-1",
        Port = "north",
        Meters = ["m-1", "m-2"],
        LastError = "192.0.2.1:4001 refuses the connection.",
        Advice = new Advice("Check it.", "Revíselo."),
        Note = "La línea es de Ana.",
        AcknowledgedBy = "Ana",
        AcknowledgedAt = Since + Duration.FromMinutes(5),
        ShelvedUntil = Since + Duration.FromHours(8),
    };

    private readonly AlarmTable _table;

    private protected AlarmTableTests(TestData data)
        : base(data) => _table = new AlarmTable(data.Database);

    [Fact]
    public void What_is_stored_is_read_as_it_was()
    {
        _table.Read().ShouldBeEmpty();
        _table.Write([Bare, Full], [], []);

        _table.Read().ShouldBe([Bare, Full]);
    }

    [Fact]
    public void An_alarm_is_replaced_unless_a_newer_state_of_it_is_stored_and_deleted_when_it_is_forgotten()
    {
        var newer = Full with { ChangedAt = Since + Duration.FromMilliseconds(1), Note = null, ClearedAt = null };
        _table.Write([Bare, Full], [], []);
        _table.Write([newer], [], []);
        _table.Write([Full], [], []);
        _table.Read().ShouldBe([Bare, newer]);

        _table.Write([], [Bare.Id, "meter.none.password"], []);
        _table.Read().ShouldBe([newer]);
    }

    [Fact]
    public void What_a_newer_program_has_stored_and_this_one_does_not_know_is_left_out()
    {
        _table.Write([Bare, Full], [], []);
        _data.Change("UPDATE alarm SET cause = 'Moonlight' WHERE kind = 'Node'");

        _table.Read().ShouldBe([Full]);
    }

    [Fact]
    public void What_waits_to_be_sent_on_a_way_is_kept_in_order_until_it_is_sent_or_its_alarm_is_forgotten()
    {
        var (raised, cleared) = (new AlarmChange(AlarmChangeKind.Raised, Full), new AlarmChange(AlarmChangeKind.Cleared, Full with
        {
            ChangedAt = Full.ChangedAt + Duration.FromSeconds(9),
        }));
        var other = new AlarmChange(AlarmChangeKind.Raised, Bare with { ChangedAt = Bare.ChangedAt + Duration.FromSeconds(20) });
        _table.Write(
            [other.Alarm, cleared.Alarm], [], [new("mail", cleared), new("mail", other), new("mail", raised), new("post", raised)]);
        _table.Write([], [], [new("mail", raised)]);

        _table.Waiting("mail").ShouldBe([raised, cleared, other]);
        _table.Sent("mail", [raised]);
        _table.Waiting("mail").ShouldBe([cleared, other]);
        _table.Waiting("post").ShouldBe([raised]);
        _table.Write([], [Full.Id], []);
        _table.Waiting("mail").ShouldBe([other]);
        _table.Waiting("none").ShouldBeEmpty();
    }

    [Fact]
    public void The_sheet_of_a_day_is_sent_by_one_of_those_who_want_to()
    {
        var day = new LocalDate(2026, 3, 2);
        (_table.Claim(day), _table.Claim(day)).ShouldBe((true, false));
        (_table.Claim(day.PlusDays(1)), _table.Claim(day.PlusDays(1))).ShouldBe((true, false));
    }
}

/// <summary>The same on SQLite.</summary>
public sealed class SqliteAlarmTableTests() : AlarmTableTests(new TemporaryData());

/// <summary>The same on PostgreSQL.</summary>
public sealed class PostgresAlarmTableTests() : AlarmTableTests(new PostgresData());
