using Iec102.Fleet;

namespace Iec102.Cluster.Tests.Leases;

/// <summary>
/// A port is pinned, unpinned or pinned elsewhere, and the nodes get the new fleet file one after the other. After each step the bench
/// checks that no two nodes can write to its line.
/// </summary>
public sealed class PlacementChangeTests : LeaseBench
{
    private static readonly PortPlacement OnA = new() { Node = "a" };
    private static readonly PortPlacement OnB = new() { Node = "b" };
    private static readonly PortPlacement PrefersA = new() { Nodes = ["a", "b"] };
    private static readonly PortPlacement PrefersB = new() { Nodes = ["b", "a"] };

    [Theory]
    [InlineData("A->B", true)]
    [InlineData("A->B", false)]
    [InlineData("A->b", true)]
    [InlineData("A->b", false)]
    [InlineData("A->a", true)]
    [InlineData("A->a", false)]
    [InlineData("a->A", true)]
    [InlineData("a->A", false)]
    [InlineData("b->A", true)]
    [InlineData("b->A", false)]
    public async Task A_port_moves_in_one_step_whichever_node_gets_the_file_first(string change, bool isFirst)
    {
        var (before, after) = (Of(change[0]), Of(change[^1]));
        Fleet = With(before);
        var (a, b) = (await Start("a"), await Start("b"));
        await Until(() => Runs(a, b));
        Owner(before).ShouldBe(Runs(a) ? "a" : "b");
        await Advance(10);

        await Apply(isFirst ? a : b, With(after));
        await Advance(20);
        await Apply(isFirst ? b : a, With(after));
        var owner = Owner(after) == "a" ? a : b;
        (await Until(() => Runs(owner))).ShouldBeLessThan(9);
        await Advance(80);
        Runs(owner).ShouldBeTrue();
    }

    [Fact]
    public async Task A_node_that_starts_with_the_new_file_waits_for_the_one_that_has_the_old_one()
    {
        Fleet = With(OnA);
        var a = await Start("a");
        await Until(() => Runs(a));
        await Advance(10);
        Fleet = With(OnB);
        var b = await Start("b");
        await Advance(30);
        Runs(a).ShouldBeTrue();
        await Apply(a, Fleet);
        (await Until(() => Runs(b))).ShouldBeLessThan(5);
    }

    [Fact]
    public async Task What_waits_for_another_node_does_not_begin_because_the_locks_are_away()
    {
        Fleet = With(PrefersA);
        var (a, b) = (await Start("a"), await Start("b"));
        await Until(() => Runs(a));
        await Advance(10);
        await Apply(b, With(OnB));
        b.Client.IsCut = true;
        await Advance(20);
        b.Client.IsCut = false;
        await Advance(20);
        Runs(a).ShouldBeTrue();
        await Apply(a, With(OnB));
        (await Until(() => Runs(b))).ShouldBeLessThan(5);
    }

    [Fact]
    public async Task What_waits_for_a_node_that_dies_begins_once_that_has_been_silent()
    {
        Fleet = With(OnA);
        var (a, b) = (await Start("a"), await Start("b"));
        await Until(() => Runs(a));
        await Advance(10);
        await Apply(b, With(OnB));
        await Advance(20);
        b.Fleet.Own.ShouldBeEmpty();
        await Kill(a);
        (await Until(() => Runs(b))).ShouldBeLessThan(15);
    }

    [Fact]
    public async Task A_pinned_port_begins_although_nothing_is_heard_of_the_other_nodes()
    {
        Fleet = With(OnA);
        IsDirectoryAway = true;
        var a = await Start("a");
        (await Until(() => Runs(a))).ShouldBeInRange(6, 8);
    }

    private static FleetConfiguration With(PortPlacement placement) => new() { Ports = [Port("north", placement)] };

    private static bool Runs(params TestNode[] nodes) => nodes.Any(node => node.CanWrite("north") || node.RunsPinned("north"));

    private static PortPlacement Of(char letter) => letter switch
    {
        'A' => OnA,
        'B' => OnB,
        'a' => PrefersA,
        _ => PrefersB,
    };

    private static string Owner(PortPlacement placement) => placement.Node ?? placement.Nodes[0];
}
