using System.Threading.Channels;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Iec102.Acquisition.Alarms;
using NodaTime;

namespace Iec102.Acquisition.Tests.Alarms;

/// <summary>The actor that keeps the alarms, in virtual time.</summary>
public sealed class AlarmActorTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(10);

    private readonly AlarmScene _scene = new() { M1 = Seen.Password };
    private readonly Table _table = new();
    private readonly SchedulerTime _time;
    private readonly Channel<bool> _looked = Channel.CreateUnbounded<bool>();
    private readonly AlarmView _view = new();
    private AlarmKeeping _keeping = AlarmKeeping.Here;

    public AlarmActorTests()
        : base(SchedulerTime.Config) => _time = new SchedulerTime(Sys);

    [Fact]
    public async Task A_problem_is_raised_stored_and_told_and_a_restart_keeps_what_was_acknowledged()
    {
        var actor = await StartAsync();
        actor.Tell(new WatchAlarms());
        await LookAsync(actor, 31);

        (await ExpectMsgAsync<AlarmChange>()).Kind.ShouldBe(AlarmChangeKind.Raised);
        (await actor.Ask<AlarmAnswer>(new AcknowledgeAlarm(AlarmScene.Password, "Ana"), Patience)).Alarm!.AcknowledgedBy.ShouldBe("Ana");
        (await actor.Ask<AlarmAnswer>(new AcknowledgeAlarm("meter.none.password", "Ana"), Patience)).Alarm.ShouldBeNull();
        (await ExpectMsgAsync<AlarmChange>()).Kind.ShouldBe(AlarmChangeKind.Acknowledged);
        _table.Notices.Select(notice => $"{notice.Way} {notice.Change.Kind}").ShouldBe(["mail Raised"]);
        await LookAsync(actor, 1);
        _table.Rows[AlarmScene.Password].AcknowledgedBy.ShouldBe("Ana");

        var restarted = await StartAsync();
        await LookAsync(restarted, 60);
        var alarm = (await ListAsync(restarted)).ShouldHaveSingleItem();
        (alarm.AcknowledgedBy, alarm.Count).ShouldBe(("Ana", 1));
    }

    [Fact]
    public async Task While_the_database_fails_alarms_go_on_and_are_stored_when_it_is_back()
    {
        _table.Problem = new IOException("The disk is full.");
        IActorRef actor = null!;
        await EventFilter.Warning(contains: "The alarms cannot be stored: The disk is full.").ExpectOneAsync(async () =>
        {
            actor = await StartAsync();
            actor.Tell(new WatchAlarms());
            await LookAsync(actor, 31);
        });
        (await ExpectMsgAsync<AlarmChange>()).Kind.ShouldBe(AlarmChangeKind.Raised);
        (await ListAsync(actor)).ShouldHaveSingleItem().IsActive.ShouldBeTrue();
        await actor.Ask<AlarmAnswer>(new AcknowledgeAlarm(AlarmScene.Password, "Ana"), Patience);
        _table.Rows.ShouldBeEmpty();

        _table.Problem = null;
        await EventFilter.Info(contains: "The alarms are stored again.").ExpectOneAsync(() => LookAsync(actor, 2));
        _table.Rows[AlarmScene.Password].AcknowledgedBy.ShouldBe("Ana");
    }

    [Fact]
    public async Task A_node_that_does_not_keep_the_alarms_says_so_and_one_that_takes_over_goes_on_with_what_was_stored()
    {
        var first = await StartAsync();
        await LookAsync(first, 31);
        await first.Ask<AlarmAnswer>(new AcknowledgeAlarm(AlarmScene.Password, "Ana"), Patience);
        await LookAsync(first, 1);
        _keeping = AlarmKeeping.Elsewhere;
        _time.Advance(AlarmActor.Every);
        await AwaitAssertAsync(
            async () => (await first.Ask<object>(new GetAlarms(), Patience)).ShouldBeOfType<AlarmsElsewhere>(), Patience, Soon);
        (await first.Ask<object>(new AcknowledgeAlarm(AlarmScene.Password, "Ana"), Patience)).ShouldBeOfType<AlarmsElsewhere>();

        first.Tell(new WatchAlarms(AndKeeping: true));
        (await ExpectMsgAsync<AlarmsKept>()).Here.ShouldBeFalse();
        _keeping = AlarmKeeping.Here;
        await LookAsync(first, 40);
        (await ExpectMsgAsync<AlarmsKept>()).Here.ShouldBeTrue();
        (await ListAsync(first)).ShouldHaveSingleItem().AcknowledgedBy.ShouldBe("Ana");
        await ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task While_the_nodes_do_not_see_each_other_the_keeper_goes_on_and_takes_what_another_has_stored_since()
    {
        var actor = await StartAsync();
        await LookAsync(actor, 31);
        _keeping = AlarmKeeping.Unknown;
        await LookAsync(actor, 2);
        (await ListAsync(actor)).Count.ShouldBe(1);
        var stored = _table.Rows[AlarmScene.Password];
        _table.Rows[AlarmScene.Password] = stored with { Note = "by another node", ChangedAt = stored.ChangedAt + Duration.FromSeconds(9) };

        _keeping = AlarmKeeping.Here;
        await LookAsync(actor, 2);
        (await ListAsync(actor)).ShouldHaveSingleItem().Note.ShouldBe("by another node");
    }

    [Fact]
    public async Task Whoever_looks_sees_at_once_what_a_person_has_said_and_from_any_node_what_the_keeper_has_stored()
    {
        var actor = await StartAsync();
        await LookAsync(actor, 31);
        await actor.Ask<AlarmAnswer>(new AcknowledgeAlarm(AlarmScene.Password, "Ana"), Patience);
        var seen = _view.Alarms.ShouldHaveSingleItem();
        seen.AcknowledgedBy.ShouldBe("Ana");
        var same = _view.Alarms;
        await LookAsync(actor, 2);
        _view.Alarms.ShouldBeSameAs(same);

        _keeping = AlarmKeeping.Elsewhere;
        _table.Rows[AlarmScene.Password] = seen with { Note = "by the keeper" };
        await AwaitAssertAsync(async () =>
        {
            await actor.Ask<ActorIdentity>(new Identify(null), Patience);
            _time.Advance(AlarmActor.Every / 20);
            _view.Alarms.ShouldHaveSingleItem().Note.ShouldBe("by the keeper");
        }, Patience, Soon);
    }

    [Fact]
    public async Task A_problem_that_the_server_sees_anew_after_a_restart_stands_since_its_alarm_says()
    {
        var actor = await StartAsync();
        await LookAsync(actor, 31);

        var alarm = (await ListAsync(actor)).ShouldHaveSingleItem();

        var anew = _scene.Verdicts().WithSince(_ => alarm.Since + Duration.FromHours(1));
        _view.Date(anew).Problems.ShouldHaveSingleItem().Verdict.Since.ShouldBe(alarm.Since);
        _view.Since(alarm.Subject).ShouldBe(alarm.Since);
        _view.Since(alarm.Subject with { Name = "m-2" }).ShouldBeNull();
    }

    private async Task<IActorRef> StartAsync()
    {
        var actor = Sys.ActorOf(AlarmActor.Props(new AlarmSetup(
            () =>
            {
                _looked.Writer.TryWrite(true);
                return Task.FromResult<AlarmSight?>(new AlarmSight(_scene.Verdicts(), _scene.Fleet));
            },
            () => _keeping, _table, _time)
        {
            View = _view,
            Ways = change => change.IsNews ? ["mail"] : [],
        }));
        await _looked.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        return actor;
    }

    /// <summary>Lets the actor look so many times, 2 s apart, and take and store what it saw.</summary>
    private async Task LookAsync(IActorRef actor, int times)
    {
        for (var i = 0; i < times; i++)
        {
            // The next look is due 2 s after the last one was taken, which the actor tells nobody.
            while (!_looked.Reader.TryRead(out _))
            {
                await actor.Ask<ActorIdentity>(new Identify(null), Patience);
                _time.Advance(AlarmActor.Every / 20);
            }
        }

        await AwaitAssertAsync(async () =>
        {
            await actor.Ask<ActorIdentity>(new Identify(null), Patience);
            _table.Writing.ShouldBe(0);
        }, Patience, Soon);
        await actor.Ask<ActorIdentity>(new Identify(null), Patience);
    }

    private static async Task<IReadOnlyList<Alarm>> ListAsync(IActorRef actor) =>
        (await actor.Ask<AlarmList>(new GetAlarms(), Patience)).Alarms;

    private sealed class Table : IAlarmTable
    {
        private int _writing;

        public Dictionary<string, Alarm> Rows { get; } = [];

        public Exception? Problem { get; set; }

        public int Writing => Volatile.Read(ref _writing);

        public IReadOnlyList<Alarm> Read() => Problem is null ? [.. Rows.Values] : throw Problem;

        public List<WaitingNotice> Notices { get; } = [];

        public void Write(IReadOnlyList<Alarm> changed, IReadOnlyList<string> forgotten, IReadOnlyList<WaitingNotice> waiting)
        {
            Interlocked.Increment(ref _writing);
            try
            {
                if (Problem is not null)
                    throw Problem;
                foreach (var alarm in changed)
                    Rows[alarm.Id] = alarm;
                Notices.AddRange(waiting);
            }
            finally
            {
                Interlocked.Decrement(ref _writing);
            }
        }

        public IReadOnlyList<AlarmChange> Waiting(string way) => [];

        public void Sent(string way, IReadOnlyList<AlarmChange> changes)
        {
        }

        public bool Claim(LocalDate day) => true;

        public string? Describe(Exception problem) => problem.Message;
    }
}
