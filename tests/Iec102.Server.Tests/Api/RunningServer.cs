using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Iec102.Fleet;
using Iec102.Server.Hosting;
using Iec102.Simulator.Hosting;
using Iec102.Storage;

namespace Iec102.Server.Tests.Api;

/// <summary>A server in this process that has read two simulated meters on one line, for tests of its API.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-api-");
    private SimulatorHost _simulator = null!;
    private ServerHost _host = null!;

    public HttpClient Client { get; private set; } = null!;

    /// <summary>The address of the server's API.</summary>
    public string Url => _host.Urls[0];

    /// <summary>The server's data directory.</summary>
    public string Data => Path.Combine(_folder.FullName, "data");

    public async Task InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync(new SimulatorOptions { Meters = 2, MetersPerPort = 2, HistoryDays = 3 });
        _host = await StartAsync(_simulator.Fleet, Data);
        Client = new HttpClient { BaseAddress = new Uri(_host.Urls[0]) };
        await EndToEnd.Site.UntilAsync(
            async () =>
                (await Client.GetFromJsonAsync<JsonArray>("/api/meters"))!.All(
                    meter => EndToEnd.Site.IsComplete(meter!["profiles"]!["hourly"]))
                && (await Client.GetFromJsonAsync<JsonNode>("/api/meters/sim-1/current"))!["signals"]!.AsArray().Count > 0,
            TimeSpan.FromMinutes(1), () => "The meters were not read.");
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
        await _simulator.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    internal static Task<ServerHost> StartAsync(string fleet, string data) => ServerHost.StartAsync(
        new ServerOptions(FleetReader.Read(fleet, "fleet.conf").Configuration!, DataDirectory.Create(data), ["http://127.0.0.1:0"])
        {
            LogToConsole = false,
        },
        CancellationToken.None);
}
