using System.Collections.Immutable;
using Iec102.Cluster.Leases;
using Iec102.Cluster.Nodes;
using Iec102.Fleet;
using Iec102.Lines;
using Iec102.Lines.Tcp;
using NodaTime;

namespace Iec102.Cluster.Tests.Leases;

/// <summary>Whose turn it is to own a port.</summary>
public sealed class PlacementTests
{
    private static readonly PortConfiguration Preferring = Floating("north") with { Placement = new PortPlacement { Nodes = ["a", "b"] } };

    [Fact]
    public void The_first_of_its_nodes_that_lives_owns_a_port()
    {
        Of("b", alive: ["a", "b", "c"]).Turn(Preferring).ShouldBe("a");
        Of("b", alive: ["b", "c"]).Turn(Preferring).ShouldBe("b");
        Of("c", alive: ["c"]).Turn(Preferring).ShouldBeNull();
    }

    [Fact]
    public void A_node_that_drains_or_has_given_the_port_up_is_passed_over()
    {
        Of("b", ["a", "b"], Report("a") with { IsDraining = true }).Turn(Preferring).ShouldBe("b");
        Of("b", ["a", "b"], Report("a") with { Unable = ["north"] }).Turn(Preferring).ShouldBe("b");
        Of("b", ["a", "b"], Report("a") with { Unable = ["south"] }).Turn(Preferring).ShouldBe("a");
        Of("a", ["a", "b"], isDraining: true).Turn(Preferring).ShouldBe("b");
    }

    [Fact]
    public void What_a_node_knows_of_itself_is_newer_than_its_report() =>
        Of("a", ["a", "b"], Report("a") with { Unable = ["north"] }).Turn(Preferring).ShouldBe("a");

    [Fact]
    public void When_every_node_has_given_a_port_up_the_first_tries_again() =>
        Of("b", ["a", "b"], unable: ["north"], reports: [Report("a") with { Unable = ["north"] }]).Turn(Preferring).ShouldBe("a");

    [Fact]
    public void There_is_another_node_only_if_it_is_able()
    {
        Of("a", ["a", "b"]).HasOther(Preferring).ShouldBeTrue();
        Of("a", ["a"]).HasOther(Preferring).ShouldBeFalse();
        Of("a", ["a", "b"], Report("b") with { Unable = ["north"] }).HasOther(Preferring).ShouldBeFalse();
    }

    [Fact]
    public void Ports_that_may_be_anywhere_spread_over_all_nodes_and_every_node_agrees()
    {
        string[] nodes = ["node-1", "node-2", "node-3"];
        var ports = Enumerable.Range(1, 300).Select(port => Floating($"port-{port}")).ToList();
        var owners = ports.Select(port => Of("node-1", nodes).Turn(port)!).ToList();
        foreach (var node in nodes)
        {
            owners.Count(owner => owner == node).ShouldBeInRange(70, 130);
            ports.Select(port => Of(node, nodes).Turn(port)).ShouldBe(owners);
        }

        // Only the ports of the node that is gone move.
        var after = ports.Select(port => Of("node-1", ["node-1", "node-3"]).Turn(port)!).ToList();
        owners.Zip(after).Where(pair => pair.First != "node-2").ShouldAllBe(pair => pair.First == pair.Second);
    }

    [Fact]
    public void The_margin_is_a_second_and_the_longest_frame_of_the_line()
    {
        LeaseTiming.MarginOf(Floating("north")).TotalSeconds.ShouldBe(1.299, 0.001);
        var format = new LineFormat(300, 8, Parity.Even, 1);
        var slow = Floating("north") with { Tcp = new TcpLineOptions("192.0.2.1", 4001) { Format = format } };
        LeaseTiming.MarginOf(slow).TotalSeconds.ShouldBe(10.57, 0.001);
        LeaseTiming.ShortestTtl(slow).TotalSeconds.ShouldBe(12.57, 0.001);
    }

    [Fact]
    public void A_lock_has_the_same_number_in_every_version()
    {
        LockName.OfPort("north").Key.ShouldBe(-2595563557794588230);
        LockName.OfPort("north").Key.ShouldNotBe(LockName.OfNode("north").Key);
    }

    private static Placement Of(string own, string[] alive, params NodeReport[] reports) => Of(own, alive, false, [], reports);

    private static Placement Of(
        string own, string[] alive, bool isDraining = false, ImmutableSortedSet<string>? unable = null, NodeReport[]? reports = null) =>
        new(new OwnPlace(own, isDraining, unable ?? []), alive.ToHashSet(), reports ?? []);

    private static PortConfiguration Floating(string id) => new() { Id = id, Tcp = new TcpLineOptions("192.0.2.1", 4001) };

    private static NodeReport Report(string id) =>
        new(id, new Uri("https://192.0.2.1"), "1", Instant.FromUnixTimeSeconds(0), "", TimeSpan.FromSeconds(6));
}
