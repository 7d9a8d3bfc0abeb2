using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Iec102.Faults.Tests.Networks;
using Iec102.Testing;

namespace Iec102.Faults.Tests.Sites;

/// <summary>A node: a host of the network on which the real program runs, unless a test has ended it.</summary>
/// <param name="host">Its host, which has the node's id as its name.</param>
/// <param name="folder">The folder of all nodes' files.</param>
internal sealed class Node(Host host, string folder) : IAsyncDisposable
{
    private const int ApiPort = 8102;

    private readonly string _clock = Path.Combine(folder, $"{host.Name}.clock");
    private ServerProcess? _process;
    private string _printed = "";

    /// <summary>Its id.</summary>
    public string Id => host.Name;

    /// <summary>Its host.</summary>
    public Host Host => host;

    /// <summary>The running process.</summary>
    public ServerProcess Process => _process ?? throw new InvalidOperationException($"The node {Id} does not run.");

    /// <summary>Its API.</summary>
    public HttpClient Client => Process.Client;

    /// <summary>Everything that the node has printed.</summary>
    public string Output => _printed + _process?.Output;

    private string Url => $"http://{host.Address}:{ApiPort}";

    /// <summary>Starts the node and waits until its API answers.</summary>
    /// <param name="canSetClock">Whether <see cref="SetClockAsync"/> is to work.</param>
    public async Task StartAsync(bool canSetClock = false)
    {
        if (canSetClock)
            await SetClockAsync(TimeSpan.Zero);
        _process = Begin(host, ApiPort, canSetClock ? FakeTime.Environment(_clock) : null);
        await ServerProcess.AnsweringAsync(_process);
    }

    /// <summary>Starts a second process with this node's id and files of its own on another host.</summary>
    public ServerProcess BeginTwin(Host elsewhere) => Begin(elsewhere, ApiPort + 1, null);

    /// <summary>Kills the node, as kill -9 does.</summary>
    public async Task KillAsync()
    {
        await Process.KillAsync();
        await DisposeAsync();
    }

    /// <summary>Ends the node as its service does; returns its exit status.</summary>
    public async Task<int> TerminateAsync()
    {
        var status = await Process.TerminateAsync();
        await DisposeAsync();
        return status;
    }

    /// <summary>Sets how far the wall clock of the node is ahead of the true time; its monotonic clock goes on.</summary>
    public Task SetClockAsync(TimeSpan ahead) => FakeTime.SetAsync(_clock, ahead);

    /// <summary>Asks this node to have one give its floating ports away, or take them again.</summary>
    public async Task DrainAsync(Node which, bool isDraining)
    {
        using var request = new HttpRequestMessage(isDraining ? HttpMethod.Post : HttpMethod.Delete, $"/api/nodes/{which.Id}/drain")
        {
            Content = JsonContent.Create(new { }),
        };
        using var answer = await Client.SendAsync(request);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>What a call of the API answers.</summary>
    public async Task<JsonNode> GetAsync(string path) => (await Client.GetFromJsonAsync<JsonNode>(path))!;

    public async ValueTask DisposeAsync()
    {
        if (_process is not { } process)
            return;
        await process.DisposeAsync();
        _printed = Output;
        _process = null;
    }

    private ServerProcess Begin(Host on, int port, IReadOnlyDictionary<string, string>? environment)
    {
        var file = Path.Combine(folder, $"{Id}.conf");
        File.WriteAllText(file, $"iec102.node {{ id = {Id}, url = \"{Url}\" }}\n");
        string[] arguments =
        [
            "serve", "--fleet", Path.Combine(folder, "fleet.conf"), "--node", file, "--data", Path.Combine(folder, $"{Id}-on-{on.Name}"),
            "--urls", $"http://{on.Address}:{port}",
        ];
        return ServerProcess.BeginBy(on.Before, arguments, environment);
    }
}
