using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Iec102.Faults.Tests.Networks;

/// <summary>
/// Hosts around a router, each in a network namespace of its own. A cut is a rule of the router that drops what two hosts send each other,
/// so they notice it as they would notice a dead line: by silence. The tests themselves reach every host, whatever is cut.
/// </summary>
internal sealed class Network : IAsyncDisposable
{
    private const string Prefix = "iec102";

    // 198.18.0.0/15 is kept for measurements (RFC 2544): no network of this computer has it.
    private static readonly string Net = $"198.18.{Environment.ProcessId % 256}";
    private static readonly string Router = NamespaceOf("router");
    private static readonly string Gateway = $"{Net}.254";
    private static readonly string OwnAddress = $"{Net}.253";

    // The tests' own interface; such a name has at most 15 characters.
    private static readonly string Own = $"{Prefix}-{Environment.ProcessId}";
    private static readonly Lazy<string?> WhyMissing = new(() => FindMissingAsync().GetAwaiter().GetResult());

    private readonly List<Host> _hosts = [];
    private int _rules;

    private Network()
    {
    }

    /// <summary>Where the tests run: it has a cut only when it is named.</summary>
    public static Host Tests { get; } = new("tests", "", OwnAddress);

    /// <summary>Why there are no network namespaces here; null when there are.</summary>
    public static string? Missing => WhyMissing.Value;

    /// <summary>Makes the network; removes what tests that were killed have left behind.</summary>
    /// <param name="hosts">The names of the hosts.</param>
    public static async Task<Network> MakeAsync(params string[] hosts)
    {
        await RemoveLeftoversAsync();
        var network = new Network();
        try
        {
            await AddRouterAsync();
            foreach (var name in hosts)
                await network.AddHostAsync(name);
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }

        return network;
    }

    /// <summary>The host with this name.</summary>
    public Host this[string name] => _hosts.Single(host => host.Name == name);

    /// <summary>Drops everything that two hosts send each other.</summary>
    public Task<Cut> CutAsync(Host one, Host other) => CutAsync([(one, other), (other, one)]);

    /// <summary>Drops everything that a host sends to another one or gets from it.</summary>
    public Task<Cut> CutOffAsync(Host host) =>
        CutAsync([.. _hosts.Where(other => other != host).SelectMany(other => ((Host, Host)[])[(host, other), (other, host)])]);

    /// <summary>Ends every process on the hosts and removes the network.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var name in (string[])[.. _hosts.Select(host => host.Namespace), Router])
            await RemoveAsync(name);
        // It goes with the router, but not at once.
        await Tool.TryAsync($"ip link del {Own}");
    }

    private async Task<Cut> CutAsync((Host From, Host To)[] ways)
    {
        var cut = new Cut(Router);
        foreach (var (from, to) in ways)
            await cut.AddAsync(from, to, ++_rules);
        return cut;
    }

    private static string NamespaceOf(string host) => $"{Prefix}-{Environment.ProcessId}-{host}";

    /// <summary>Tries it: whether it works depends on the user, the system, and the container around both.</summary>
    private static async Task<string?> FindMissingAsync()
    {
        try
        {
            await using var network = await MakeAsync("x", "y");
            await network.CutAsync(network["x"], network["y"]);
            return null;
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException)
        {
            return $"There are no network namespaces here: {error.Message.TrimEnd()}";
        }
    }

    private static async Task RemoveLeftoversAsync()
    {
        foreach (Match made in Regex.Matches(await Tool.RunAsync("ip netns list"), $@"^{Prefix}-(\d+)-\w+", RegexOptions.Multiline))
        {
            if (!Directory.Exists($"/proc/{made.Groups[1].Value}"))
                await RemoveAsync(made.Value);
        }
    }

    private static async Task RemoveAsync(string name)
    {
        var (_, processes) = await Tool.TryAsync($"ip netns pids {name}");
        foreach (var process in processes.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            await Tool.TryAsync($"kill -9 {process}");
        await Tool.TryAsync($"ip netns del {name}");
    }

    private static async Task AddRouterAsync()
    {
        await Tool.RunAsync($"ip netns add {Router}");
        await Tool.RunAsync($"ip netns exec {Router} sysctl -qw net.ipv4.ip_forward=1");
        await Tool.RunAsync($"ip -n {Router} link add name tests type veth peer name {Own} netns {Environment.ProcessId}");
        await Tool.RunAsync($"ip -n {Router} addr add {Gateway}/32 dev tests");
        await Tool.RunAsync($"ip -n {Router} link set tests up");
        await Tool.RunAsync($"ip -n {Router} route add {OwnAddress} dev tests");
        await Tool.RunAsync($"ip addr add {OwnAddress}/32 dev {Own}");
        await Tool.RunAsync($"ip link set {Own} up");
        await Tool.RunAsync($"ip route add {Net}.0/24 via {Gateway} dev {Own} onlink src {OwnAddress}");
    }

    private async Task AddHostAsync(string name)
    {
        var place = (_hosts.Count + 1).ToString(CultureInfo.InvariantCulture);
        var host = new Host(name, NamespaceOf(name), $"{Net}.{place}");
        await Tool.RunAsync($"ip netns add {host.Namespace}");
        _hosts.Add(host);
        var port = $"to-{name}";
        await Tool.RunAsync($"ip -n {Router} link add name {port} type veth peer name eth0 netns {host.Namespace}");
        await Tool.RunAsync($"ip -n {Router} addr add {Gateway}/32 dev {port}");
        await Tool.RunAsync($"ip -n {Router} link set {port} up");
        await Tool.RunAsync($"ip -n {Router} route add {host.Address} dev {port}");
        await Tool.RunAsync($"ip -n {host.Namespace} link set lo up");
        await Tool.RunAsync($"ip -n {host.Namespace} addr add {host.Address}/32 dev eth0");
        await Tool.RunAsync($"ip -n {host.Namespace} link set eth0 up");
        await Tool.RunAsync($"ip -n {host.Namespace} route add {Gateway} dev eth0");
        await Tool.RunAsync($"ip -n {host.Namespace} route add default via {Gateway}");
    }
}
