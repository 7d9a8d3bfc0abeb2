using System.Collections.Immutable;
using Iec102.Acquisition;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Verdicts;
using Iec102.Cluster.Nodes;
using Iec102.Cluster.States;
using Iec102.Fleet;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace Iec102.Cluster.Tests.States;

/// <summary>What node a shows of a fleet of which b runs two ports.</summary>
public sealed class FleetSightTests
{
    private static readonly FleetConfiguration Fleet = FleetReader.Read(
        """
        iec102 {
          ports { here { tcp = "192.0.2.1:1" }, there { tcp = "192.0.2.1:2" }, pinned { tcp = "192.0.2.1:3" } }
          meters { m-1 { port = here, link-address = 1, point-address = 1, password = 1 }
                   m-2 { port = there, link-address = 1, point-address = 1, password = 1 }
                   m-3 { port = pinned, link-address = 1, point-address = 1, password = 1 } }
        }
        """,
        "fleet.conf").Configuration!;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero));
    private readonly NodesView _nodes;
    private readonly StatesView _states;
    private readonly FleetSight _sight;

    public FleetSightTests()
    {
        (_nodes, _states) = (new NodesView("a", _time), new StatesView(_time));
        _sight = new FleetSight(_nodes, _states, _time);
        Store("b", "there", "m-2");
        Store("b", "pinned", "m-3");
        Hear(("a", ["here"]), ("b", ["there", "pinned"]));
    }

    private Instant Now => Instant.FromDateTimeOffset(_time.GetUtcNow());

    [Fact]
    public void What_another_node_runs_is_seen_as_of_its_last_report()
    {
        _time.Advance(TimeSpan.FromSeconds(3));
        var (ports, meters) = Seen();

        ports.ById["here"].Sight.ShouldBe(new Sight("a", Now));
        ports.ById["there"].Sight.ShouldBe(new Sight("b", Now - Duration.FromSeconds(3)));
        meters.ById["m-2"].Sight.ShouldBe(new Sight("b", Now - Duration.FromSeconds(3)));
        Verdicts().Meters.Values.Select(verdict => verdict.Kind).ShouldBe([VerdictKind.Ok, VerdictKind.Ok, VerdictKind.Ok]);
        Verdicts().Problems.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_disabled_needs_no_node()
    {
        var ports = Seen().Ports.ById.Add("off", Port("off", PortState.Disabled));
        var meters = Seen().Meters.ById.Add("m-4", Meter("m-4", "off", MeterState.Disabled));
        var seen = _sight.Of(new LivePorts(ports), new LiveMeters(meters), Fleet);
        (seen.Ports.ById["off"].Sight, seen.Meters.ById["m-4"].Sight).ShouldBe((null, null));
        var verdicts = FleetVerdicts.Of(seen.Ports, seen.Meters, Now, _sight.Problems(seen.Ports, Fleet));
        (verdicts.OfPort("off").Kind, verdicts.OfMeter("m-4").Kind).ShouldBe((VerdictKind.Off, VerdictKind.Off));
        verdicts.Problems.ShouldBeEmpty();
    }

    [Fact]
    public void What_no_node_has_ever_run_is_unknown_and_says_so()
    {
        var fleet = FleetReader.Read(
            """
            iec102 { ports { new { tcp = "192.0.2.1:4", nodes = [a, b] }, far { tcp = "192.0.2.1:5", node = b } }
                     meters { m-5 { port = new, link-address = 5, point-address = 1, password = 1 } } }
            """,
            "fleet.conf").Configuration!;
        var nothing = ImmutableSortedDictionary<string, LiveMeter>.Empty;
        var (ports, meters) = _sight.Of(new LivePorts(ImmutableSortedDictionary<string, LivePort>.Empty), new LiveMeters(nothing), fleet);

        const string Sentence = "Nothing is known of port new, because no node that this one has heard of has run it.";
        (ports.ById["new"].Status!.LastError, meters.ById["m-5"].Status!.LastError).ShouldBe((Sentence, Sentence));
        (ports.ById["new"].Status!.Address, meters.ById["m-5"].Status!.LinkAddress).ShouldBe(("tcp://192.0.2.1:4", (ushort)5));
        (ports.ById["new"].Sight, ports.ById["far"].Sight).ShouldBe((new Sight(null, null, true), new Sight("b", null, true)));
        Hear(("b", ["new"]));
        (ports, meters) = _sight.Of(new LivePorts(ImmutableSortedDictionary<string, LivePort>.Empty), new LiveMeters(nothing), fleet);
        meters.ById["m-5"].Status!.LastError.ShouldBe("Node b runs port new, and has not yet told how it is.");
        meters.ById["m-5"].Sight.ShouldBe(new Sight("b", null, true));
        var verdicts = FleetVerdicts.Of(ports, meters, Now, []);
        foreach (var verdict in (Verdict[])[verdicts.OfPort("new"), verdicts.OfMeter("m-5")])
            (verdict.Kind, verdict.Cause, verdict.Since).ShouldBe((VerdictKind.Unknown, VerdictCause.NodeLost, null));
    }

    [Fact]
    public void A_problem_has_the_node_that_runs_the_port()
    {
        var ports = Seen().Ports.ById.SetItem("here", Port("here") with
        {
            Status = Port("here").Status! with { State = PortState.BackingOff, DownSince = Now },
        });
        var seen = _sight.Of(new LivePorts(ports), Seen().Meters, Fleet);
        var problem = FleetVerdicts.Of(seen.Ports, seen.Meters, Now).Problems.ShouldHaveSingleItem();
        (problem.Node, problem.Port, problem.Meter).ShouldBe(("a", "here", null));
    }

    [Fact]
    public void A_lost_node_is_one_problem_and_what_it_runs_is_unknown_since_it_was_heard()
    {
        var heard = Now;
        _time.Advance(3 * NodeDirectoryActor.Every + TimeSpan.FromSeconds(6.5));
        _nodes.Show([Report("a", 0, ["here"]), Report("b", 13, ["there", "pinned"])]);

        var verdicts = Verdicts();
        verdicts.OfMeter("m-1").Kind.ShouldBe(VerdictKind.Ok);
        foreach (var verdict in (Verdict[])[verdicts.OfPort("there"), verdicts.OfMeter("m-2"), verdicts.OfMeter("m-3")])
            (verdict.Kind, verdict.Cause).ShouldBe((VerdictKind.Unknown, VerdictCause.NodeLost));
        var problem = verdicts.Problems.ShouldHaveSingleItem();
        (problem.Node, problem.Port, problem.Meter, problem.Verdict.Kind).ShouldBe(("b", null, null, VerdictKind.Unknown));
        problem.Meters.ShouldBe(["m-2", "m-3"]);
        problem.Verdict.Since.ShouldBe(heard - Duration.FromSeconds(0.5));
        problem.Verdict.Advice!.En.ShouldContain("node b (https://b:8443)");
    }

    [Fact]
    public void States_that_their_node_cannot_store_do_not_look_fresh_although_it_is_heard()
    {
        var stored = Now;
        _time.Advance(TimeSpan.FromSeconds(50));
        HearB(statesAge: 48);
        Seen().Meters.ById["m-2"].Sight.ShouldBe(new Sight("b", stored));
        Verdicts().OfMeter("m-2").Kind.ShouldBe(VerdictKind.Ok);

        _time.Advance(TimeSpan.FromSeconds(11));
        HearB(statesAge: 59);
        var verdicts = Verdicts();
        (verdicts.OfPort("there").Kind, verdicts.OfMeter("m-2").Since).ShouldBe((VerdictKind.Unknown, stored));
        var problem = verdicts.Problems.ShouldHaveSingleItem();
        (problem.Node, problem.Verdict.Cause, problem.Verdict.Since).ShouldBe(("b", VerdictCause.NodeLost, stored));
        problem.Meters.ShouldBe(["m-2", "m-3"]);

        HearB(statesAge: 1);
        Verdicts().Problems.ShouldBeEmpty();
        Seen().Meters.ById["m-2"].Sight.ShouldBe(new Sight("b", Now - Duration.FromSeconds(3)));

        void HearB(int statesAge)
        {
            var b = Report("b", 2, ["there", "pinned"]);
            Hear(("a", ["here"]));
            _nodes.Show([Report("a", 0, ["here"]), b with { Report = b.Report with { StatesAge = Duration.FromSeconds(statesAge) } }]);
        }
    }

    [Fact]
    public void States_that_this_node_cannot_read_do_not_look_fresh_although_the_others_are_heard()
    {
        var read = Now;
        _time.Advance(TimeSpan.FromSeconds(61));
        _nodes.Show([Report("a", 0, ["here"]), Report("b", 0, ["there", "pinned"])]);

        var verdicts = Verdicts();
        (verdicts.OfMeter("m-1").Kind, verdicts.OfMeter("m-2").Kind, verdicts.OfMeter("m-2").Since)
            .ShouldBe((VerdictKind.Ok, VerdictKind.Unknown, read));
        var problem = verdicts.Problems.ShouldHaveSingleItem();
        (problem.Node, problem.Verdict.Cause, problem.Verdict.Since).ShouldBe(("a", VerdictCause.Storage, read));
    }

    [Fact]
    public void While_the_database_is_away_there_is_one_problem_and_nothing_of_others_is_ok_for_long()
    {
        var away = Now;
        _nodes.ShowAway();
        _time.Advance(TimeSpan.FromSeconds(13));

        var verdicts = Verdicts();
        (verdicts.OfMeter("m-1").Kind, verdicts.OfMeter("m-2").Kind, verdicts.OfMeter("m-2").Since)
            .ShouldBe((VerdictKind.Ok, VerdictKind.Unknown, away));
        var problem = verdicts.Problems.ShouldHaveSingleItem();
        (problem.Node, problem.Verdict.Cause, problem.Verdict.Since).ShouldBe(("a", VerdictCause.Storage, away));
        problem.Meters.ShouldBe(["m-2", "m-3"]);
    }

    [Fact]
    public void A_port_that_its_node_no_longer_runs_is_unknown_and_after_a_minute_a_problem()
    {
        Hear(("a", ["here"]), ("b", ["pinned"]));
        Verdicts().OfPort("there").Kind.ShouldBe(VerdictKind.Unknown);
        Verdicts().Problems.ShouldBeEmpty();

        _time.Advance(TimeSpan.FromSeconds(61));
        Hear(("a", ["here"]), ("b", ["pinned"]));
        var problem = Verdicts().Problems.ShouldHaveSingleItem();
        (problem.Node, problem.Port, problem.Verdict.Cause).ShouldBe((null, "there", VerdictCause.NodeLost));
        problem.Meters.ShouldBe(["m-2"]);

        Hear(("a", ["here"]), ("b", ["pinned"]), ("c", ["there"]));
        Verdicts().Problems.ShouldBeEmpty();
        Verdicts().OfPort("there").Kind.ShouldBe(VerdictKind.Unknown);
    }

    [Fact]
    public void A_node_that_left_is_missed_only_while_a_port_is_pinned_to_it()
    {
        var left = Report("b", 60, []);
        _nodes.Show([Report("a", 0, ["here", "there", "pinned"]), left with { Report = left.Report with { IsDraining = true } }]);
        Verdicts().Problems.ShouldBeEmpty();

        var fleet = Fleet with { Ports = [.. Fleet.Ports.Select(port => port with { Placement = new() { Node = "b" } })] };
        _sight.Problems(new LivePorts(ImmutableSortedDictionary<string, LivePort>.Empty), fleet).ShouldHaveSingleItem().Node.ShouldBe("b");
    }

    [Fact]
    public void A_node_with_another_fleet_file_is_a_problem_while_it_is_heard()
    {
        var other = Report("b", 0, ["there", "pinned"]);
        _nodes.Show([Report("a", 0, ["here"]), other with { Report = other.Report with { FleetHash = "other" } }]);
        var problem = Verdicts().Problems.ShouldHaveSingleItem();
        (problem.Node, problem.Verdict.Kind, problem.Verdict.Cause).ShouldBe(("b", VerdictKind.Attention, VerdictCause.FleetDiffers));

        _time.Advance(TimeSpan.FromSeconds(13));
        Verdicts().Problems.ShouldHaveSingleItem().Verdict.Cause.ShouldBe(VerdictCause.NodeLost);
    }

    [Fact]
    public void A_node_that_the_fleet_file_names_and_nobody_has_heard_of_is_lost()
    {
        var fleet = Fleet with
        {
            Ports = [.. Fleet.Ports.Select(port => port.Id == "pinned" ? port with { Placement = new() { Node = "c" } } : port)],
        };
        Hear(("a", ["here"]), ("b", ["there"]));

        var problem = _sight.Problems(Seen().Ports, fleet).ShouldHaveSingleItem();
        (problem.Node, problem.Verdict.Since).ShouldBe(("c", null));
        problem.Verdict.Advice!.En.ShouldBe(
            "Node c has never been heard of: start it, or is its name wrong in iec102.ports.pinned.node?");
        problem.Meters.ShouldBe(["m-3"]);
    }

    private static StoredReport Report(string id, int age, ImmutableSortedSet<string> ports) => new(
        new NodeReport(id, new Uri($"https://{id}:8443"), "0.2.0", Instant.FromUtc(2026, 3, 2, 9, 0), "hash", TimeSpan.FromSeconds(6))
        {
            Ports = ports,
        },
        Duration.FromSeconds(age));

    private static LivePort Port(string id, PortState state = PortState.Open) => new(id)
    {
        Status = new PortStatus(
            id, "tcp", "192.0.2.1:1", state, default, null, new PortCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
    };

    private LiveMeter Meter(string id, string port, MeterState state = MeterState.Online) =>
        new(id) { Status = new MeterStatus(id, port, 1, 1, state, 1, Now, null, null) };

    private void Store(string node, string port, string meter) => _states.Show(
        "a", [],
        [
            new StoredState(new StateKey(StateKind.Port, port), node, StoredJson.Write(Port(port)), Duration.Zero),
            new StoredState(new StateKey(StateKind.Meter, meter), node, StoredJson.Write(Meter(meter, port)), Duration.Zero),
        ],
        _time.Elapsed());

    private void Hear(params (string Node, ImmutableSortedSet<string> Ports)[] reports)
    {
        _nodes.Show([.. reports.Select(one => Report(one.Node, 0, one.Ports))]);
        _states.Show("a", [], [], _time.Elapsed());
    }

    private (LivePorts Ports, LiveMeters Meters) Seen()
    {
        var none = ImmutableSortedDictionary<string, LivePort>.Empty;
        var nothing = ImmutableSortedDictionary<string, LiveMeter>.Empty;
        return _sight.Of(new LivePorts(none.Add("here", Port("here"))), new LiveMeters(nothing.Add("m-1", Meter("m-1", "here"))), Fleet);
    }

    private FleetVerdicts Verdicts()
    {
        var (ports, meters) = Seen();
        return FleetVerdicts.Of(ports, meters, Now, _sight.Problems(ports, Fleet));
    }
}
