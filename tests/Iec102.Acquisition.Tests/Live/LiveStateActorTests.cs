using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Iec102.Acquisition.Gateway;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tests.Live;

public sealed class LiveStateActorTests : TestKit
{
    private static readonly Instant At = Instant.FromUtc(2026, 3, 2, 10, 0);
    private static readonly Duration Every = Duration.FromSeconds(15);
    private static readonly EventRead Event = new(new MeterEvent(1, 2, false, CivilTime.ToTagB(At, DateTimeZone.Utc)), At, 0);
    private static readonly CurrentValue Volts = new("voltage.l1", 230, "V", ValueQuality.Good, At, At);

    private readonly IActorRef _live;

    public LiveStateActorTests()
    {
        var restored = new Dictionary<string, IReadOnlyList<CurrentValue>> { ["m-2"] = [Volts] };
        _live = Sys.ActorOf(Props.Create(() => new LiveStateActor(restored, TimeProvider.System)));
    }

    [Fact]
    public void Each_meter_and_each_port_can_be_asked_for_and_all_of_them()
    {
        var curve = new ProfileStatus("m-1", Curve.Hourly, CurveState.Ok, At, 1, 1, 0, 0, 0);
        var gateway = new GatewayStatus("p-1", "0.0.0.0:5001", null, [], 0, 0, 0, default);
        foreach (var status in new object[] { Port(PortState.Open), gateway, Meter(MeterState.Online), curve })
            _live.Tell(status);

        var port = Get<LivePort>(new GetPort("p-1"));
        (port.Status, port.Gateway).ShouldBe((Port(PortState.Open), gateway));
        Get<LivePorts>(new GetPorts()).ById["p-1"].ShouldBe(port);
        var meter = Get<LiveMeter>(new GetMeter("m-1"));
        (meter.Status, meter.Curves[Curve.Hourly]).ShouldBe((Meter(MeterState.Online), curve));
        Get<LiveMeters>(new GetMeters()).ById.Keys.ShouldBe(["m-1", "m-2"]);
    }

    [Fact]
    public void A_curve_that_is_forgotten_leaves_the_rest_of_its_meter()
    {
        _live.Tell(Meter(MeterState.Online));
        foreach (var curve in Enum.GetValues<Curve>())
            _live.Tell(new ProfileStatus("m-1", curve, CurveState.Ok, At, 1, 1, 0, 0, 0));
        _live.Tell(new ForgetCurve("m-1", Curve.Hourly));
        _live.Tell(new ForgetCurve("m-9", Curve.Hourly));

        var meters = Get<LiveMeters>(new GetMeters()).ById;
        (meters["m-1"].Status, meters["m-1"].Curves.Keys.Single()).ShouldBe((Meter(MeterState.Online), Curve.QuarterHour));
        meters.Keys.ShouldBe(["m-1", "m-2"]);
    }

    [Fact]
    public void What_is_forgotten_or_was_never_reported_is_not_known()
    {
        _live.Tell(Port(PortState.Open));
        _live.Tell(Meter(MeterState.Online));
        _live.Tell(new ForgetMeter("m-1"));
        _live.Tell(new ForgetPort("p-1"));
        _live.Tell(new ForgetGateway("p-1"));

        Get<LiveMeter>(new GetMeter("m-1")).Status.ShouldBeNull();
        Get<LivePort>(new GetPort("p-1")).Status.ShouldBeNull();
        Get<LivePort>(new GetPort("p-9")).Status.ShouldBeNull();
        Get<LivePorts>(new GetPorts()).ById.ShouldBeEmpty();
    }

    [Fact]
    public void A_value_is_good_for_three_periods_and_a_restored_one_is_stale_at_once()
    {
        _live.Tell(Values());

        var read = Get<LiveMeter>(new GetMeter("m-1"));
        read.ValuesAt(At + Every * 3).ShouldHaveSingleItem().Quality.ShouldBe(ValueQuality.Good);
        read.ValueAt(At + Every * 3 + Duration.FromSeconds(1), "voltage.l1").ShouldBe(Volts with { Quality = ValueQuality.Stale });
        // Our clock was set back since: nobody knows how old it is.
        read.ValueAt(At - Every * 3 - Duration.FromSeconds(1), "voltage.l1").ShouldBe(Volts with { Quality = ValueQuality.Stale });
        read.ValueAt(At, "voltage.l2").ShouldBeNull();
        var restored = Get<LiveMeter>(new GetMeter("m-2"));
        restored.ValueAt(At + Duration.FromSeconds(1), "voltage.l1").ShouldBe(Volts with { Quality = ValueQuality.Stale });
    }

    [Fact]
    public void After_a_restart_the_restored_values_are_there_again_and_the_restart_is_published()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(LiveStateRestarted));
        _live.Tell(Meter(MeterState.Online));

        _live.Tell(new ForgetMeter(null!));

        ExpectMsg<LiveStateRestarted>();
        Get<LiveMeters>(new GetMeters()).ById.Keys.ShouldBe(["m-2"]);
        Get<LiveMeter>(new GetMeter("m-2")).ValuesAt(At).ShouldHaveSingleItem();
    }

    [Fact]
    public void Who_watches_is_told_what_happens_once_each_and_of_states_only_the_changes()
    {
        var watcher = Watching();
        _live.Tell(new Watch(), watcher);
        object[] news =
        [
            Port(PortState.Opening), Meter(MeterState.LoggingIn), Values(),
            new CurveRecorded("m-1", Curve.Hourly, 2, At, At + Duration.FromHours(1)),
            new EventsStored("m-1", 52, At, [Event]), Port(PortState.Open),
        ];
        _live.Tell(news[0]);
        _live.Tell(news[1]);
        _live.Tell(Meter(MeterState.LoggingIn) with { LastSeen = At });
        _live.Tell(new ProfileStatus("m-1", Curve.Hourly, CurveState.Ok, At, 1, 1, 0, 0, 0));
        foreach (var told in news[2..])
            _live.Tell(told);

        watcher.ReceiveN(news.Length).ShouldBe(news);
        watcher.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Who_watches_no_more_or_has_stopped_is_told_nothing()
    {
        var (stays, leaves, stops) = (Watching(), Watching(), Watching());
        _live.Tell(new Unwatch(), leaves);
        stays.Watch(stops);
        Sys.Stop(stops);
        stays.ExpectTerminated(stops);
        _live.Tell(Values());

        stays.ExpectMsg<CurrentValuesRead>();
        leaves.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void New_events_and_attempts_to_set_clocks_are_counted_by_meter_until_it_is_forgotten()
    {
        _live.Tell(new EventsStored("m-1", 52, At, [Event, Event with { Ordinal = 1 }]));
        _live.Tell(new EventsStored("m-1", 53, At, [Event]));
        foreach (
            var outcome in new[] { ClockWriteOutcome.Set, ClockWriteOutcome.Refused, ClockWriteOutcome.Set, ClockWriteOutcome.NoAnswer })
            _live.Tell(Write(outcome));
        _live.Tell(new EventsStored("m-2", 52, At, [Event]));

        Get<LiveMeter>(new GetMeter("m-1")).Tally.ShouldBe(new MeterTally(3, 2, 1, 1));
        Get<LiveMeter>(new GetMeter("m-2")).Tally.ShouldBe(new MeterTally(1));

        _live.Tell(new ForgetMeter("m-1"));
        Get<LiveMeter>(new GetMeter("m-1")).Tally.ShouldBe(new MeterTally());
    }

    private T Get<T>(object question)
    {
        _live.Tell(question, TestActor);
        return ExpectMsg<T>();
    }

    private TestProbe Watching()
    {
        var watcher = CreateTestProbe();
        _live.Tell(new Watch(), watcher);
        return watcher;
    }

    private static PortStatus Port(PortState state) =>
        new("p-1", "tcp", "127.0.0.1:1", state, At, null, new PortCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));

    private static MeterStatus Meter(MeterState state) => new("m-1", "p-1", 1, 1, state, 7, null, null, null);

    private static CurrentValuesRead Values() => new("m-1", Every, [Volts]);

    private static ClockWritten Write(ClockWriteOutcome outcome) =>
        new("m-1", 7, At, Duration.FromSeconds(-6), CivilTime.ToTagB(At, DateTimeZone.Utc), outcome, null);
}
