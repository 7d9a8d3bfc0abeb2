using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Iec102.Lines.Tcp;
using Iec102.Simulator.Hosting;
using Iec102.Testing;
using NodaTime;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>A folder with everything that an end-to-end test uses (fleet file, data directory, truth); deleted at the end.</summary>
internal sealed class Site : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-e2e-");

    public Site() => Store = ["--data", Data];

    public string Fleet => Path.Combine(_folder.FullName, "fleet.conf");

    public string Data => Path.Combine(_folder.FullName, "data");

    public string Truth => Path.Combine(_folder.FullName, "truth");

    /// <summary>The options with which commands find what the server has stored.</summary>
    public string[] Store { get; private set; }

    public string File(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Starts simulated meters that write the fleet file and the truth of this site.</summary>
    public Task<SimulatorHost> SimulateAsync(SimulatorOptions options) =>
        SimulatorHost.StartAsync(options with { FleetOut = Fleet, TruthOut = Truth });

    /// <summary>From now on the server of this site stores in PostgreSQL; the fleet file has been written.</summary>
    public async Task UsePostgresAsync(string connection)
    {
        await System.IO.File.AppendAllTextAsync(Fleet, $"iec102.store.postgres = \"{connection}\"{Environment.NewLine}");
        Store = ["--fleet", Fleet];
    }

    /// <summary>Gives the first line a gateway; returns the TCP port of it. The fleet file has been written.</summary>
    public async Task<int> AddGatewayAsync()
    {
        var port = FreePort();
        var text = await System.IO.File.ReadAllTextAsync(Fleet);
        await System.IO.File.WriteAllTextAsync(
            Fleet,
            text.Replace("line-1 { tcp", $"line-1 {{ gateway {{ listen = \"127.0.0.1:{port}\" }}, tcp", StringComparison.Ordinal));
        return port;
    }

    public static int FreePort()
    {
        using var listener = new TcpLineListener();
        return listener.Port;
    }

    /// <summary>Runs verify; returns its report, which must find no difference.</summary>
    public async Task<string> VerifyAsync()
    {
        var (exit, report) = await ServerProcess.RunAsync(["verify", .. Store]);
        exit.ShouldBe(0, report);
        return report;
    }

    /// <summary>Asks a question again and again until the answer is true.</summary>
    public static async Task UntilAsync(Func<Task<bool>> question, TimeSpan timeout, Func<string> otherwise)
    {
        using var timer = new PeriodicTimer(Poll);
        var began = System.Diagnostics.Stopwatch.StartNew();
        while (!await question())
        {
            if (began.Elapsed > timeout)
                throw new TimeoutException($"After {timeout.TotalSeconds:F0} s: {otherwise()}");
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Waits until the curves of all meters have no missing intervals.</summary>
    public static async Task CompleteAsync(ServerProcess server, int meters, TimeSpan timeout)
    {
        var last = "";
        await UntilAsync(
            async () =>
            {
                var answer = await server.Client.GetFromJsonAsync<JsonArray>("/api/meters");
                last = answer!.ToJsonString();
                return answer.Count == meters && answer.All(meter => IsComplete(meter!["profiles"]!["hourly"]));
            },
            timeout, () => $"{last}{Environment.NewLine}{server.Output}");
    }

    /// <summary>Waits until the curve of one meter has no missing intervals.</summary>
    public static Task CompleteOfAsync(ServerProcess server, string id, TimeSpan timeout) => UntilAsync(
        async () =>
            (await server.Client.GetFromJsonAsync<JsonArray>("/api/meters"))!.Any(
                meter => meter!["id"]!.ToString() == id && IsComplete(meter["profiles"]!["hourly"])),
        timeout, () => server.Output);

    public static bool IsComplete(JsonNode? profile) =>
        profile is not null && (int)profile["recorded"]! > 0 && (int)profile["missing"]! == 0;

    public static async Task<JsonNode> MeterAsync(ServerProcess server, string id) =>
        (await server.Client.GetFromJsonAsync<JsonNode>($"/api/meters/{id}"))!;

    /// <summary>Exports a meter's curve as lines without the heading; the truth must reach the end of the range.</summary>
    public async Task<IReadOnlyList<string>> ExportAsync(string meter, Instant from, Instant to, string curve = "hourly")
    {
        var file = File($"export-{meter}.csv");
        var (exit, output) = await ServerProcess.RunAsync(
        [
            "export", .. Store, "--meter", meter, "--curve", curve, "--from", Text(from), "--to", Text(to), "--format", "csv", "--out",
            file,
        ]);
        exit.ShouldBe(0, output);
        return [.. (await System.IO.File.ReadAllLinesAsync(file)).Skip(1)];
    }

    /// <summary>The true values of a meter's curve, as lines in the form of the export.</summary>
    public async Task<IReadOnlyList<string>> TruthAsync(string meter, Instant from, Instant to, string curve = "hourly")
    {
        var file = Path.Combine(Truth, $"{meter}-{curve}.csv");
        return [.. (await System.IO.File.ReadAllLinesAsync(file)).Skip(1).Where(line => Within(line, from, to))];
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static bool Within(string line, Instant from, Instant to)
    {
        var end = Instant.FromDateTimeOffset(DateTimeOffset.Parse(line.Split(',')[2], System.Globalization.CultureInfo.InvariantCulture));
        return end > from && end <= to;
    }

    private static string Text(Instant instant) => instant.ToString("uuuu'-'MM'-'dd'T'HH':'mm':'ss'Z'", null);
}
