using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Iec102.Fleet;
using Iec102.Server.Hosting;
using Iec102.Simulator.Hosting;
using Iec102.Storage;
using Iec102.Testing;

namespace Iec102.Server.Tests.Api;

/// <summary>
/// Two nodes in this process over one PostgreSQL database: line-1 with meter sim-1 is pinned to node a, line-2 with sim-2 to node b.
/// </summary>
internal sealed class NodePair : IAsyncDisposable
{
    public const string ReadKey = "key-that-may-only-read-things";
    public const string OperateKey = "key-that-may-also-do-things";
    public const string ClusterKey = "the-key-of-the-nodes";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-nodes-");
    private readonly SimulatorHost _simulator;
    private readonly string _database;

    private NodePair(SimulatorHost simulator, string database) => (_simulator, _database) = (simulator, database);

    public Node A { get; private set; } = null!;

    public Node B { get; private set; } = null!;

    /// <summary>Starts both nodes; returns when each has read its meter and sees the other.</summary>
    /// <param name="change">Changes the configuration of both.</param>
    /// <param name="server">The database server; null for the one that is never stopped.</param>
    public static async Task<NodePair> StartAsync(
        Func<FleetConfiguration, FleetConfiguration>? change = null, PostgresServer? server = null)
    {
        server ??= await PostgresServer.Shared;
        var pair = new NodePair(
            await SimulatorHost.StartAsync(new SimulatorOptions { Meters = 2, MetersPerPort = 1, HistoryDays = 2 }),
            await server.NewDatabaseAsync());
        pair.A = await pair.StartAsync("a", change);
        pair.B = await pair.StartAsync("b", change);
        foreach (var node in (Node[])[pair.A, pair.B])
        {
            await EndToEnd.Site.UntilAsync(
                async () => await node.Client.GetStringAsync("/metrics") is var metrics
                    && ((string[])["sim-1", "sim-2"]).All(id => metrics.Contains($"_verdict{{meter=\"{id}\",state=\"ok\"}} 1")
                        && metrics.Contains($"iec102_current_value{{meter=\"{id}\",signal=\"voltage.l3\"")),
                TimeSpan.FromMinutes(1), () => $"Node {node.Id} does not see both meters.");
        }

        return pair;
    }

    public async ValueTask DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
        await _simulator.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Starts another node.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="change">Changes its configuration.</param>
    public async Task<Node> StartAsync(string id, Func<FleetConfiguration, FleetConfiguration>? change)
    {
        var fleet = FleetReader.Read(_simulator.Fleet, "fleet.conf").Configuration!;
        var url = $"http://127.0.0.1:{FreePort()}";
        fleet = fleet with
        {
            Store = new StoreConfiguration(new SecretText(_database)),
            Cluster = new ClusterConfiguration { Key = new SecretText(ClusterKey) },
            Node = new NodeConfiguration(id, new Uri(url)),
            Ports =
            [
                .. fleet.Ports.Select(port => port with { Placement = new PortPlacement { Node = port.Id == "line-1" ? "a" : "b" } }),
            ],
        };
        fleet = change?.Invoke(fleet) ?? fleet;
        var data = DataDirectory.Create(Path.Combine(_folder.FullName, id));
        string[] urls = [fleet.Node!.Url.GetLeftPart(UriPartial.Authority)];
        var host = await ServerHost.StartAsync(new ServerOptions(fleet, data, urls) { LogToConsole = false }, CancellationToken.None);
        return new Node(id, host, fleet);
    }

    private static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }
}

/// <summary>One of the two.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly ServerHost _host;
    private bool _isStopped;

    public Node(string id, ServerHost host, FleetConfiguration fleet)
    {
        (Id, _host, Url) = (id, host, fleet.Node!.Url.GetLeftPart(UriPartial.Authority));
        var handler = new HttpClientHandler();
        if (fleet.Node.Url.Scheme == Uri.UriSchemeHttps)
            // Whom the nodes trust is tested, not whom this client trusts.
            handler.ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator;
        Client = new HttpClient(handler) { BaseAddress = fleet.Node.Url };
        if (fleet.Api.Keys.Count > 0)
            Client.DefaultRequestHeaders.Authorization = new("Bearer", NodePair.OperateKey);
    }

    public string Id { get; }

    public HttpClient Client { get; }

    public string Url { get; }

    public Task<JsonNode?> GetAsync(string path) => Client.GetFromJsonAsync<JsonNode>(path);

    public Task<HttpResponseMessage> PostAsync(string path, object? body = null) =>
        Client.PostAsync(path, JsonContent.Create(body ?? new { }));

    public async ValueTask DisposeAsync()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        await _host.DisposeAsync();
    }
}
