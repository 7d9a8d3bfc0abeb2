using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Iec102.Simulator.Hosting;
using Iec102.Testing;
using NodaTime;
using Npgsql;

namespace Iec102.Server.Tests.EndToEnd;

/// <summary>
/// Two nodes, a and b, over one database, with simulated meters on line-1, which prefers a, and on line-2, which prefers b; each line has a
/// gateway. Each node has a copy of the fleet file.
/// </summary>
internal sealed class TwoNodes : IAsyncDisposable
{
    private const int MetersPerLine = 2;
    private static readonly string[] Ids = ["a", "b"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly Site _site = new();
    private readonly Dictionary<string, ServerProcess> _nodes = [];
    private readonly int _historyDays;
    private string _store = "";
    private SimulatorHost? _simulator;

    private TwoNodes(int historyDays) => _historyDays = historyDays;

    /// <summary>Where the gateway of each line listens, on whichever node.</summary>
    public IReadOnlyDictionary<string, int> Gateways { get; } = new Dictionary<string, int>
    {
        ["line-1"] = FreePort(),
        ["line-2"] = FreePort(),
    };

    /// <summary>The ids of all meters.</summary>
    public IEnumerable<string> Meters => _simulator!.Meters.Select(meter => meter.Options.Id);

    /// <summary>The fleet file of a node.</summary>
    public string Fleet(string id) => _site.File($"fleet-{id}.conf");

    /// <summary>Starts the meters, but no node.</summary>
    /// <param name="historyDays">How far back the meters' curves reach.</param>
    public static async Task<TwoNodes> StartAsync(int historyDays)
    {
        var two = new TwoNodes(historyDays) { _store = await (await PostgresServer.Shared).NewDatabaseAsync() };
        two._simulator = await two._site.SimulateAsync(new SimulatorOptions
        {
            Meters = 2 * MetersPerLine,
            MetersPerPort = MetersPerLine,
            HistoryDays = historyDays,
            CurrentValuesEvery = Duration.FromSeconds(1),
            Speed = new Lines.LineFormat(57600, 8, Lines.Parity.None, 1),
            RecordFile = two._site.File("talk"),
        });
        foreach (var id in Ids)
            File.Copy(two._site.Fleet, two.Fleet(id));
        await two.WriteAsync($"store.postgres = \"{two._store}\"");
        await two.WriteAsync("cluster.handback = 1s");
        foreach (var (line, order) in new[] { ("line-1", "[a, b]"), ("line-2", "[b, a]") })
            await two.WriteAsync($"ports.{line} {{ nodes = {order}, gateway.listen = \"127.0.0.1:{two.Gateways[line]}\" }}");
        return two;
    }

    /// <summary>A node that runs.</summary>
    public ServerProcess this[string id] => _nodes[id];

    /// <summary>Starts a node and waits until its API answers.</summary>
    public async Task<ServerProcess> ServeAsync(string id)
    {
        if (_nodes.Remove(id, out var before))
            await before.DisposeAsync();
        var url = $"http://127.0.0.1:{FreePort()}";
        await File.WriteAllTextAsync(_site.File($"{id}.conf"), $"iec102.node {{ id = {id}, url = \"{url}\", ttl = 4s }}");
        return _nodes[id] = await ServerProcess.ServeAsync(
            Fleet(id), _site.File($"data-{id}"), "--node", _site.File($"{id}.conf"), "--urls", url);
    }

    /// <summary>Starts both nodes and waits until each reads its line; returns a.</summary>
    public async Task<ServerProcess> ServeBothAsync()
    {
        var a = await ServeAsync("a");
        await ServeAsync("b");
        await RunsAsync("a", "line-1");
        await RunsAsync("b", "line-2");
        await TalksAsync("line-1", since: default);
        await TalksAsync("line-2", since: default);
        return a;
    }

    /// <summary>Starts a second process with the name of a node; returns its exit status and what it printed.</summary>
    public async Task<(int ExitCode, string Output)> TwinAsync(string id)
    {
        await using var twin = ServerProcess.Start(
            Fleet(id), _site.File($"data-twin-{id}"), more: ["--node", _site.File($"{id}.conf")]);
        return (await twin.EndedAsync(), twin.Output);
    }

    /// <summary>Writes something more into the fleet file, for both nodes.</summary>
    public async Task WriteAsync(string text)
    {
        foreach (var id in Ids)
            await File.AppendAllTextAsync(Fleet(id), $"iec102.{text}\n");
    }

    /// <summary>Waits until a node reports that it runs these lines and no others.</summary>
    public Task RunsAsync(string id, params string[] lines) => Site.UntilAsync(
        async () =>
        {
            await using var connection = new NpgsqlConnection($"{_store};Pooling=false");
            await connection.OpenAsync();
            await using var read = new NpgsqlCommand("SELECT report::jsonb -> 'ports' = to_jsonb($1) FROM node WHERE id = $2", connection)
            {
                Parameters = { new() { Value = lines }, new() { Value = id } },
            };
            return await read.ExecuteScalarAsync() is true;
        },
        Patience, Output);

    /// <summary>Waits until a frame comes on a line in a connection that was opened after a moment.</summary>
    public Task TalksAsync(string line, DateTimeOffset since) =>
        Site.UntilAsync(() => Task.FromResult(Talk(line).Any(frame => frame.Opened > since)), Patience, Output);

    /// <summary>The longest time without a frame on a line from a moment on.</summary>
    public TimeSpan Silence(string line, DateTimeOffset since)
    {
        var frames = Talk(line).Select(frame => frame.At).ToList();
        var from = frames.FindLastIndex(at => at <= since);
        return frames[from..].Zip(frames[(from + 1)..], (one, next) => next - one).Max();
    }

    /// <summary>How many frames came on a line.</summary>
    public int Frames(string line) => Talk(line).Count;

    /// <summary>The frames that came in a connection although a later one had been opened on the line: then two talked.</summary>
    public IEnumerable<string> Offences => Gateways.Keys.SelectMany(line => Talk(line).Where(frame => frame.IsLate)
        .Select(frame => $"{line} at {frame.At:HH:mm:ss.fff}"));

    /// <summary>Waits until the curves of all meters are stored as the meters measured them: all, and none twice.</summary>
    public async Task ExactAsync(string by)
    {
        var to = SystemClock.Instance.GetCurrentInstant() - Duration.FromHours(2);
        var from = to - Duration.FromDays(_historyDays - 1);
        foreach (var meter in Meters)
        {
            var truth = await _site.TruthAsync(meter, from, to);
            IReadOnlyList<string> stored = [];
            await Site.UntilAsync(
                async () => (stored = await StoredAsync(_nodes[by], meter, from, to)).Count >= truth.Count, Patience, Output);
            stored.ShouldBe(truth, Output());
        }
    }

    /// <summary>Has the program compare journal and tables.</summary>
    public async Task VerifyAsync()
    {
        var (exit, report) = await ServerProcess.RunAsync("verify", "--fleet", Fleet("a"));
        exit.ShouldBe(0, report);
    }

    /// <summary>What the nodes have printed.</summary>
    public string Output() => string.Concat(_nodes.Select(node => $"== {node.Key}\n{node.Value.Output}\n"));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values)
            await node.DisposeAsync();
        if (_simulator is { } simulator)
            await simulator.DisposeAsync();
        _site.Dispose();
    }

    private static async Task<IReadOnlyList<string>> StoredAsync(ServerProcess node, string meter, Instant from, Instant to)
    {
        using var answer = await node.Client.GetAsync(
            $"/api/meters/{meter}/profiles/hourly?from={from}&to={to}&revisions=all&format=csv");
        var csv = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(csv);
        return [.. csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)];
    }

    /// <summary>The frames that came on a line, in the order in which they came.</summary>
    private List<Frame> Talk(string line)
    {
        var text = File.ReadAllText(_site.File("talk"));
        var opened = new Dictionary<string, DateTimeOffset>();
        var (frames, newest) = (new List<Frame>(), "");
        // A last line that is not whole yet is left out.
        var whole = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var words in whole.Select(one => one.Split(' ')))
        {
            var (at, talker) = (DateTimeOffset.Parse(words[0], CultureInfo.InvariantCulture), words[2]);
            if (words[1] != line)
                continue;
            if (words[3] == "opened")
                (opened[talker], newest) = (at, talker);
            else if (words[3] == "frame")
                frames.Add(new Frame(at, opened[talker], IsLate: talker != newest));
        }

        return frames;
    }

    private static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }

    /// <summary>A frame that came.</summary>
    /// <param name="At">When.</param>
    /// <param name="Opened">When its connection was opened.</param>
    /// <param name="IsLate">Another connection had been opened meanwhile.</param>
    private sealed record Frame(DateTimeOffset At, DateTimeOffset Opened, bool IsLate);
}
