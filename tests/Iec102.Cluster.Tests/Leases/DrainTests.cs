using Akka.Actor;
using Iec102.Cluster.Leases;
using Iec102.Fleet;

namespace Iec102.Cluster.Tests.Leases;

/// <summary>A node gives its floating ports away before maintenance.</summary>
public sealed class DrainTests : LeaseBench
{
    [Fact]
    public async Task A_node_that_drains_gives_its_ports_away_and_takes_none()
    {
        var (a, b) = await StartAndSettle();
        a.Lease.Tell(new DrainNode(true));
        (await Until(() => b.CanWrite("north"))).ShouldBeLessThan(4);
        a.View.Status.IsDraining.ShouldBeTrue();
        await Advance(90);
        b.CanWrite("north").ShouldBeTrue();
        a.Lease.Tell(new DrainNode(false));
        await Until(() => a.CanWrite("north"));
    }

    [Fact]
    public async Task A_node_that_drains_keeps_what_nobody_else_can_own()
    {
        var a = await Start("a");
        await Until(() => a.CanWrite("north"));
        a.Lease.Tell(new DrainNode(true));
        await Advance(30);
        a.CanWrite("north").ShouldBeTrue();
    }

    [Fact]
    public async Task A_node_that_drains_gives_every_floating_port_away_within_seconds_and_gets_its_share_back_when_that_ends()
    {
        var shared = Enumerable.Range(1, 12).Select(number => $"shared-{number}").ToList();
        var preferred = Enumerable.Range(1, 12).Select(number => $"preferred-{number}").ToList();
        Fleet = new FleetConfiguration
        {
            Ports =
            [
                Port("mine", new PortPlacement { Node = "a" }),
                .. shared.Select(port => Port(port, PortPlacement.Any)),
                .. preferred.Select(port => Port(port, new PortPlacement { Nodes = ["a", "b"] })),
            ],
        };
        var (a, b) = await StartTwo();
        await Until(() => shared.Concat(preferred).All(port => a.CanWrite(port) || b.CanWrite(port)));
        await Advance(10);
        var share = a.View.Status.Held;
        share.IsSupersetOf(preferred).ShouldBeTrue();
        share.Overlaps(shared).ShouldBeTrue();

        a.Lease.Tell(new DrainNode(true));
        (await Until(() => shared.Concat(preferred).All(b.CanWrite))).ShouldBeLessThan(6);
        a.Fleet.Own.ShouldBe(["mine"]);
        a.Fleet.Ended.ShouldNotContain("mine");
        await Advance(120);
        a.View.Status.Held.ShouldBeEmpty();

        a.Lease.Tell(new DrainNode(false));
        (await Until(() => share.All(a.CanWrite))).ShouldBeInRange(60, 66);
        a.View.Status.Held.ShouldBe(share);
    }

    [Fact]
    public async Task A_node_that_drains_reads_what_nobody_else_can_until_another_node_is_back()
    {
        var (a, b) = await StartAndSettle();
        a.Lease.Tell(new DrainNode(true));
        await Until(() => b.CanWrite("north"));
        await Kill(b);
        (await Until(() => a.CanWrite("north"))).ShouldBeLessThan(10);
        var again = await Start("b");
        (await Until(() => again.CanWrite("north"))).ShouldBeLessThan(20);
        await Advance(90);
        again.CanWrite("north").ShouldBeTrue();
    }

    [Fact]
    public async Task When_both_nodes_drain_at_once_or_one_after_the_other_every_port_is_read_and_stays_where_it_is()
    {
        string[] ports = ["preferring-a", "preferring-b"];
        Fleet = new FleetConfiguration
        {
            Ports = [Port(ports[0], new PortPlacement { Nodes = ["a", "b"] }), Port(ports[1], new PortPlacement { Nodes = ["b", "a"] })],
        };
        var (a, b) = await StartTwo();
        await Until(() => a.CanWrite(ports[0]) && b.CanWrite(ports[1]));
        await Advance(10);

        a.Lease.Tell(new DrainNode(true));
        b.Lease.Tell(new DrainNode(true));
        await Advance(10);
        ports.ShouldAllBe(port => a.CanWrite(port) || b.CanWrite(port));
        a.Lease.Tell(new DrainNode(false));
        await Until(() => ports.All(a.CanWrite));

        a.Lease.Tell(new DrainNode(true));
        await Advance(60);
        ports.ShouldAllBe(port => a.CanWrite(port));
        b.Lease.Tell(new DrainNode(false));
        (await Until(() => ports.All(b.CanWrite))).ShouldBeLessThan(6);
    }

    [Fact]
    public async Task A_node_goes_on_draining_when_its_actor_fails()
    {
        var (a, b) = await StartAndSettle();
        a.Lease.Tell(new DrainNode(true));
        await Until(() => b.CanWrite("north"));
        await Fail(a);
        a.View.Status.IsDraining.ShouldBeTrue();
        await Advance(90);
        a.Fleet.Own.ShouldBeEmpty();
    }
}
