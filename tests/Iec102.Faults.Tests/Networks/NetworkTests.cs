using System.Net;
using System.Net.Sockets;

namespace Iec102.Faults.Tests.Networks;

public sealed class NetworkTests
{
    [NetworkFact]
    public async Task A_cut_silences_two_hosts_and_only_these()
    {
        await using var network = await Network.MakeAsync("a", "b", "c");

        (await ReachesAsync(network["a"], network["b"])).ShouldBeTrue();
        var cut = await network.CutAsync(network["a"], network["b"]);
        (await ReachesAsync(network["a"], network["b"])).ShouldBeFalse();
        (await ReachesAsync(network["b"], network["a"])).ShouldBeFalse();
        (await ReachesAsync(network["a"], network["c"])).ShouldBeTrue();
        var other = await network.CutOffAsync(network["c"]);
        await other.HealAsync();
        (await ReachesAsync(network["a"], network["b"])).ShouldBeFalse();
        await cut.HealAsync();
        (await ReachesAsync(network["a"], network["b"])).ShouldBeTrue();
    }

    [NetworkFact]
    public async Task The_tests_reach_a_host_that_is_cut_off()
    {
        await using var network = await Network.MakeAsync("a", "b");
        await network.CutOffAsync(network["a"]);
        using var probe = new TcpClient();

        // Nobody listens: that it is refused shows that the host has been reached.
        var error = await Should.ThrowAsync<SocketException>(() => probe.ConnectAsync(IPAddress.Parse(network["a"].Address), 1));
        error.SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
        (await ReachesAsync(network["a"], network["b"])).ShouldBeFalse();
    }

    /// <summary>Whether a connection is refused by the other host, which shows that it is reached; a cut answers nothing.</summary>
    private static async Task<bool> ReachesAsync(Host from, Host to)
    {
        var connect = $"timeout 1 bash -c </dev/tcp/{to.Address}/1";
        var (_, output) = await Tool.TryAsync($"{string.Join(' ', from.Before)} {connect}");
        return output.Contains("refused", StringComparison.Ordinal);
    }
}
