using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Iec102.Simulator.Hosting;
using Iec102.Testing;
using NodaTime;

namespace Iec102.Page.Tests.Sites;

/// <summary>Simulated meters, and the server in its own process that reads them.</summary>
internal sealed class Site : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>The meters of <see cref="FaultyAsync"/>.</summary>
    public static SimulatorOptions Thirty { get; } = new()
    {
        Meters = 30,
        MetersPerPort = 5,
        CurrentValuesEvery = Duration.FromSeconds(5),
        MeterOf = (index, meter) => index == 16 ? meter with { ClockOffset = Duration.FromMinutes(40) } : meter,
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-page-");
    private readonly SimulatorHost _simulator;

    private Site(SimulatorHost simulator) => _simulator = simulator;

    /// <summary>The server.</summary>
    public ServerProcess Server { get; private set; } = null!;

    private string Fleet => Path.Combine(_folder.FullName, "fleet.conf");

    private string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>
    /// Thirty meters, sim-1 to sim-30, five on each of the lines line-1 to line-6. Four things are wrong: the password of sim-2, the
    /// address of sim-8, the clock of sim-17, and the whole of line-6. All else has been read.
    /// </summary>
    /// <param name="more">More of the fleet file.</param>
    /// <param name="key">The key with which the tests call the API, where it needs one.</param>
    public static async Task<Site> FaultyAsync(string more = "", string? key = null)
    {
        var site = await StartAsync(Thirty, problems: 4, ok: 22, key, simulator => FaultyFleet(simulator, more));
        foreach (var fact in (string[])["events", "tariff", "closings", "configuration"])
            await site.UntilAsync(async () =>
                (await site.Server.Client.GetStringAsync($"/api/meters/sim-1/{fact}?format=csv")).Count(letter => letter == '\n') > 1);
        return site;
    }

    /// <summary>A thousand meters, ten on each line, that have all been read and go on being read.</summary>
    public static Task<Site> ThousandAsync() => StartAsync(
        new SimulatorOptions { Meters = 1000, MetersPerPort = 10, HistoryDays = 1 }, problems: 0, ok: 1000, key: null,
        simulator => simulator.Fleet);

    /// <summary>The fleet file of <see cref="FaultyAsync"/>.</summary>
    public static string FaultyFleet(SimulatorHost simulator, string more) =>
        simulator.Fleet.Replace($":{simulator.Lines[5].Port}\"", $":{ClosedPort()}\"", StringComparison.Ordinal) + $$"""

        iec102.meters.sim-1 { name = "Subestación de Almodóvar del Río, posición 4", site = Almodóvar, group = norte }
        iec102.meters.sim-1.profiles.quarter-hour.enabled = true
        iec102.meters.sim-2 { name = "Parque eólico La Muela III", site = "La Muela", group = norte, password = 4711 }
        iec102.meters.sim-8.link-address = 900
        iec102.ports.line-2.timing.reply-timeout = 1s
        iec102.alarms.delay = 0s
        {{more}}
        """;

    /// <summary>Starts the server again, at the address that it had.</summary>
    public async Task StartAgainAsync()
    {
        var url = Server.Url;
        await Server.DisposeAsync();
        Server = await ServerProcess.AnsweringAsync(ServerProcess.Begin("serve", "--fleet", Fleet, "--data", Data, "--urls", url));
    }

    /// <summary>Replaces a text of the fleet file, and has the server look at it.</summary>
    public async Task ReplaceAsync(string text, string by)
    {
        var fleet = await File.ReadAllTextAsync(Fleet);
        await File.WriteAllTextAsync(Fleet, fleet.Replace(text, by, StringComparison.Ordinal));
        Server.HangUp();
    }

    /// <summary>Waits until the server has logged a text.</summary>
    public Task SaysAsync(string text) => UntilAsync(() => Task.FromResult(Server.Output.Contains(text, StringComparison.Ordinal)));

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync();
        await _simulator.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static async Task<Site> StartAsync(
        SimulatorOptions options, int problems, int ok, string? key, Func<SimulatorHost, string> fleet)
    {
        var site = new Site(await SimulatorHost.StartAsync(options));
        try
        {
            await File.WriteAllTextAsync(site.Fleet, fleet(site._simulator));
            site.Server = await ServerProcess.ServeAsync(site.Fleet, site.Data);
            if (key is not null)
                site.Server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
            await site.UntilAsync(async () =>
            {
                var status = (await site.Server.Client.GetFromJsonAsync<JsonNode>("/api/status"))!;
                return status["problems"]!.AsArray().Count == problems && (int)status["meters"]!["ok"]! == ok;
            });
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    private async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        var began = Stopwatch.StartNew();
        while (!await isSo())
        {
            if (began.Elapsed > Patience)
                throw new TimeoutException($"The server does not do its work; it says:{Environment.NewLine}{Server.Output}");
            await timer.WaitForNextTickAsync();
        }
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
