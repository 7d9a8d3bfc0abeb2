using Akka.Actor;
using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Ports;
using Iec102.Cluster.Leases;
using Iec102.Fleet;

namespace Iec102.Cluster.Tests.Leases;

/// <summary>Which node owns a floating port, and when it moves.</summary>
public sealed class LeaseActorTests : LeaseBench
{
    [Fact]
    public async Task Pinned_ports_run_from_the_start_without_the_lock_server()
    {
        Fleet = new FleetConfiguration
        {
            Ports =
            [
                Port("mine", new PortPlacement { Node = "a" }), Port("others", new PortPlacement { Node = "b" }),
                Port("north", PortPlacement.Any),
                Port("off", new PortPlacement { Node = "a" }) with { Enabled = false },
            ],
        };
        Server.Stop();
        var node = await Start("a");
        await Advance(30);
        node.Fleet.Own.ShouldBe(["mine"]);
        node.View.Status.IsUp.ShouldBeFalse();
        Server.Start();
        await Until(() => node.Fleet.Own.Contains("north"));
        node.Fleet.Own.ShouldBe(["mine", "north"], ignoreOrder: true);
        node.View.Status.IsUp.ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pinned_ports_run_on_when_the_actor_fails(bool isCut)
    {
        Fleet = new FleetConfiguration { Ports = [Port("mine", new PortPlacement { Node = "a" }), Port("north", PortPlacement.Any)] };
        var node = await Start("a");
        await Until(() => node.CanWrite("north"));
        node.Client.IsCut = isCut;
        await Advance(1);
        await Fail(node);
        await Advance(0.25);
        node.CanWrite("north").ShouldBeFalse();
        node.Fleet.Own.ShouldBe(["mine"]);
        await Advance(30);
        node.Fleet.Ended.ShouldBe(["north"]);
    }

    [Fact]
    public async Task A_second_process_of_one_name_runs_nothing_and_is_refused()
    {
        Fleet = new FleetConfiguration { Ports = [Port("mine", new PortPlacement { Node = "a" }), Port("north", PortPlacement.Any)] };
        var first = await Start("a");
        await Until(() => first.Fleet.Own.Contains("mine"));
        var second = await Start("a");
        await Until(() => second.View.Refused.IsFaulted);
        second.Fleet.Own.ShouldBeEmpty();
        first.Fleet.Own.ShouldBe(["mine", "north"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_process_speaks_for_its_node_once_it_has_the_name_or_the_server_cannot_be_asked()
    {
        var first = await Start("a");
        await Until(() => first.View.Status.IsNode);
        first.View.Status.IsUp.ShouldBeTrue();
        var second = await Start("a");
        await Until(() => second.View.Refused.IsFaulted);
        second.View.Status.IsNode.ShouldBeFalse();
        Server.Stop();
        var b = await Start("b");
        await Until(() => b.View.Status.IsNode);
        await Until(() => !first.View.Status.IsUp);
        first.View.Status.IsNode.ShouldBeTrue();
    }

    [Fact]
    public async Task A_new_node_waits_the_longest_ttl_and_then_the_preferred_one_owns_the_port()
    {
        var (a, b) = await StartTwo();
        var waited = await Until(() => a.Fleet.Own.Contains("north"));
        waited.ShouldBeInRange(5.5, 7);
        a.View.Status.Held.ShouldBe(["north"]);
        a.View.Status.Taken.ShouldBe(1);
        a.View.ValidFor.ShouldBeInRange(TimeSpan.FromSeconds(3.5), TimeSpan.FromSeconds(4.71));
        b.Fleet.Own.ShouldBeEmpty();
    }

    [Fact]
    public async Task When_its_owner_is_killed_a_port_moves_within_ten_seconds()
    {
        var (a, b) = await StartAndSettle();
        await Kill(a);
        (await Until(() => b.CanWrite("north"))).ShouldBeLessThan(9);
        b.Fleet.Own.ShouldBe(["north"]);
    }

    [Fact]
    public async Task When_its_owner_is_cut_off_it_closes_the_line_and_the_port_moves_within_ten_seconds()
    {
        var (a, b) = await StartAndSettle();
        a.Client.IsCut = true;
        var closed = await Until(() => !a.CanWrite("north"));
        closed.ShouldBeInRange(3.5, 5);
        a.Fleet.Own.ShouldBeEmpty();
        (closed + await Until(() => b.CanWrite("north"))).ShouldBeLessThan(8.5);
        a.Client.IsCut = false;
        await Until(() => a.View.Status.IsUp);
        b.CanWrite("north").ShouldBeTrue();
    }

    [Fact]
    public async Task A_restart_of_the_server_moves_nothing()
    {
        var (a, b) = await StartAndSettle();
        var guard = a.View.Guards["north"];
        Server.Stop();
        await Advance(2);
        Server.Start();
        await Advance(30);
        guard.IsOpen.ShouldBeTrue();
        a.View.Guards["north"].ShouldBe(guard);
        (a.View.Status.Taken, b.View.Status.Taken).ShouldBe((1, 0));
    }

    [Fact]
    public async Task A_short_loss_of_the_connection_moves_nothing()
    {
        var (a, b) = await StartAndSettle();
        a.Client.IsCut = true;
        await Advance(3);
        a.Client.IsCut = false;
        await Advance(30);
        (a.View.Status.Taken, b.View.Status.Taken).ShouldBe((1, 0));
    }

    [Fact]
    public async Task When_the_server_was_away_for_long_the_port_comes_back_to_where_it_was()
    {
        var (a, b) = await StartAndSettle();
        Server.Stop();
        await Until(() => !a.CanWrite("north"));
        await Advance(30);
        Server.Start();
        (await Until(() => a.CanWrite("north"))).ShouldBeLessThan(9);
        b.View.Status.Taken.ShouldBe(0);
    }

    [Fact]
    public async Task The_preferred_node_gets_its_port_back_and_only_when_it_is_gone_at_the_other()
    {
        var b = await Start("b");
        await Until(() => b.CanWrite("north"));
        var a = await Start("a");
        b.Fleet.EndsSlowly = true;
        var waited = await Until(() => b.Fleet.Own.IsEmpty);
        waited.ShouldBeInRange(60, 63);
        await Advance(20);
        b.CanWrite("north").ShouldBeTrue();
        Server.IsHeld(LockName.OfPort("north")).ShouldBeTrue();
        EndPorts(b);
        (await Until(() => a.CanWrite("north"))).ShouldBeLessThan(3);
    }

    [Fact]
    public async Task A_port_whose_line_cannot_be_opened_is_given_up_for_ten_minutes_if_another_node_can_try()
    {
        var a = await Start("a");
        await Until(() => a.CanWrite("north"));
        Tell(a, PortState.BackingOff, LineFault.NotOpened);
        await Advance(130);
        a.CanWrite("north").ShouldBeTrue();
        var b = await Start("b");
        (await Until(() => b.CanWrite("north"))).ShouldBeLessThan(9);
        a.View.Status.Unable.ShouldBe(["north"]);
        await Advance(580);
        b.CanWrite("north").ShouldBeTrue();
        (await Until(() => a.CanWrite("north"))).ShouldBeInRange(60, 90);
        a.View.Status.Unable.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_line_that_opens_again_within_two_minutes_is_kept()
    {
        var (a, b) = await StartAndSettle();
        Tell(a, PortState.BackingOff, LineFault.NotOpened);
        await Advance(100);
        Tell(a, PortState.Opening, LineFault.NotOpened);
        Tell(a, PortState.Open, LineFault.NotOpened);
        await Advance(100);
        (a.CanWrite("north"), b.CanWrite("north")).ShouldBe((true, false));
    }

    [Fact]
    public async Task A_second_process_of_the_same_name_is_refused_and_owns_nothing()
    {
        var (a, _) = await StartAndSettle();
        var second = await Start("a");
        (await Until(() => second.View.Refused.IsCompleted)).ShouldBeInRange(6, 9);
        var refused = await Should.ThrowAsync<LockServerException>(second.View.Refused);
        refused.Message.ShouldBe("Another process is node 'a': give this one another id in iec102.node, or end the other.");
        second.Fleet.Own.ShouldBeEmpty();
        a.View.Refused.IsCompleted.ShouldBeFalse();
        a.CanWrite("north").ShouldBeTrue();
    }

    [Fact]
    public async Task A_node_that_starts_anew_waits_for_its_old_session_to_end()
    {
        var (a, b) = await StartAndSettle();
        a.Client.IsCut = true;
        await Kill(a);
        var again = await Start("a");
        await Until(() => again.View.Status.IsUp);
        // Whose turn it is depends on whether the name or the port was free to be seen first.
        await Until(() => again.CanWrite("north") || b.CanWrite("north"));
        await Advance(10);
        again.View.Refused.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_server_that_stops_releases_its_locks_once_the_ports_are_gone_and_others_take_them_at_once()
    {
        var (a, b) = await StartAndSettle();
        a.Fleet.EndsSlowly = true;
        a.Lease.Tell(new EndLease());
        await Advance(20);
        a.CanWrite("north").ShouldBeTrue();
        Watch(a.Lease);
        EndPorts(a);
        (await Until(() => b.CanWrite("north"))).ShouldBeLessThan(1.5);
        a.View.Guards.ShouldBeEmpty();
        await Advance(2);
        await FishForMessageAsync(message => message is Terminated);
        Server.IsHeld(LockName.OfNode("a")).ShouldBeFalse();
        await Kill(a);
        await Advance(10);
        b.CanWrite("north").ShouldBeTrue();
    }

    [Fact]
    public async Task What_the_fleet_said_before_it_was_told_to_run_a_port_does_not_release_its_lock()
    {
        var a = await Start("a");
        a.Fleet.IsLate = true;
        await Until(() => a.CanWrite("north"));
        a.Lease.Tell(new ApplyFleet(new FleetConfiguration()));
        await Advance(5);
        Server.IsHeld(LockName.OfPort("north")).ShouldBeTrue();
        Hear(a);
        await Advance(2);
        a.Fleet.Ended.ShouldBe(["north"]);
        Server.IsHeld(LockName.OfPort("north")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_fleet_that_has_ended_before_it_could_answer_holds_no_lock()
    {
        var (a, b) = await StartAndSettle();
        a.Fleet.IsLate = true;
        a.Lease.Tell(new EndLease());
        await Advance(1);
        a.CanWrite("north").ShouldBeTrue();
        Watch(a.Fleet.Actor);
        Sys.Stop(a.Fleet.Actor);
        await FishForMessageAsync(message => message is Terminated);
        (await Until(() => b.CanWrite("north"))).ShouldBeLessThan(1.5);
    }

    [Fact]
    public async Task A_port_that_is_taken_out_of_the_fleet_file_is_released()
    {
        var (a, b) = await StartAndSettle();
        a.Lease.Tell(new ApplyFleet(new FleetConfiguration()));
        b.Lease.Tell(new ApplyFleet(new FleetConfiguration()));
        await Advance(2);
        a.Fleet.Own.ShouldBeEmpty();
        Server.IsHeld(LockName.OfPort("north")).ShouldBeFalse();
    }
}
