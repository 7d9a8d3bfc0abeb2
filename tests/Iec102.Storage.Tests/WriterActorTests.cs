using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Storage.Databases;
using Iec102.Storage.Writing;
using NodaTime;
using static Iec102.Storage.Tests.Batch;

namespace Iec102.Storage.Tests;

public abstract class WriterActorTests : TestKit
{
    private const string Configuration = """
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        akka.loglevel = DEBUG
        akka.test { single-expect-default = 20s, filter-leeway = 20s }
        """;

    private protected static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TestData _data;

    private protected WriterActorTests(TestData data)
        : base(Configuration) =>
        _data = data;

    /// <summary>What the writer writes.</summary>
    private protected virtual ReadingsDatabase Database => _data.Database;

    private protected TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _data.Dispose();
    }

    [Fact]
    public void Intervals_are_answered_when_they_are_stored()
    {
        var writer = Writer();
        writer.Tell(Store(1, Hours(1, 10)));

        ExpectMsg(new IntervalsStored("profile-m-1-hourly", 1));
        _data.Store.Count("m-1", Curve.Hourly, Ever).ShouldBe(10);
    }

    [Fact]
    public void What_the_writer_has_stored_before_is_answered_and_not_stored_again()
    {
        _data.Write(Store(1, Hours(1, 1)), Store(5, Hours(2, 1)));
        var writer = Writer();
        writer.Tell(Store(1, Hour(1), 999));
        writer.Tell(Store(5, Hour(2), 999));
        writer.Tell(Store(6, Hours(3, 1)));

        ExpectMsg<IntervalsStored>().SequenceNr.ShouldBeGreaterThanOrEqualTo(5);
        ExpectMsg<IntervalsStored>().SequenceNr.ShouldBeGreaterThanOrEqualTo(5);
        ExpectMsg(new IntervalsStored("profile-m-1-hourly", 6));
        _data.Store.Intervals("m-1", Curve.Hourly, Ever).Select(one => one.Row.GetValue(1)).ShouldBe([1u, 2u, 3u]);
    }

    [Fact]
    public void Everything_that_comes_while_a_batch_is_written_is_stored_and_answered()
    {
        var writer = Writer();
        var profiles = Enumerable.Range(0, 50).Select(i => (Meter: $"m-{i}", Probe: CreateTestProbe())).ToList();
        foreach (var number in Enumerable.Range(1, 4))
            profiles.ForEach(profile => writer.Tell(Store(number, Hours(number * 10, 10), profile.Meter), profile.Probe.Ref));

        foreach (var (meter, probe) in profiles)
        {
            var answers = probe.ReceiveN(4).Cast<IntervalsStored>().ToList();
            answers.ShouldAllBe(one => one.PersistenceId == $"profile-{meter}-hourly");
            answers[^1].SequenceNr.ShouldBe(4);
            _data.Store.Count(meter, Curve.Hourly, Ever).ShouldBe(40);
        }
    }

    [Fact]
    public void What_nobody_waits_for_is_stored_within_a_second()
    {
        var writer = Writer();
        writer.Tell(new StoreCurrentValues("m-1", [Value("power.active.l1", 1.5, Hour(1))], KeepHistory: false));
        writer.Tell(new StoreMeterZone("m-1", "Europe/Madrid"));
        Settle(writer);
        _data.Store.Meters().ShouldBeEmpty();

        Scheduler.Advance(Second);

        AwaitAssert(() => _data.Store.CurrentValues()["m-1"].ShouldBe([Value("power.active.l1", 1.5, Hour(1))]));
        _data.Store.Meter("m-1")!.ZoneId.ShouldBe("Europe/Madrid");
    }

    [Fact]
    public void An_identity_is_what_was_told_before_even_when_it_is_not_yet_stored()
    {
        var writer = Writer();
        writer.Tell(new GetIdentity("m-1"));
        ExpectMsg<KnownIdentity>().ShouldSatisfyAllConditions(
            known => known.SerialNumber.ShouldBeNull(), known => known.Habit.ShouldBeNull());
        writer.Tell(new StoreIdentity("m-1", new DeviceIdentification(2005, 11, 7, Serial), Hour(1)));
        writer.Tell(new StoreHabit("m-1", SummerTimeHabit.AlwaysWinter));
        writer.Tell(new GetIdentity("m-1"));
        writer.Tell(Facts.Powers(1, 50));
        writer.Tell(new GetIdentity("m-1"));
        ExpectMsg<KnownIdentity>();

        var known = ExpectMsg<KnownIdentity>();
        (known.Meter, known.SerialNumber, known.Habit).ShouldBe(("m-1", Serial, SummerTimeHabit.AlwaysWinter));
        known.Configuration.ShouldHaveSingleItem().Asdu.ShouldBe(Facts.Powers(1, 50).Asdu);
    }

    [Fact]
    public void Whoever_told_events_hears_after_the_commit_which_of_them_were_new()
    {
        var (first, second) = (Facts.Told(Facts.Event(1, 2, Hour(1))), Facts.Told(Facts.Event(1, 2, Hour(2))));
        var writer = Writer();
        writer.Tell(Facts.Events(1, first));
        Settle(writer);
        Scheduler.Advance(Second);
        ExpectMsg<EventsStored>().Events.ShouldBe([first]);
        _data.Store.Events("m-1", Ever).Count().ShouldBe(1);

        writer.Tell(Facts.Events(2, first, second));
        Settle(writer);
        Scheduler.Advance(Second);
        ExpectMsg<EventsStored>().ShouldSatisfyAllConditions(
            stored => stored.Events.ShouldBe([second]),
            stored => (stored.Meter, stored.Record, stored.ReadAt).ShouldBe(("m-1", (byte)52, Hour(2))));
    }

    [Fact]
    public void Old_history_is_deleted_every_hour_by_the_retention_that_holds_then()
    {
        var now = Instant.FromDateTimeOffset(Scheduler.Now);
        foreach (var days in new[] { 100, 50, 1 })
        {
            _data.Write(Of(queue => queue.Add(
                new StoreCurrentValues("m-1", [Value("voltage.l1", days, now - Duration.FromDays(days))], KeepHistory: true))));
        }
        var writer = Writer();

        Scheduler.Advance(TimeSpan.FromMinutes(1));
        AwaitAssert(() => History().ShouldBe([50, 1]));

        writer.Tell(new RetentionConfiguration { CurrentHistory = TimeSpan.FromDays(30) });
        Settle(writer);
        Scheduler.Advance(TimeSpan.FromHours(1));
        AwaitAssert(() => History().ShouldBe([1]));

        IEnumerable<double> History() => _data.Store.CurrentHistory("m-1", "voltage.l1", Ever).Select(one => one.Value!.Value);
    }

    private protected IActorRef Writer()
    {
        var writer = Sys.ActorOf(WriterActor.Props(Setup()), "writer");
        // Waits until the writer has started, because its timers run from then on.
        Settle(writer);
        return writer;
    }

    private protected WriterSetup Setup() => new(Database, new RetentionConfiguration(), new SchedulerTime(Scheduler));

    /// <summary>Does something after which storing fails; returns when the writer has noticed.</summary>
    private protected void Failing(Action action) => EventFilter.Debug(contains: "Retrying to store values in").ExpectOne(action);

    /// <summary>Waits until the writer has handled everything that was sent to it before.</summary>
    private protected void Settle(IActorRef writer)
    {
        var probe = CreateTestProbe();
        writer.Tell(new Identify("settled"), probe.Ref);
        probe.ExpectMsg<ActorIdentity>();
    }

    private sealed class SchedulerTime(TestScheduler scheduler) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => scheduler.Now;
    }
}

/// <inheritdoc/>
public sealed class PostgresWriterActorTests() : WriterActorTests(new PostgresData());

/// <inheritdoc/>
public sealed class SqliteWriterActorTests : WriterActorTests
{
    private readonly TemporaryData _files;
    private long _freeBytes = long.MaxValue;
    private int _tries;

    public SqliteWriterActorTests()
        : this(new TemporaryData())
    {
    }

    private SqliteWriterActorTests(TemporaryData data)
        : base(data)
    {
        _files = data;
        Database = new SqliteDatabase(data.Directory)
        {
            BusySeconds = 1,
            FreeBytes = () =>
            {
                Interlocked.Increment(ref _tries);
                return Interlocked.Read(ref _freeBytes);
            },
        };
    }

    private protected override ReadingsDatabase Database { get; }

    [Fact]
    public void A_database_that_another_program_locks_is_told_once_and_written_when_the_lock_is_gone()
    {
        var writer = Writer();
        using (_files.LockReadings())
        {
            EventFilter.Error(contains: "is locked by another program").ExpectOne(() =>
            {
                Failing(() => writer.Tell(Store(1, Hours(1, 10))));
                Failing(() => Scheduler.Advance(Second));
            });
        }
        EventFilter.Info(contains: "are stored in").ExpectOne(() => Scheduler.Advance(2 * Second));
        ExpectMsg(new IntervalsStored("profile-m-1-hourly", 1));
        _files.Store.Count("m-1", Curve.Hourly, Ever).ShouldBe(10);
    }

    [Fact]
    public void A_full_disk_is_tried_after_1_2_4_8_16_and_then_every_30_seconds_and_nothing_is_answered_before()
    {
        var writer = Writer();
        _freeBytes = 0;
        Failing(() => writer.Tell(Store(1, Hours(1, 10))));
        var tries = 1;
        foreach (var wait in new[] { 1, 2, 4, 8, 16, 30, 30 })
        {
            writer.Tell(Store(++tries, Hours(1, 10)));
            Settle(writer);
            Scheduler.Advance(TimeSpan.FromSeconds(wait - 0.001));
            Settle(writer);
            _tries.ShouldBe(tries - 1);
            Failing(() => Scheduler.Advance(TimeSpan.FromSeconds(0.001)));
            _tries.ShouldBe(tries);
        }
        ExpectNoMsg(TimeSpan.Zero);

        _freeBytes = long.MaxValue;
        Scheduler.Advance(TimeSpan.FromSeconds(30));
        ReceiveN(tries).Cast<IntervalsStored>().ShouldAllBe(one => one.SequenceNr == tries);
    }

    [Fact]
    public void A_nearly_full_disk_is_told_once_and_written_to()
    {
        var writer = Writer();
        _freeBytes = 500 * 1024 * 1024;
        EventFilter.Warning(contains: "Less than 1 GiB is free").Expect(1, () =>
        {
            writer.Tell(Store(1, Hours(1, 1)));
            ExpectMsg<IntervalsStored>();
            writer.Tell(Store(2, Hours(2, 1)));
            ExpectMsg<IntervalsStored>();
        });
    }

    [Fact]
    public void A_restart_of_the_writer_forgets_nothing_that_waits()
    {
        var parent = Sys.ActorOf(Props.Create(() => new RestartingParent(WriterActor.Props(Setup()))));
        parent.Tell("child");
        var writer = ExpectMsg<IActorRef>();
        _freeBytes = 0;
        Failing(() => writer.Tell(Store(1, Hours(1, 10))));
        writer.Tell(Store(2, Hours(11, 10)));
        Settle(writer);

        _freeBytes = long.MaxValue;
        EventFilter.Exception<ActorKilledException>().ExpectOne(() => writer.Tell(Kill.Instance));

        ExpectMsg(new IntervalsStored("profile-m-1-hourly", 2));
        ExpectMsg(new IntervalsStored("profile-m-1-hourly", 2));
        _files.Store.Count("m-1", Curve.Hourly, Ever).ShouldBe(20);
    }

    private sealed class RestartingParent : ReceiveActor
    {
        public RestartingParent(Props writer)
        {
            var child = Context.ActorOf(writer, "writer");
            Receive<string>(_ => Sender.Tell(child));
        }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);
    }
}
