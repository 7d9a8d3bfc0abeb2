using System.Net;
using Akka.Actor;
using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Fleet;
using Iec102.Protocol.Application;

namespace Iec102.Acquisition.Tests.Fleets;

/// <summary>Where there are nodes, the fleet's actor runs the ports that its owner names, and tells it what runs.</summary>
public sealed class OwnedPortsTests : FleetBench
{
    private static readonly GatewayConfiguration Gateway = new() { Listen = new IPEndPoint(IPAddress.Loopback, 0) };

    private readonly List<string> _told = [];

    [Fact]
    public async Task Only_the_owned_ports_run_and_the_fleet_is_shown_whole()
    {
        StartOwned();
        await Apply([Port("a") with { Gateway = Gateway }, Port("b") with { Gateway = Gateway }], [Meter("m-1", "a"), Meter("m-2", "b")]);
        View.Actor(PortChild("a")).ShouldBeNull("nothing is owned yet");
        Status.IsInForce.ShouldBeTrue();

        await Own("a");

        View.Actor(PortChild("a")).ShouldNotBeNull();
        View.Actor(MeterChild("m-1")).ShouldNotBeNull();
        View.Actor(GatewayChild("a")).ShouldNotBeNull();
        View.Actor(PortChild("b")).ShouldBeNull();
        View.Actor(MeterChild("m-2")).ShouldBeNull();
        View.Actor(GatewayChild("b")).ShouldBeNull();
        Status.IsInForce.ShouldBeTrue();
        Status.Fleet.Ports.Select(port => port.Id).ShouldBe(["a", "b"]);
        Status.Fleet.Meters.Count.ShouldBe(2);
        Said.ShouldContain("The fleet is in force (ports: 1 of 2, meters: 1 of 2)");
        Writer.All<StoreMeterLabels>().ShouldHaveSingleItem().Meter.ShouldBe("m-1");
        _told.ShouldBe(["", "a"]);
    }

    [Fact]
    public async Task What_is_owned_before_there_is_a_fleet_runs_as_soon_as_there_is_one()
    {
        StartOwned();
        await Own("a");
        await Apply([Port("a"), Port("b")], [Meter("m-1", "a")]);

        View.Actor(PortChild("a")).ShouldNotBeNull();
        View.Actor(PortChild("b")).ShouldBeNull();
        _told.ShouldBe(["", "", "a"]);
    }

    [Fact]
    public async Task A_port_that_is_taken_away_ends_its_sessions_and_closes_its_line_before_it_counts_as_gone()
    {
        StartOwned(told => $"{string.Join(' ', told.Ports.Order())}{(Lines("a").Opened.Any(line => !line.IsClosed) ? " (open)" : "")}");
        await Apply([Port("a") with { Gateway = Gateway }, Port("b")], [Meter("m-1", "a"), Meter("m-2", "b")]);
        await Own("a", "b");
        var meter = Lines("a").FarEnd.Add(1);
        Ask("a", Request.Login(1, 7));
        await Advance(TimeSpan.FromSeconds(1));
        var other = View.Actor(PortChild("b"));

        await Own("b");
        await Advance(TimeSpan.FromSeconds(5));

        meter.Requests[^1][0].ShouldBe((byte)TypeIdentification.EndSession);
        View.Actor(PortChild("a")).ShouldBeNull();
        View.Actor(MeterChild("m-1")).ShouldBeNull();
        View.Actor(GatewayChild("a")).ShouldBeNull();
        View.Actor(PortChild("b")).ShouldBe(other);
        LiveState.All<ForgetPort>().ShouldHaveSingleItem().Port.ShouldBe("a");
        LiveState.All<ForgetGateway>().ShouldHaveSingleItem().Port.ShouldBe("a");
        LiveState.All<ForgetMeter>().ShouldHaveSingleItem().Meter.ShouldBe("m-1");
        _told.ShouldBe(["", "a b", "a b (open)", "b"]);
    }

    [Fact]
    public async Task What_is_disabled_is_reported_so_whoever_owns_its_port()
    {
        StartOwned();
        await Apply(
            [Port("off") with { Enabled = false }, Port("a"), Port("b")],
            [
                Meter("m-1", "off"), Meter("m-2", "a") with { Enabled = false }, Meter("m-3", "b") with { Enabled = false },
                Meter("m-4", "b"),
            ]);
        await Own("a");

        LiveState.All<PortStatus>().Where(status => status.State == PortState.Disabled).Select(status => status.Id).ShouldBe(["off"]);
        LiveState.All<MeterStatus>().Where(status => status.State == MeterState.Disabled).Select(status => status.Id)
            .ShouldBe(["m-1", "m-2", "m-3"]);
        View.Actor(MeterChild("m-4")).ShouldBeNull();
        LiveState.All<ForgetMeter>().ShouldBeEmpty();
        _told.ShouldBe(["", "a"]);
    }

    [Fact]
    public async Task What_the_live_state_forgot_it_is_not_told_anew_when_it_is_restarted()
    {
        StartOwned();
        await Apply([Port("a") with { Enabled = false }, Port("b") with { Enabled = false }], []);
        await Apply([Port("a"), Port("b") with { Enabled = false }], []);
        LiveState.All<ForgetPort>().ShouldHaveSingleItem().Port.ShouldBe("a");

        Sys.EventStream.Publish(new LiveStateRestarted());
        await Settle();

        LiveState.All<PortStatus>().Select(status => status.Id).ShouldBe(["a", "b", "b"]);
    }

    [Fact]
    public async Task A_port_that_is_given_back_while_it_still_ends_starts_anew_when_it_has_ended()
    {
        StartOwned();
        await Own("slow");
        await Apply([Port("slow")], []);
        await OccupyWithSilence("slow");
        var before = View.Actor(PortChild("slow"));
        _told.Clear();

        await Own();
        await Own("slow");
        await Own();
        await Own("slow");
        Status.Pending.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            pending => pending.IsEnding.ShouldBeTrue(), pending => pending.Change.ShouldBe(FleetChange.Restart));
        View.Actor(PortChild("slow")).ShouldBe(before);

        await Advance(TimeSpan.FromMinutes(3));

        Status.IsInForce.ShouldBeTrue();
        View.Actor(PortChild("slow")).ShouldNotBe(before);
        Lines("slow").Opened.ShouldAllBe(line => line.IsClosed);
        _told.ShouldBe(["slow", "slow", "slow", "slow"], "each time it still ran");
    }

    [Fact]
    public async Task A_port_that_was_gone_and_is_given_back_starts_anew()
    {
        StartOwned();
        await Apply([Port("a")], [Meter("m-1", "a")]);
        await Own("a");
        var before = View.Actor(PortChild("a"));

        await Own();
        await Own("a");

        View.Actor(PortChild("a")).ShouldNotBeNull().ShouldNotBe(before);
        View.Actor(MeterChild("m-1")).ShouldNotBeNull();
        Status.IsInForce.ShouldBeTrue();
        _told.ShouldBe(["", "a", "a", "", "a"]);
    }

    [Fact]
    public async Task Ownership_that_changes_while_a_changed_file_is_applied_leaves_only_what_is_owned()
    {
        StartOwned();
        await Apply([Port("slow"), Port("b")], []);
        await Own("slow", "b");
        await OccupyWithSilence("slow");

        await Apply([Port("slow", replyTimeout: 3), Port("b"), Port("c")], [Meter("m-1", "slow"), Meter("m-3", "c", link: 3)]);
        Status.Pending.ShouldContain(pending => pending.Child == PortChild("slow") && pending.IsEnding);
        await Own("c");
        await Advance(TimeSpan.FromMinutes(3));

        Status.IsInForce.ShouldBeTrue();
        View.Actor(PortChild("slow")).ShouldBeNull();
        View.Actor(MeterChild("m-1")).ShouldBeNull();
        View.Actor(PortChild("b")).ShouldBeNull();
        View.Actor(MeterChild("m-3")).ShouldNotBeNull();
        _told[^1].ShouldBe("c");
    }

    [Fact]
    public async Task While_everything_ends_nothing_is_started_and_the_owner_is_told_to_the_last()
    {
        StartOwned();
        await Apply([Port("slow"), Port("b")], []);
        await Own("slow");
        await OccupyWithSilence("slow");
        Watch(Fleet);

        Fleet.Tell(new EndFleet());
        await Own("slow", "b");
        View.Actor(PortChild("b")).ShouldBeNull();
        _told[^1].ShouldBe("slow");

        await Advance(TimeSpan.FromMinutes(3));
        ExpectTerminated(Fleet);
        _told[^1].ShouldBe("");
    }

    [Fact]
    public async Task When_the_fleets_actor_fails_the_one_after_it_runs_what_is_owned_by_then()
    {
        StartOwned();
        await Apply([Port("a"), Port("b"), Port("c")], [Meter("m-1", "a")]);
        await Own("a", "b");
        _told.Clear();

        Fleet.Tell(new ApplyFleet(null!));
        Fleet.Tell(new OwnPorts(["a"]));
        await Settle();

        Status.IsInForce.ShouldBeTrue();
        View.Actor(MeterChild("m-1")).ShouldNotBeNull();
        View.Actor(PortChild("b")).ShouldBeNull();
        View.Actor(PortChild("c")).ShouldBeNull();
        _told.ShouldBe(["", "", "a"], "the failed one's ports have ended, then the owner is answered, then its port runs");
    }

    [Fact]
    public async Task Another_order_of_nodes_disturbs_nothing_but_a_port_that_begins_to_float_gets_another_line()
    {
        StartOwned();
        await Own("a", "b");
        var pinned = Port("b") with { Placement = new PortPlacement { Node = "n-1" } };
        await Apply([Port("a"), pinned], []);
        var (floats, fixedToNode) = (View.Actor(PortChild("a")), View.Actor(PortChild("b")));

        var ordered = new PortPlacement { Nodes = ["n-2", "n-1"] };
        await Apply([Port("a") with { Placement = ordered }, pinned with { Placement = ordered }], []);

        View.Actor(PortChild("a")).ShouldBe(floats);
        View.Actor(PortChild("b")).ShouldNotBeNull().ShouldNotBe(fixedToNode);
    }

    [Fact]
    public async Task The_owner_is_sent_each_fleet_that_is_applied_but_none_that_is_rejected()
    {
        var owner = CreateTestProbe();
        Start(owner: owner);
        await owner.ExpectMsgAsync<PortsRunning>();
        await Apply([Port("a")], []);
        var applied = await owner.ExpectMsgAsync<ApplyFleet>();
        applied.Fleet.ShouldBeSameAs(Status.Fleet);

        Fleet.Tell(new ApplyFleet(Status.Fleet with { }));
        Fleet.Tell(new RejectFleet([new FleetProblem("fleet.conf", 3, 7, "iec102.ports.a", "is wrong")]));
        await Settle();
        await owner.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task What_runs_is_said_with_the_message_by_which_the_fleet_was_told_last()
    {
        var owner = CreateTestProbe();
        Start(owner: owner);
        (await owner.ExpectMsgAsync<PortsRunning>()).Told.ShouldBeNull();
        await Apply([Port("a")], []);
        await owner.ExpectMsgAsync<ApplyFleet>();
        var own = new OwnPorts([]);
        Fleet.Tell(own);
        (await owner.ExpectMsgAsync<PortsRunning>()).Told.ShouldBeSameAs(own);
        Fleet.Tell(new ApplyFleet(null!));
        (await owner.ExpectMsgAsync<PortsRunning>()).Told.ShouldBeSameAs(own, "the next instance of the actor runs the same");
    }

    private void StartOwned(Func<PortsRunning, string>? show = null) => Start(owner: Sys.ActorOf(Props.Create(() => new Owner(
        _told, show ?? (told => string.Join(' ', told.Ports.Order()))))));

    private async Task Own(params string[] ports)
    {
        Fleet.Tell(new OwnPorts([.. ports]));
        await Settle();
    }

    /// <summary>Notes each message at the moment when it arrives.</summary>
    private sealed class Owner : ReceiveActor
    {
        public Owner(List<string> told, Func<PortsRunning, string> show) => Receive<PortsRunning>(running => told.Add(show(running)));
    }
}
