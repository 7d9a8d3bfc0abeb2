using System.Net;
using System.Net.Sockets;
using Iec102.Simulator.Hosting;
using Iec102.Testing;
using NodaTime;

namespace Iec102.Page.Tests.Sites;

/// <summary>Two nodes, a and b, over one database: a reads sim-1 on line-1, b reads sim-2 on line-2; sim-3 refuses a.</summary>
internal sealed class NodesSite : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-page-");
    private readonly SimulatorHost _simulator;

    private NodesSite(SimulatorHost simulator) => _simulator = simulator;

    /// <summary>The node that reads sim-1.</summary>
    public ServerProcess A { get; private set; } = null!;

    /// <summary>The node that reads sim-2.</summary>
    public ServerProcess B { get; private set; } = null!;

    /// <summary>Starts everything.</summary>
    public static async Task<NodesSite> StartAsync()
    {
        var database = await (await PostgresServer.Shared).NewDatabaseAsync();
        var site = new NodesSite(await SimulatorHost.StartAsync(new SimulatorOptions
        {
            Meters = 3,
            MetersPerPort = 1,
            HistoryDays = 1,
            CurrentValuesEvery = Duration.FromSeconds(1),
        }));
        try
        {
            await System.IO.File.WriteAllTextAsync(
                site.File("fleet.conf"),
                $"""
                {site._simulator.Fleet}
                iec102.store.postgres = "{database}"
                iec102.ports.line-1.node = a
                iec102.ports.line-2.node = b
                iec102.ports.line-3.node = a
                iec102.meters.sim-3.password = 4711
                iec102.alarms.delay = 0s
                """);
            site.A = await site.ServeAsync("a");
            site.B = await site.ServeAsync("b");
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in (ServerProcess?[])[A, B])
        {
            if (node is not null)
                await node.DisposeAsync();
        }

        await _simulator.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task<ServerProcess> ServeAsync(string id)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var url = $"http://127.0.0.1:{port}";
        await System.IO.File.WriteAllTextAsync(File($"{id}.conf"), $"iec102.node {{ id = {id}, url = \"{url}\", ttl = 4s }}");
        return await ServerProcess.AnsweringAsync(ServerProcess.Begin(
            "serve", "--fleet", File("fleet.conf"), "--data", File($"data-{id}"), "--urls", url, "--node", File($"{id}.conf")));
    }

    private string File(string name) => Path.Combine(_folder.FullName, name);
}
