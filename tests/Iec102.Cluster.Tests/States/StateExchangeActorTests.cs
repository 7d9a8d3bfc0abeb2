using System.Threading.Channels;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Iec102.Acquisition;
using Iec102.Acquisition.Gateway;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Cluster.Leases;
using Iec102.Cluster.States;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Cluster.Tests.States;

/// <summary>The actor that exchanges the states of ports and meters, in virtual time.</summary>
public sealed class StateExchangeActorTests : TestKit
{
    private static readonly Instant At = Instant.FromUtc(2026, 3, 2, 10, 0);
    private static readonly StateKey Port = new(StateKind.Port, "p-1");
    private static readonly StateKey Meter = new(StateKind.Meter, "m-1");

    private readonly VirtualClock _time;
    private readonly StatesView _view;
    private readonly IActorRef _live;
    private readonly Channel<Asked> _asked = Channel.CreateUnbounded<Asked>();

    /// <summary>How many parts can still be stored.</summary>
    private int _room = int.MaxValue;

    public StateExchangeActorTests()
        : base(VirtualClock.Config)
    {
        _time = new VirtualClock(Sys);
        _view = new StatesView(_time);
        var none = new Dictionary<string, IReadOnlyList<CurrentValue>>();
        _live = Sys.ActorOf(Props.Create(() => new LiveStateActor(none, _time)));
        _live.Tell(Status(PortState.Open));
        _live.Tell(new MeterStatus("m-1", "p-1", 1, 2, MeterState.Online, 77, At, null, Duration.FromSeconds(2)) { Since = At });
    }

    [Fact]
    public async Task What_has_changed_is_stored_and_after_a_failure_stored_again()
    {
        _room = 0;
        Start();
        (await NextAsync()).Fail().ShouldBeEmpty();
        _room = int.MaxValue;
        (await NextAsync()).Succeed().Keys.ShouldBe([Port, Meter], ignoreOrder: true);
        _live.Tell(Status(PortState.Disabled) with { Id = "off" });
        (await NextAsync()).Succeed().ShouldBeEmpty();
        _live.Tell(Status(PortState.BackingOff));
        (await NextAsync()).Succeed().Keys.ShouldBe([Port]);
    }

    [Fact]
    public async Task What_was_stored_remains_so_when_the_rest_is_not_and_the_others_are_read_all_the_same()
    {
        for (var meter = 2; meter <= 250; meter++)
            _live.Tell(new MeterStatus($"m-{meter}", "p-1", 1, 2, MeterState.Online, 77, At, null, null));
        _room = 2;
        _time.Advance(TimeSpan.FromMinutes(1));
        Start();
        var started = _time.Elapsed();

        var first = await NextAsync();
        await EventFilter.Warning(contains: "cannot be exchanged with the other nodes: Connection refused.").ExpectOneAsync(async () =>
        {
            first.Succeed(new StoredState(Port with { Id = "p-2" }, "b", StoredJson.Write(new LivePort("p-2")), default))
                .Count.ShouldBe(200);
            (await NextAsync()).Fail().ShouldBeEmpty();
        });
        _view.Ports.Keys.ShouldContain("p-2");
        _view.StoredAge.ToTimeSpan().ShouldBe(_time.Elapsed() - started + TimeSpan.FromMinutes(1), "since the start of the node");

        _room = int.MaxValue;
        var last = await NextAsync();
        _view.StoredAge.ToTimeSpan().ShouldBeLessThan(TimeSpan.FromMinutes(1));
        await EventFilter.Info(contains: "exchanged with the other nodes again").ExpectOneAsync(async () =>
        {
            last.Succeed().Count.ShouldBe(51);
            await NextAsync();
        });
    }

    [Fact]
    public async Task What_another_node_has_stored_of_a_port_that_runs_here_is_replaced()
    {
        Start();
        var own = (await NextAsync()).Succeed();
        (await NextAsync()).Succeed(new StoredState(Port, "b", own[Port], Duration.Zero)).ShouldBeEmpty();
        (await NextAsync()).Succeed().Keys.ShouldBe([Port]);
    }

    [Fact]
    public async Task Another_node_sees_what_is_stored_as_it_was_with_the_freshness_of_the_values()
    {
        var gateway = new GatewayStatus(
            "p-1", "0.0.0.0:5001", null, [new GatewayClient("192.0.2.1:4", At, ["m-1"], default)], 1, 2, 3,
            new GatewayCounters { Requests = 4 });
        var curve = new ProfileStatus("m-1", Curve.QuarterHour, CurveState.Ok, At, 9, 5, 4, 0, 0)
        {
            MissingFrom = At,
            Days = [new DayCoverage(new LocalDate(2026, 3, 1), 96, 90, 2, 4), new DayCoverage(new LocalDate(2026, 3, 2), 9, 5)],
        };
        var value = new CurrentValue("voltage.l1", 230, "V", ValueQuality.Good, At, At);
        foreach (var told in (object[])[gateway, curve, new CurrentValuesRead("m-1", Duration.FromSeconds(15), [value])])
            _live.Tell(told);
        Start();
        var own = (await NextAsync()).Succeed();
        (await NextAsync()).Succeed(
            new StoredState(
                Port with { Id = "p-2" }, "b", own[Port].Replace("p-1", "p-2", StringComparison.Ordinal), Duration.FromSeconds(3)),
            new StoredState(Meter with { Id = "m-2" }, "b", "{\"mood\": \"good\"," + own[Meter][1..], default),
            new StoredState(Meter with { Id = "m-3" }, "b", "{\"status\": 5}", default));
        var seen = await NextAsync();

        seen.Own.ShouldBeEmpty();
        var port = _view.Ports["p-2"];
        (port.Node, _time.Elapsed() - port.StoredAt >= TimeSpan.FromSeconds(3)).ShouldBe(("b", true));
        port.State.Gateway.ShouldBe(gateway with { Port = "p-2" });
        port.State.Status.ShouldBe(Status(PortState.Open) with { Id = "p-2" });
        _view.Meters.Keys.ShouldBe(["m-1", "m-2"], ignoreOrder: true);
        var here = await _live.Ask<LiveMeter>(new GetMeter("m-1"));
        var there = _view.Meters["m-2"].State;
        (there.Status, there.StaleSince, there.MovedAt(Curve.QuarterHour), there.Curves[Curve.QuarterHour], there.Tally)
            .ShouldBe((here.Status, here.StaleSince, here.MovedAt(Curve.QuarterHour), curve, here.Tally));
        there.ValuesAt(At).ShouldBeEmpty();
        there.Restore([value]).ValueAt(At, "voltage.l1").ShouldBe(value);
    }

    [Fact]
    public void The_days_of_a_curve_are_small_and_one_of_an_older_node_has_none()
    {
        var curve = new ProfileStatus("m-1", Curve.Hourly, CurveState.Ok, At, 9, 5, 4, 0, 0);
        var days = Enumerable.Range(0, 8).Select(day => new DayCoverage(new LocalDate(2026, 3, 1).PlusDays(day), 96, 96));
        var (without, with) = (StoredJson.Write(curve), StoredJson.Write(curve with { Days = [.. days] }));

        (with.Length - without.Length).ShouldBeLessThan(400);
        StoredJson.TryRead<ProfileStatus>(without.Replace(",\"days\":[]", "", StringComparison.Ordinal), out var older).ShouldBeTrue();
        without.ShouldContain("\"days\":[]");
        older.ShouldBe(curve);
    }

    [Fact]
    public async Task What_this_node_has_given_up_is_known_as_it_was()
    {
        Start();
        (await NextAsync()).Succeed();
        _live.Tell(new ForgetPort("p-1"));
        (await NextAsync()).Succeed().ShouldBeEmpty();
        await NextAsync();
        (_view.Ports["p-1"].Node, _view.Ports["p-1"].State.Status).ShouldBe(("a", Status(PortState.Open)));
    }

    private static PortStatus Status(PortState state) =>
        new("p-1", "tcp", "192.0.2.9:4001", state, At, null, new PortCounters(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0.5)) { EnteredAt = At };

    private void Start() => Sys.ActorOf(StateExchangeActor.Props(new StateExchangeSetup("a", _live, new Table(this), _view, _time)));

    /// <summary>Lets time pass until the actor reads next.</summary>
    private async Task<Asked> NextAsync()
    {
        Asked? asked = null;
        await AwaitConditionAsync(() =>
        {
            if (!_asked.Reader.TryRead(out asked))
                _time.Advance(StateExchangeActor.Every);
            return Task.FromResult(asked is not null);
        });
        return asked!;
    }

    /// <summary>The actor reads what others have stored; <c>Own</c> is what it has stored since it read last.</summary>
    private sealed record Asked(IReadOnlyDictionary<StateKey, string> Own, TaskCompletionSource<IReadOnlyList<StoredState>> Answer)
    {
        public IReadOnlyDictionary<StateKey, string> Succeed(params StoredState[] read)
        {
            Answer.SetResult(read);
            return Own;
        }

        public IReadOnlyDictionary<StateKey, string> Fail()
        {
            Answer.SetException(new LockServerException("Connection refused."));
            return Own;
        }
    }

    private sealed class Table(StateExchangeActorTests test) : IStateTable
    {
        private Dictionary<StateKey, string> _stored = [];

        public Task StoreAsync(IReadOnlyDictionary<StateKey, string> own, CancellationToken ct)
        {
            if (test._room == 0)
                return Task.FromException(new LockServerException("Connection refused."));
            test._room--;
            foreach (var (key, state) in own)
                _stored.Add(key, state);
            return Task.CompletedTask;
        }

        public Task<IReadOnlyList<StoredState>> ReadAsync(CancellationToken ct)
        {
            var asked = new Asked(_stored, new(TaskCreationOptions.RunContinuationsAsynchronously));
            _stored = [];
            test._asked.Writer.TryWrite(asked);
            return asked.Answer.Task;
        }
    }
}
