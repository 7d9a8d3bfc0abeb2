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
    public async Task A_node_that_drains_takes_nothing_back_when_the_other_node_dies_until_that_ends()
    {
        var (a, b) = await StartAndSettle();
        a.Lease.Tell(new DrainNode(true));
        await Until(() => b.CanWrite("north"));
        await Kill(b);
        await Advance(60);
        a.View.Status.Taken.ShouldBe(1);
        a.Fleet.Own.ShouldBeEmpty();
        a.Lease.Tell(new DrainNode(false));
        (await Until(() => a.CanWrite("north"))).ShouldBeLessThan(3);
    }

    [Fact]
    public async Task A_node_goes_on_draining_when_its_actor_fails()
    {
        var (a, b) = await StartAndSettle();
        a.Lease.Tell(new DrainNode(true));
        await Until(() => b.CanWrite("north"));
        await Fail(a);
        a.View.Status.IsDraining.ShouldBeTrue();
        await Kill(b);
        await Advance(60);
        a.Fleet.Own.ShouldBeEmpty();
    }
}
