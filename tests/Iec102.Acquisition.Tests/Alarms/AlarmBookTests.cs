using System.Collections.Immutable;
using FsCheck.Xunit;
using Iec102.Acquisition.Alarms;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Verdicts;
using NodaTime;

namespace Iec102.Acquisition.Tests.Alarms;

/// <summary>The rules by which alarms come and go.</summary>
public sealed class AlarmBookTests
{
    private static readonly Duration Delay = Duration.FromMinutes(1);

    private readonly AlarmScene _scene = new();
    private readonly AlarmBook _book = new();

    [Fact]
    public void A_problem_is_raised_once_it_has_stood_for_the_delay_and_cleared_once_it_has_been_gone_for_it()
    {
        _scene.M1 = Seen.Password;
        Look(0).ShouldBeEmpty();
        Look(59).ShouldBeEmpty();
        var raised = Look(1).ShouldHaveSingleItem();
        (raised.Kind, raised.Alarm.Id, raised.Alarm.Priority, raised.Alarm.Port, raised.IsNews)
            .ShouldBe((AlarmChangeKind.Raised, AlarmScene.Password, AlarmPriority.Medium, "p-1", true));
        raised.Alarm.Since.ShouldBe(_scene.Now - Duration.FromHours(5));
        raised.Alarm.Advice!.En.ShouldStartWith("Correct password");
        Look(600).ShouldBeEmpty();

        _scene.M1 = Seen.Ok;
        Look(1).ShouldBeEmpty();
        var cleared = Look(60).ShouldHaveSingleItem();
        (cleared.Kind, cleared.Alarm.ClearedAt, cleared.Alarm.Count).ShouldBe((AlarmChangeKind.Cleared, _scene.Now, 1));
    }

    [Fact]
    public void A_port_that_is_down_is_one_alarm_and_what_its_meters_had_before_stays_as_it_was()
    {
        _scene.M1 = Seen.Password;
        Raise();
        _scene.IsPortDown = true;
        Look(1);
        var raised = Look(60).ShouldHaveSingleItem().Alarm;
        (raised.Id, raised.Priority).ShouldBe((AlarmScene.Line, AlarmPriority.High));
        raised.Meters.ShouldBe(["m-1", "m-2"]);
        _scene.M1 = Seen.Ok;
        Look(600).ShouldBeEmpty("Nobody can say whether the password has been corrected.");

        _scene.IsPortDown = false;
        Look(1);
        Look(60).Select(change => (change.Kind, change.Alarm.Id)).ShouldBe(
            [(AlarmChangeKind.Cleared, AlarmScene.Password), (AlarmChangeKind.Cleared, AlarmScene.Line)], ignoreOrder: true);
    }

    [Fact]
    public void What_comes_first_in_a_verdict_hides_what_comes_behind_it()
    {
        _scene.M1 = Seen.Clock;
        Raise().Priority.ShouldBe(AlarmPriority.Low);
        _scene.M1 = Seen.Password;
        Look(1);
        Look(60).ShouldHaveSingleItem().Alarm.Id.ShouldBe(AlarmScene.Password);
        Look(600).ShouldBeEmpty();
        _book.Find(AlarmScene.Clock)!.IsActive.ShouldBeTrue();

        _scene.M1 = Seen.Clock;
        Look(1);
        Look(60).ShouldHaveSingleItem().ShouldBe(new AlarmChange(AlarmChangeKind.Cleared, _book.Find(AlarmScene.Password)!));
    }

    [Fact]
    public void A_port_that_comes_and_goes_for_a_day_is_a_few_messages()
    {
        var news = 0;
        for (var minute = 0; minute < 24 * 60; minute++)
        {
            _scene.IsPortDown = minute % 4 < 2;
            news += Look(60).Count(change => change.IsNews);
        }

        news.ShouldBeInRange(2, 6);
        _scene.IsPortDown = false;
        Look(1);
        Look(3600).ShouldHaveSingleItem().Kind.ShouldBe(AlarmChangeKind.Cleared);
    }

    [Fact]
    public void What_comes_back_must_be_acknowledged_again()
    {
        _scene.M1 = Seen.Password;
        Raise();
        _book.Acknowledge(AlarmScene.Password, "Ana", _scene.Now)!.Alarm.AcknowledgedBy.ShouldBe("Ana");
        _book.Acknowledge(AlarmScene.Password, "Luis", _scene.Now).ShouldBeNull();
        _book.Note(AlarmScene.Password, "The fitter comes on Monday.", _scene.Now);
        _scene.M1 = Seen.Ok;
        Look(1);
        Look(60);
        _scene.M1 = Seen.Password;
        Look(7200);
        var again = Look(60).ShouldHaveSingleItem();

        (again.Kind, again.Alarm.Count, again.Alarm.IsAcknowledged, again.Alarm.Note)
            .ShouldBe((AlarmChangeKind.RaisedAgain, 2, false, "The fitter comes on Monday."));
        _book.Alarms.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_shelved_alarm_is_no_news_until_its_time_is_over_and_then_only_if_it_still_stands()
    {
        _scene.M1 = Seen.Password;
        Raise();
        var until = _scene.Now + Duration.FromHours(8);
        _book.Shelve(AlarmScene.Password, until, _scene.Now)!.IsNews.ShouldBeFalse();
        _scene.M1 = Seen.Ok;
        Look(1);
        Look(60).ShouldHaveSingleItem().IsNews.ShouldBeFalse();
        _scene.M1 = Seen.Password;
        Look(3600);
        Look(60).ShouldHaveSingleItem().IsNews.ShouldBeFalse();

        Look((int)(until - _scene.Now).TotalSeconds - 1).ShouldBeEmpty();
        var ended = Look(1).ShouldHaveSingleItem();
        (ended.Kind, ended.Alarm.ShelvedUntil, ended.IsNews).ShouldBe((AlarmChangeKind.ShelvingEnded, null, true));
    }

    [Fact]
    public void A_meter_that_is_taken_out_of_the_fleet_has_no_problem_and_one_that_has_not_reported_yet_is_not_known()
    {
        _scene.M1 = Seen.Password;
        Raise();
        var restarted = new AlarmBook();
        restarted.Restore(_book.Alarms).ShouldBeEmpty();
        var nothingYet = FleetVerdicts.Of(
            new LivePorts(ImmutableSortedDictionary<string, LivePort>.Empty),
            new LiveMeters(ImmutableSortedDictionary<string, LiveMeter>.Empty), _scene.Now);
        restarted.Look(nothingYet, _scene.Fleet, Duration.Zero, _scene.Now + Duration.FromHours(1)).ShouldBeEmpty();

        _scene.Fleet = _scene.Fleet with { Meters = [_scene.Fleet.Meters[1]] };
        Look(1);
        Look(60).ShouldHaveSingleItem().Kind.ShouldBe(AlarmChangeKind.Cleared);
    }

    [Theory]
    [InlineData(Seen.Untried)]
    [InlineData(Seen.Failing)]
    public void After_a_restart_an_alarm_stands_until_the_meter_has_shown_how_it_is(Seen first)
    {
        _scene.M1 = Seen.Password;
        Raise();
        _book.Acknowledge(AlarmScene.Password, "Ana", _scene.Now);
        var restarted = new AlarmBook();
        restarted.Restore(_book.Alarms);

        _scene.M1 = first;
        Look(restarted, 1).ShouldBeEmpty();
        Look(restarted, 3600).ShouldBeEmpty("On a slow line its turn may come late.");
        _scene.M1 = Seen.Password;
        Look(restarted, 1).ShouldBeEmpty();
        Look(restarted, 3600).ShouldBeEmpty();
        restarted.Find(AlarmScene.Password)!.AcknowledgedBy.ShouldBe("Ana");

        _scene.M1 = Seen.Ok;
        Look(restarted, 1).ShouldBeEmpty();
        Look(restarted, 60).ShouldHaveSingleItem().Kind.ShouldBe(AlarmChangeKind.Cleared);
    }

    [Fact]
    public void Gaps_are_over_when_nothing_is_missing_any_more_and_not_while_it_is_being_read()
    {
        _scene.M1 = Seen.Stuck;
        Raise().Id.ShouldBe("meter.m-1.gaps");

        _scene.M1 = Seen.Reading;
        Look(1).ShouldBeEmpty();
        Look(3600).ShouldBeEmpty();

        _scene.M1 = Seen.Ok;
        Look(1);
        Look(60).ShouldHaveSingleItem().Kind.ShouldBe(AlarmChangeKind.Cleared);
    }

    [Fact]
    public void Without_the_shared_database_no_alarm_of_a_node_is_cleared()
    {
        _scene.OfNodes = [Node("b", VerdictCause.NodeLost)];
        Raise().Id.ShouldBe("node.b.node-lost");
        _scene.OfNodes = [Node("a", VerdictCause.Storage)];
        Look(1);
        Look(60).ShouldHaveSingleItem().Alarm.Id.ShouldBe("node.a.storage");
        Look(600).ShouldBeEmpty();

        _scene.OfNodes = [];
        Look(1);
        Look(60).Count.ShouldBe(2);

        static OpenProblem Node(string id, VerdictCause cause) =>
            new(null, null, new Verdict(VerdictKind.Unknown) { Cause = cause }, null, []) { Node = id };
    }

    [Fact]
    public void What_is_over_and_acknowledged_is_forgotten_after_ninety_days()
    {
        _scene.M1 = Seen.Password;
        Raise();
        _scene.M1 = Seen.Ok;
        Look(1);
        Look(60);
        Look(100 * 86400).ShouldBeEmpty("Nobody has seen it.");
        _book.Acknowledge(AlarmScene.Password, "Ana", _scene.Now);
        Look(90 * 86400).ShouldBeEmpty();
        Look(1).ShouldHaveSingleItem().Kind.ShouldBe(AlarmChangeKind.Forgotten);
        _book.Alarms.ShouldBeEmpty();
    }

    [Fact]
    public void What_was_raised_while_nothing_could_be_restored_goes_on_with_what_was_stored_of_it()
    {
        _scene.M1 = Seen.Password;
        Raise();
        _book.Acknowledge(AlarmScene.Password, "Ana", _scene.Now);
        var blind = new AlarmBook();
        Look(blind, 3600);
        Look(blind, 60).ShouldHaveSingleItem().Kind.ShouldBe(AlarmChangeKind.Raised);

        blind.Restore(_book.Alarms).ShouldHaveSingleItem().AcknowledgedBy.ShouldBe("Ana");
        Look(blind, 600).ShouldBeEmpty();

        var (older, newer) = (_book.Find(AlarmScene.Password)!, blind.Find(AlarmScene.Password)!);
        blind.Restore([older with { Note = "older" }]).ShouldBe([newer]);
        blind.Restore([newer with { Note = "as new" }]).ShouldBeEmpty();
        blind.Find(AlarmScene.Password)!.Note.ShouldBe("as new");
    }

    /// <summary>Whatever happens in whatever order, what the changes say is what the looks have shown.</summary>
    [Property(MaxTest = 300)]
    public void Alarms_follow_what_was_seen(int seed)
    {
        var random = new Random(seed);
        var (scene, book) = (new AlarmScene(), new AlarmBook());
        var delay = Duration.FromSeconds(random.Next(0, 120));
        var looks = new List<(Instant At, Seen Password)>();
        var told = new Dictionary<string, Alarm>();
        for (var step = 0; step < 120; step++)
        {
            if (random.Next(3) == 0)
                (scene.M1, scene.IsPortDown) = ((Seen)random.Next(Enum.GetValues<Seen>().Length), random.Next(4) == 0);
            scene.Pass(Duration.FromSeconds(random.Next(1, 50)));
            looks.Add((scene.Now, PasswordSeen(scene)));
            foreach (var change in Act(random, book, scene).Concat(book.Look(scene.Verdicts(), scene.Fleet, delay, scene.Now)))
            {
                var before = told.GetValueOrDefault(change.Alarm.Id);
                switch (change.Kind)
                {
                    case AlarmChangeKind.Raised or AlarmChangeKind.RaisedAgain:
                        (before?.IsActive).ShouldNotBe(true);
                        (change.Kind == AlarmChangeKind.Raised).ShouldBe(before is null);
                        change.Alarm.Count.ShouldBe((before?.Count ?? 0) + 1);
                        Lately(change, Seen.Password);
                        break;
                    case AlarmChangeKind.Cleared:
                        before!.IsActive.ShouldBeTrue();
                        Lately(change, Seen.Ok);
                        break;
                }

                told[change.Alarm.Id] = change.Alarm;
            }
        }

        book.Alarms.Select(alarm => (alarm.Id, alarm.IsActive, alarm.Count, alarm.AcknowledgedBy, alarm.ShelvedUntil, alarm.Note)).ShouldBe(
            told.Values.Select(alarm => (alarm.Id, alarm.IsActive, alarm.Count, alarm.AcknowledgedBy, alarm.ShelvedUntil, alarm.Note)),
            ignoreOrder: true);

        // Every look of the delay has shown the same: the last ones, back to one that is at least that old.
        void Lately(AlarmChange change, Seen wanted)
        {
            if (change.Alarm.Id != AlarmScene.Password)
                return;
            var same = looks.AsEnumerable().Reverse().TakeWhile(look => look.Password == wanted).ToList();
            same.ShouldNotBeEmpty($"{change.Kind} with {looks[^1]}");
            (scene.Now - same[^1].At).ShouldBeGreaterThanOrEqualTo(delay, $"{change.Kind} with {looks[^1]}");
        }
    }

    /// <summary>Whether the password is seen to be wrong, seen to be right, or neither.</summary>
    private static Seen PasswordSeen(AlarmScene scene) => scene switch
    {
        { M1: Seen.Off } => Seen.Ok,
        { M1: Seen.Unknown or Seen.Untried or Seen.Failing } or { IsPortDown: true } => Seen.Unknown,
        { M1: Seen.Password } => Seen.Password,
        _ => Seen.Ok,
    };

    private static IEnumerable<AlarmChange> Act(Random random, AlarmBook book, AlarmScene scene)
    {
        var id = random.Next(2) == 0 ? AlarmScene.Password : AlarmScene.Clock;
        AlarmChange?[] done = random.Next(12) switch
        {
            0 => [book.Acknowledge(id, "Ana", scene.Now)],
            1 => [book.Shelve(id, random.Next(2) == 0 ? null : scene.Now + Duration.FromMinutes(10), scene.Now)],
            2 => [book.Note(id, $"note {random.Next(9)}", scene.Now)],
            _ => [],
        };
        return done.OfType<AlarmChange>();
    }

    private IReadOnlyList<AlarmChange> Look(int seconds) => Look(_book, seconds);

    private IReadOnlyList<AlarmChange> Look(AlarmBook book, int seconds)
    {
        _scene.Pass(Duration.FromSeconds(seconds));
        return book.Look(_scene.Verdicts(), _scene.Fleet, Delay, _scene.Now);
    }

    private Alarm Raise()
    {
        Look(1);
        return Look(60).ShouldHaveSingleItem().Alarm;
    }
}
