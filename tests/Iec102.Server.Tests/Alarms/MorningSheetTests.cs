using System.Collections.Concurrent;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Iec102.Acquisition.Alarms;
using Iec102.Acquisition.Verdicts;
using Iec102.Fleet;
using Iec102.Server.Alarms;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace Iec102.Server.Tests.Alarms;

/// <summary>When the morning sheet is sent, in virtual time.</summary>
public sealed class MorningSheetTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(6);

    private readonly ConcurrentQueue<(MailText Text, int Attached)> _sent = [];
    private readonly FakeTimeProvider _time = new();
    private readonly Days _days = new();
    private IActorRef _actor = ActorRefs.Nobody;
    private int _looks;
    private object _alarms = new AlarmList([Example.PortDown().Alarm]);
    private bool _monthCurves;
    private Exception? _problem;

    public MorningSheetTests()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
    }

    [Fact]
    public async Task It_is_sent_once_a_day_from_the_set_time_on_in_the_zone_of_the_fleet()
    {
        // Madrid is at 06:58.
        Start(new DateTimeOffset(2026, 3, 2, 5, 58, 0, TimeSpan.Zero));
        await PassAsync();
        _sent.ShouldBeEmpty();
        for (var minute = 0; minute < 5; minute++)
            await PassAsync();

        var (text, attached) = _sent.ShouldHaveSingleItem();
        text.Subject.ShouldBe("[iec102] 2026-03-02: yesterday 28 of 30 complete, open alarms: 1");
        text.Body.ShouldContain("HIGH  port north: the line is down");
        attached.ShouldBe(0);
    }

    [Fact]
    public async Task A_server_that_was_down_at_that_time_sends_it_the_same_day_and_none_that_was_sent()
    {
        _monthCurves = true;
        Start(new DateTimeOffset(2026, 3, 2, 15, 0, 0, TimeSpan.Zero));
        await PassAsync();
        await PassAsync();
        _sent.ShouldHaveSingleItem().Attached.ShouldBe(1);

        Start(_time.GetUtcNow() + TimeSpan.FromMinutes(5));
        await PassAsync();
        await PassAsync();
        _sent.Count.ShouldBe(1);
    }

    [Fact]
    public async Task It_is_tried_again_until_it_can_be_sent_by_the_node_that_keeps_the_alarms()
    {
        _problem = new NoticeException("the mail server is away.");
        Start(new DateTimeOffset(2026, 3, 2, 6, 0, 0, TimeSpan.Zero));
        await EventFilter.Warning(contains: "it cannot be sent: the mail server is away.").ExpectOneAsync(async () =>
        {
            await PassAsync();
            await PassAsync();
        });
        _problem = null;
        await PassAsync();
        await PassAsync();
        _sent.Count.ShouldBe(1);

        _alarms = new AlarmsElsewhere();
        Start(new DateTimeOffset(2026, 3, 3, 6, 0, 0, TimeSpan.Zero));
        await PassAsync();
        await PassAsync();
        (_sent.Count, _days.Claimed.Count).ShouldBe((1, 1));
    }

    private void Start(DateTimeOffset now)
    {
        _time.SetUtcNow(now);
        Sys.Stop(_actor);
        _actor = Sys.ActorOf(MorningSheetActor.Props(new MorningSheetSetup(
            Sys.ActorOf(Props.Create(() => new Answering(() => _alarms))), _days,
            () =>
            {
                Interlocked.Increment(ref _looks);
                return Example.Fleet(new AlarmsConfiguration
                {
                    Email = Example.Email(25),
                    MorningSheet = new MorningSheetConfiguration(new LocalTime(7, 0), _monthCurves),
                });
            },
            () => Task.FromResult(new CompleteMeters(28, 30)), (_, _) => Task.FromResult<byte[]?>([1]),
            (_, text, attached, _) =>
            {
                if (_problem is not null)
                    return Task.FromException(_problem);
                _sent.Enqueue((text, attached.Count));
                return Task.CompletedTask;
            },
            _time)));
    }

    /// <summary>Lets a minute pass, up to the next look of the actor; what the look before it began has ended by then.</summary>
    private async Task PassAsync()
    {
        var looks = Volatile.Read(ref _looks);
        while (Volatile.Read(ref _looks) == looks)
        {
            await _actor.Ask<ActorIdentity>(new Identify(null), Patience);
            _time.Advance(Step);
            ((TestScheduler)Sys.Scheduler).Advance(Step);
            await _actor.Ask<ActorIdentity>(new Identify(null), Patience);
        }
    }

    private sealed class Answering : ReceiveActor
    {
        public Answering(Func<object> answer) => Receive<GetAlarms>(_ => Sender.Tell(answer()));
    }

    private sealed class Days : IAlarmTable
    {
        public HashSet<LocalDate> Claimed { get; } = [];

        public IReadOnlyList<Alarm> Read() => [];

        public void Write(IReadOnlyList<Alarm> changed, IReadOnlyList<string> forgotten, IReadOnlyList<WaitingNotice> waiting)
        {
        }

        public IReadOnlyList<AlarmChange> Waiting(string way) => [];

        public void Sent(string way, IReadOnlyList<AlarmChange> changes)
        {
        }

        public bool Claim(LocalDate day) => Claimed.Add(day);

        public string? Describe(Exception problem) => problem.Message;
    }
}
