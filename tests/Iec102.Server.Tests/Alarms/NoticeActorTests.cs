using System.Collections.Concurrent;
using System.Threading.Channels;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Iec102.Acquisition.Alarms;
using Iec102.Fleet;
using Iec102.Server.Alarms;
using NodaTime;

namespace Iec102.Server.Tests.Alarms;

/// <summary>How messages wait, are gathered and are tried again, in virtual time.</summary>
public sealed class NoticeActorTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Way _way = new();
    private readonly Table _table = new();
    private bool _isKnown = true;
    private readonly IActorRef _actor;

    public NoticeActorTests()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
        _actor = Sys.ActorOf(NoticeActor.Props(
            new NoticeSetup(_way, TestActor, _table, () => _isKnown ? Example.Fleet(new()) : null, TimeProvider.System)));
        ExpectMsg<WatchAlarms>().AndKeeping.ShouldBeTrue();
    }

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public async Task What_fails_is_tried_again_after_growing_pauses_and_what_came_after_it_waits_in_order()
    {
        _actor.Tell(Example.Raised(1));
        _actor.Tell(Example.Raised(2));
        foreach (var pause in (int[])[2, 4, 8])
        {
            await AnswerAsync(new NoticeException("answered 500."), "m-1");
            await AdvanceAsync(pause - 1);
            _way.Sent.Reader.TryPeek(out _).ShouldBeFalse();
            await AdvanceAsync(1);
        }

        await AnswerAsync(null, "m-1");
        await AnswerAsync(null, "m-2");
    }

    [Fact]
    public async Task A_message_is_given_up_after_fifty_attempts_or_at_once_when_nobody_wants_it()
    {
        _actor.Tell(Example.Raised(1));
        _actor.Tell(Example.Raised(2));
        for (var attempt = 1; attempt <= NoticeActor.MostAttempts; attempt++)
        {
            await AnswerAsync(new NoticeException("answered 500."), "m-1");
            await AdvanceAsync(300);
        }

        await EventFilter.Error(contains: "a message about meter.m-2.password was given up").ExpectOneAsync(
            () => AnswerAsync(new NoticeException("answered 400.", isFinal: true), "m-2"));
    }

    [Fact]
    public async Task Of_too_many_the_oldest_are_dropped()
    {
        await EventFilter.Error(contains: "the oldest are dropped").ExpectOneAsync(async () =>
        {
            for (var i = 0; i <= NoticeActor.Most + 10; i++)
                _actor.Tell(Example.Raised(i));
            await _actor.Ask<ActorIdentity>(new Identify(null), Patience);
        });

        await AnswerAsync(null, "m-0");
        await AnswerAsync(null, "m-11");
    }

    [Fact]
    public async Task News_that_come_together_go_out_together_and_nothing_when_nobody_is_named_any_more()
    {
        _way.Gather = TimeSpan.FromMinutes(1);
        _way.MostAtOnce = 100;
        _actor.Tell(Example.Raised(1));
        _actor.Tell(Example.Raised(2));
        await AdvanceAsync(59);
        _way.Sent.Reader.TryPeek(out _).ShouldBeFalse();
        await AdvanceAsync(1);
        await AnswerAsync(null, "m-1 m-2");

        _actor.Tell(Example.Raised(3));
        _way.Receiver = null;
        await AdvanceAsync(60);
        _way.Receiver = "somebody";
        _actor.Tell(Example.Raised(4));
        await AdvanceAsync(60);
        await AnswerAsync(null, "m-4");
    }

    [Fact]
    public async Task A_node_that_takes_the_alarms_over_sends_what_waited_first_and_forgets_what_was_sent()
    {
        _table.Rows = [Example.Raised(1), Example.Raised(2)];
        _actor.Tell(new AlarmsKept(true));
        await AnswerAsync(null, "m-1");
        _actor.Tell(Example.Raised(3));
        await AnswerAsync(null, "m-2");
        await AnswerAsync(null, "m-3");
        await AwaitAssertAsync(() => _table.Gone.Select(change => change.Alarm.Subject.Name).ShouldBe(["m-1", "m-2", "m-3"]), Patience);

        // The node that keeps them from now on sends what waits.
        _actor.Tell(Example.Raised(4));
        _actor.Tell(Example.Raised(5));
        _actor.Tell(new AlarmsKept(false));
        await AnswerAsync(null, "m-4");
        await AdvanceAsync(1);
        _way.Sent.Reader.TryPeek(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task What_waited_is_kept_until_it_is_known_where_messages_go()
    {
        _isKnown = false;
        _table.Rows = [Example.Raised(1)];
        _actor.Tell(new AlarmsKept(true));
        await AwaitAssertAsync(() => _table.Reads.ShouldBe(1), Patience);
        await AdvanceAsync(1);
        _way.Sent.Reader.TryPeek(out _).ShouldBeFalse();

        _isKnown = true;
        await AdvanceAsync(1);
        await AdvanceAsync(1);
        await AnswerAsync(null, "m-1");
    }

    [Fact]
    public async Task What_cannot_be_read_or_forgotten_is_tried_again()
    {
        _table.Rows = [Example.Raised(1)];
        _table.Problem = new IOException("The database is away.");
        _actor.Tell(new AlarmsKept(true));
        _actor.Tell(Example.Raised(2));
        await AnswerAsync(null, "m-2");
        // Both have failed: reading, and forgetting.
        await AwaitAssertAsync(() => _table.Failures.ShouldBe(2), Patience);
        _table.Problem = null;
        await AdvanceAsync(15);
        await AnswerAsync(null, "m-1");
        await AwaitAssertAsync(() => _table.Gone.Select(change => change.Alarm.Subject.Name).ShouldBe(["m-2", "m-1"]), Patience);
    }

    private async Task AdvanceAsync(int seconds)
    {
        await _actor.Ask<ActorIdentity>(new Identify(null), Patience);
        Scheduler.Advance(TimeSpan.FromSeconds(seconds));
        await _actor.Ask<ActorIdentity>(new Identify(null), Patience);
    }

    /// <summary>The way sends this, and it ends so.</summary>
    private async Task AnswerAsync(Exception? problem, string meters)
    {
        var (sent, done) = await _way.Sent.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        string.Join(' ', sent.Select(change => change.Alarm.Subject.Name)).ShouldBe(meters);
        await Task.Run(() =>
        {
            if (problem is null)
                done.SetResult();
            else
                done.SetException(problem);
        });
        await _actor.Ask<ActorIdentity>(new Identify(null), Patience);
    }

    private sealed class Table : IAlarmTable
    {
        private int _failures;
        private int _reads;

        public IReadOnlyList<AlarmChange> Rows { get; set; } = [];

        public ConcurrentQueue<AlarmChange> Gone { get; } = [];

        public Exception? Problem { get; set; }

        public int Failures => Volatile.Read(ref _failures);

        public int Reads => Volatile.Read(ref _reads);

        public IReadOnlyList<Alarm> Read() => [];

        public void Write(IReadOnlyList<Alarm> changed, IReadOnlyList<string> forgotten, IReadOnlyList<WaitingNotice> waiting)
        {
        }

        public IReadOnlyList<AlarmChange> Waiting(string way)
        {
            Fail();
            Interlocked.Increment(ref _reads);
            return Rows;
        }

        public void Sent(string way, IReadOnlyList<AlarmChange> changes)
        {
            Fail();
            foreach (var change in changes)
                Gone.Enqueue(change);
        }

        public bool Claim(LocalDate day) => true;

        public string? Describe(Exception problem) => problem.Message;

        private void Fail()
        {
            if (Problem is not { } problem)
                return;
            Interlocked.Increment(ref _failures);
            throw problem;
        }
    }

    private sealed class Way : INoticeWay
    {
        public Channel<(IReadOnlyList<AlarmChange> Changes, TaskCompletionSource Done)> Sent { get; } =
            Channel.CreateUnbounded<(IReadOnlyList<AlarmChange>, TaskCompletionSource)>();

        public string? Receiver { get; set; } = "somebody";

        public string Name => "test";

        public TimeSpan Gather { get; set; }

        public int MostAtOnce { get; set; } = 1;

        public string? To(AlarmsConfiguration alarms) => Receiver;

        public bool Wants(AlarmChange change) => change.IsNews;

        public Task SendAsync(IReadOnlyList<AlarmChange> changes, FleetConfiguration fleet, CancellationToken ct)
        {
            var done = new TaskCompletionSource();
            Sent.Writer.TryWrite((changes, done));
            return done.Task;
        }

        public Task TestAsync(FleetConfiguration fleet, CancellationToken ct) => Task.CompletedTask;
    }
}
