using System.Net;
using Akka.Actor;
using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Fleet;
using Iec102.Protocol.Application;

namespace Iec102.Acquisition.Tests.Fleets;

/// <summary>How the fleet's actor brings the running actors into line with the configuration.</summary>
public sealed class FleetActorTests : FleetBench
{
    [Fact]
    public async Task Everything_that_is_configured_is_started_and_said_to_be_in_force()
    {
        Start();
        Status.IsInForce.ShouldBeFalse("nothing is configured yet");

        await Apply([Port("a"), Port("b")], [Meter("m-1", "a"), Meter("m-2", "b")]);

        Status.IsInForce.ShouldBeTrue();
        foreach (var child in new[] { PortChild("a"), PortChild("b"), MeterChild("m-1"), MeterChild("m-2") })
            View.Actor(child).ShouldNotBeNull().Path.Name.ShouldBe(child.ActorName);
        Said.ShouldContain("The fleet is in force (ports: 2 of 2, meters: 2 of 2)");
        Writer.All<StoreMeterZone>().Select(zone => zone.Meter).ShouldBe(["m-1", "m-2"]);
    }

    [Fact]
    public async Task What_did_not_change_goes_on_undisturbed()
    {
        Start();
        await Apply([Port("a"), Port("b")], [Meter("m-1", "a"), Meter("m-2", "b")]);
        var before = Actors("a", "b", "m-1", "m-2");

        await Apply([Port("a"), Port("b", replyTimeout: 7)], [Meter("m-1", "a"), Meter("m-2", "b"), Meter("m-3", "a", link: 3)]);

        var after = Actors("a", "b", "m-1", "m-2");
        after[..1].ShouldBe(before[..1]);
        after[2].ShouldBe(before[2]);
        after[1].ShouldNotBe(before[1]);
        after[3].ShouldNotBe(before[3], "a meter outlives no port of its");
        View.Actor(MeterChild("m-3")).ShouldNotBeNull();
        Status.IsInForce.ShouldBeTrue();
        Said.ShouldContain("The fleet file was changed: port b changed; meter m-3 added");
    }

    [Fact]
    public async Task A_meter_that_is_called_something_else_goes_on_undisturbed()
    {
        Start();
        await Apply([Port("a")], [Meter("m-1", "a")]);
        var before = Actors("a", "m-1");
        var labels = new MeterLabels { Name = "Pump house", Tags = ["solar"] };

        await Apply([Port("a")], [Meter("m-1", "a") with { Labels = labels }]);

        Actors("a", "m-1").ShouldBe(before);
        Status.IsInForce.ShouldBeTrue();
        Status.Fleet.Meters[0].Labels.ShouldBe(labels);
        Writer.All<StoreMeterLabels>().ShouldBe([new("m-1", MeterLabels.None), new("m-1", labels)]);
        Said.ShouldContain("The fleet file was changed: meter m-1 changed");
    }

    [Fact]
    public async Task A_port_that_takes_long_to_end_holds_up_nothing_but_itself_and_its_meters()
    {
        Start();
        await Apply([Port("slow"), Port("b")], []);
        await OccupyWithSilence("slow");
        var slow = View.Actor(PortChild("slow"));

        await Apply([Port("slow", replyTimeout: 3), Port("b", replyTimeout: 4)], [Meter("m-1", "slow"), Meter("m-2", "b")]);

        Status.IsInForce.ShouldBeFalse();
        View.Actor(PortChild("slow")).ShouldBe(slow);
        View.Actor(MeterChild("m-2")).ShouldNotBeNull("b is restarted with its meter meanwhile");
        Status.Pending.Select(pending => (pending.Child, pending.Change, pending.IsEnding))
            .ShouldBe([(PortChild("slow"), FleetChange.Restart, true), (MeterChild("m-1"), FleetChange.Start, false)], ignoreOrder: true);
        Status.Pending.Single(pending => pending.Child == MeterChild("m-1")).WaitsFor.ShouldBe([PortChild("slow")]);

        // While the first change is still waiting for the slow port, a later one is applied.
        await Apply(
            [Port("slow", replyTimeout: 3), Port("b", replyTimeout: 4)],
            [Meter("m-1", "slow"), Meter("m-2", "b"), Meter("m-4", "b", link: 4)]);
        View.Actor(MeterChild("m-4")).ShouldNotBeNull();

        await Advance(TimeSpan.FromSeconds(10));
        Said.ShouldContain(
            line => line.StartsWith("port slow has been ending for 5 s; waiting for it: meter m-1", StringComparison.Ordinal));

        await Advance(TimeSpan.FromMinutes(2));
        Status.IsInForce.ShouldBeTrue();
        View.Actor(PortChild("slow")).ShouldNotBe(slow);
        View.Actor(MeterChild("m-1")).ShouldNotBeNull();
        Said.Count(line => line == "The fleet is in force (ports: 2 of 2, meters: 3 of 3)").ShouldBe(1);
    }

    [Fact]
    public async Task A_change_that_is_taken_back_while_its_port_still_ends_is_in_force_again_afterwards()
    {
        Start();
        await Apply([Port("slow")], []);
        await OccupyWithSilence("slow");
        var asBefore = Status.Fleet.Ports;

        await Apply([Port("slow", replyTimeout: 3)], []);
        await Apply(asBefore, []);
        Status.Pending.ShouldHaveSingleItem().IsEnding.ShouldBeTrue();

        await Advance(TimeSpan.FromMinutes(3));
        Status.IsInForce.ShouldBeTrue();
        View.Actor(PortChild("slow")).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-60)]
    public async Task A_port_that_cannot_be_started_is_tried_again_and_the_others_run(int clockIsSetByMinutes)
    {
        Impossible.Add("a");
        Start();
        await Apply([Port("a"), Port("b")], [Meter("m-1", "a"), Meter("m-2", "b")]);

        var failed = Status.Failed.ShouldHaveSingleItem();
        failed.Child.ShouldBe(PortChild("a"));
        failed.Error.ShouldBe("There is no line for a.");
        Status.IsInForce.ShouldBeFalse();
        View.Actor(MeterChild("m-2")).ShouldNotBeNull();
        View.Actor(MeterChild("m-1")).ShouldBeNull();
        await Advance(TimeSpan.FromSeconds(30));
        Said.Count(line => line.Contains("port a cannot be started", StringComparison.Ordinal)).ShouldBe(1);

        Impossible.Clear();
        Scheduler.SetBy = TimeSpan.FromMinutes(clockIsSetByMinutes);
        await Advance(TimeSpan.FromMinutes(1));

        Status.IsInForce.ShouldBeTrue();
        View.Actor(MeterChild("m-1")).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_rejected_file_changes_nothing_and_is_shown_until_a_valid_one_comes()
    {
        Start();
        await Apply([Port("a")], [Meter("m-1", "a")]);
        var before = Actors("a", "m-1");
        ValueList<FleetProblem> problems = [new FleetProblem("fleet.conf", 3, 7, "iec102.ports.a", "is wrong")];

        Fleet.Tell(new RejectFleet(problems));
        Fleet.Tell(new RejectFleet(problems));
        await Settle();

        Status.Rejected.ShouldNotBeNull().Problems.ShouldBe(problems);
        Status.IsInForce.ShouldBeTrue("what was in force still is");
        Said.Count(line => line.Contains("fleet.conf:3:7", StringComparison.Ordinal)).ShouldBe(1, "the same problem is told once");
        Writer.All<AuditEntry>().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            line => line.Action.ShouldBe("change rejected"), line => line.Detail.ShouldContain("iec102.ports.a"));

        await Apply(Status.Fleet.Ports, Status.Fleet.Meters);
        Status.Rejected.ShouldBeNull();
        Actors("a", "m-1").ShouldBe(before);
        Said.ShouldContain(line => line.Contains("valid again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_change_that_is_applied_is_a_line_of_the_audit_log_and_the_start_is_none()
    {
        Start();
        await Apply([Port("a")], []);
        Writer.All<AuditEntry>().ShouldBeEmpty();

        await Apply([Port("a"), Port("b")], []);

        Writer.All<AuditEntry>().Select(line => (line.Who, line.Action, line.Detail))
            .ShouldBe([(AuditEntry.FleetFile, "change applied", "port b added")]);
    }

    [Fact]
    public async Task A_meter_moves_to_another_port()
    {
        Start();
        await Apply([Port("a"), Port("b")], [Meter("m-1", "a")]);
        var before = Actors("a", "b", "m-1");

        await Apply([Port("a"), Port("b")], [Meter("m-1", "b")]);

        var after = Actors("a", "b", "m-1");
        after[..2].ShouldBe(before[..2]);
        after[2].ShouldNotBe(before[2]);
    }

    [Fact]
    public async Task What_is_disabled_is_shown_as_such_and_what_is_removed_is_forgotten()
    {
        Start();
        await Apply(
            [Port("a"), Port("b") with { Enabled = false }],
            [Meter("m-1", "a"), Meter("m-2", "b"), Meter("m-3", "a", link: 3) with { Enabled = false }]);

        Status.IsInForce.ShouldBeTrue();
        LiveState.All<PortStatus>().Single(status => status.Id == "b").State.ShouldBe(PortState.Disabled);
        LiveState.All<MeterStatus>()
            .Where(status => status.State == MeterState.Disabled)
            .Select(status => status.Id)
            .ShouldBe(["m-2", "m-3"], ignoreOrder: true);

        await Apply([Port("a") with { Enabled = false }], [Meter("m-1", "a")]);

        LiveState.All<PortStatus>().Last(status => status.Id == "a").State.ShouldBe(PortState.Disabled);
        LiveState.All<MeterStatus>().Last(status => status.Id == "m-1").State.ShouldBe(MeterState.Disabled);
        LiveState.All<ForgetPort>().Select(forget => forget.Port).ShouldBe(["b"]);
        LiveState.All<ForgetMeter>().Select(forget => forget.Meter).ShouldBe(["m-2", "m-3"], ignoreOrder: true);
        LiveState.All<PortStatus>().Count(status => status.State == PortState.Disabled).ShouldBe(2, "each is told once");
    }

    [Fact]
    public async Task A_gateway_comes_and_goes_without_its_port()
    {
        var gateway = new GatewayConfiguration { Listen = new IPEndPoint(IPAddress.Loopback, 0) };
        Start();
        await Apply([Port("a")], [Meter("m-1", "a")]);
        var before = Actors("a", "m-1");

        await Apply([Port("a") with { Gateway = gateway }], [Meter("m-1", "a")]);
        var listener = View.Actor(GatewayChild("a")).ShouldNotBeNull();
        Actors("a", "m-1").ShouldBe(before);

        await Apply([Port("a") with { Gateway = gateway with { MaxClients = 3 } }], [Meter("m-1", "a")]);
        View.Actor(GatewayChild("a")).ShouldNotBe(listener);

        await Apply([Port("a")], [Meter("m-1", "a")]);
        View.Actor(GatewayChild("a")).ShouldBeNull();
        Actors("a", "m-1").ShouldBe(before);
        LiveState.All<ForgetGateway>().ShouldHaveSingleItem().Port.ShouldBe("a");
    }

    [Fact]
    public async Task A_port_that_fails_while_it_ends_comes_back_with_its_new_settings()
    {
        Start();
        await Apply([Port("slow")], []);
        await OccupyWithSilence("slow");
        await Apply([Port("slow", replyTimeout: 3)], []);

        var port = View.Actor(PortChild("slow"))!;
        Watch(port);
        Sys.ActorSelection(port.Path / port.Path.Name).Tell(Kill.Instance);
        ExpectTerminated(port);
        await Settle();

        Status.IsInForce.ShouldBeTrue();
        View.Actor(PortChild("slow")).ShouldNotBe(port);
    }

    [Fact]
    public async Task When_the_fleets_actor_fails_the_one_after_it_starts_everything_again()
    {
        Start();
        await Apply([Port("a")], [Meter("m-1", "a")]);
        var before = Actors("a", "m-1");

        Fleet.Tell(new ApplyFleet(null!));
        await Settle();

        Status.IsInForce.ShouldBeTrue();
        var after = Actors("a", "m-1");
        after[0].ShouldNotBe(before[0]);
        after[1].ShouldNotBe(before[1]);
        after.ShouldAllBe(actor => actor != null);
    }

    [Fact]
    public async Task At_the_end_every_session_is_ended_and_every_line_closed()
    {
        Start();
        await Apply([Port("a"), Port("b")], [Meter("m-1", "a")]);
        var meter = Lines("a").FarEnd.Add(1);
        Ask("a", Request.Login(1, 7));
        await Advance(TimeSpan.FromSeconds(1));
        Watch(Fleet);

        Fleet.Tell(new EndFleet());
        await Advance(TimeSpan.FromSeconds(5));

        ExpectTerminated(Fleet);
        meter.Requests[^1][0].ShouldBe((byte)TypeIdentification.EndSession);
        Lines("a").Current.IsClosed.ShouldBeTrue();
    }

    private List<IActorRef?> Actors(params string[] ids) =>
        [.. ids.Select(id => View.Actor(id.StartsWith("m-", StringComparison.Ordinal) ? MeterChild(id) : PortChild(id)))];
}
