using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Readings;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tests.Readings;

public sealed class ReadingsActorTests : TestKit
{
    private static readonly Instant At = Instant.FromUtc(2026, 3, 2, 10, 0);
    private static readonly EventRead Told = new(new MeterEvent(1, 2, false, CivilTime.ToTagB(At, DateTimeZone.Utc)), At, 0);

    private readonly TestProbe _writer;
    private readonly IActorRef _readings;

    public ReadingsActorTests() : base(SchedulerTime.Config)
    {
        _writer = CreateTestProbe("writer");
        var time = new SchedulerTime(Sys);
        _readings = Sys.ActorOf(Props.Create(() => new ReadingsActor(_writer.Ref, time)));
    }

    [Fact]
    public void What_a_meter_tells_goes_to_the_writer_as_it_is()
    {
        MeterFact[] facts =
        [
            new EventsRead("m-1", 7, At, 52, At, [Told]), new ConfigurationRead("m-1", 7, At, [142, 1, 5, 1, 0, 0]), Write(
                ClockWriteOutcome.Set),
        ];
        foreach (var fact in facts)
            _readings.Tell(fact);

        _writer.ReceiveN(facts.Length).ShouldBe(facts);
    }

    [Fact]
    public void Who_watches_is_told_what_happens_once_each_and_of_states_only_the_changes()
    {
        var watcher = Watching();
        _readings.Tell(new Watch(), watcher);
        object[] news =
        [
            Port(PortState.Opening), Meter(MeterState.LoggingIn), Values(), new CurveRecorded(
                "m-1", Curve.Hourly, 2, At, At + Duration.FromHours(1)),
            new EventsStored("m-1", 52, At, [Told]), Port(PortState.Open),
        ];
        _readings.Tell(news[0]);
        _readings.Tell(news[1]);
        _readings.Tell(Meter(MeterState.LoggingIn) with { LastSeen = At });
        _readings.Tell(new ProfileStatus("m-1", Curve.Hourly, CurveState.Ok, At, 1, 1, 0, 0, 0));
        foreach (var told in news[2..])
            _readings.Tell(told);

        watcher.ReceiveN(news.Length).ShouldBe(news);
        watcher.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Who_watches_no_more_or_has_stopped_is_told_nothing()
    {
        var (stays, leaves, stops) = (Watching(), Watching(), Watching());
        _readings.Tell(new Unwatch(), leaves);
        stays.Watch(stops);
        Sys.Stop(stops);
        stays.ExpectTerminated(stops);
        _readings.Tell(Values());

        stays.ExpectMsg<CurrentValuesRead>();
        leaves.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void New_events_and_attempts_to_set_clocks_are_counted_by_meter_until_it_is_forgotten()
    {
        _readings.Tell(new EventsStored("m-1", 52, At, [Told, Told with { Ordinal = 1 }]));
        _readings.Tell(new EventsStored("m-1", 53, At, [Told]));
        ClockWriteOutcome[] outcomes =
            [ClockWriteOutcome.Set, ClockWriteOutcome.Refused, ClockWriteOutcome.Set, ClockWriteOutcome.NoAnswer];
        foreach (var outcome in outcomes)
            _readings.Tell(Write(outcome));
        _readings.Tell(new EventsStored("m-2", 52, At, [Told]));

        _readings.Tell(new GetOverview());
        ExpectMsg<Overview>()
            .Tallies.Select(pair => (pair.Key, pair.Value))
            .ShouldBe([("m-1", new MeterTally(3, 2, 1, 1)), ("m-2", new MeterTally(1))]);

        _readings.Tell(new ForgetMeter("m-1"));
        _readings.Tell(new GetOverview());
        ExpectMsg<Overview>().Tallies.Keys.ShouldBe(["m-2"]);
    }

    private TestProbe Watching()
    {
        var watcher = CreateTestProbe();
        _readings.Tell(new Watch(), watcher);
        return watcher;
    }

    private static PortStatus Port(PortState state) =>
        new("p-1", "tcp", "127.0.0.1:1", state, At, null, new PortCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));

    private static MeterStatus Meter(MeterState state) => new("m-1", "p-1", 1, 1, state, 7, null, null, null);

    private static CurrentValuesRead Values() =>
        new("m-1", Duration.FromSeconds(15), null, [new CurrentValue("voltage.l1", 230, "V", ValueQuality.Good, At, At)]);

    private static ClockWritten Write(ClockWriteOutcome outcome) =>
        new("m-1", 7, At, Duration.FromSeconds(-6), CivilTime.ToTagB(At, DateTimeZone.Utc), outcome, null);
}
