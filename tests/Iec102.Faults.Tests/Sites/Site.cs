using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using Iec102.Faults.Tests.Networks;
using Iec102.Faults.Tests.Talkers;
using Iec102.Testing;
using Npgsql;

namespace Iec102.Faults.Tests.Sites;

/// <summary>
/// Everything that can fail: PostgreSQL on the host db, simulated meters whose far ends record who talks on the host sim, and nodes, each
/// on a host of its own.
/// </summary>
internal sealed class Site : IAsyncDisposable
{
    private const int FirstLinePort = 5001;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SettleTimeout = TimeSpan.FromMinutes(2);

    // Every second the nodes read current values on every line.
    private static readonly TimeSpan Alive = TimeSpan.FromSeconds(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-faults-");
    private readonly SitePlan _plan;
    private readonly DateTimeOffset _measuredTo = DateTimeOffset.UtcNow.AddHours(-2);
    private PostgresServer? _database;
    private string _store = "";
    private ServerProcess? _meters;

    private Site(SitePlan plan, Network network)
    {
        (_plan, Network) = (plan, network);
        Nodes = [.. plan.Nodes.Select(id => new Node(network[id], _folder.FullName))];
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>The database that all nodes share.</summary>
    public PostgresServer Database => _database!;

    /// <summary>The nodes.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>The host of the database.</summary>
    public Host DatabaseHost => Network["db"];

    /// <summary>The ids of the lines.</summary>
    public IReadOnlyList<string> Lines => [.. _plan.Lines.Select((_, index) => LineOf(index))];

    /// <summary>The ids of the lines that float.</summary>
    public IReadOnlyList<string> Floating => [.. Lines.Where((_, index) => _plan.Lines[index].Count != 1)];

    /// <summary>What the far ends have seen so far.</summary>
    public TalkRecord Record => TalkRecord.Read(RecordFile);

    private string FleetFile => Path.Combine(_folder.FullName, "fleet.conf");

    private string RecordFile => Path.Combine(_folder.FullName, "talkers.txt");

    private string Truth => Path.Combine(_folder.FullName, "truth");

    /// <summary>Starts everything but the nodes.</summary>
    public static async Task<Site> StartAsync(SitePlan plan)
    {
        var site = new Site(plan, await Network.MakeAsync(["db", "sim", .. plan.Nodes]));
        try
        {
            site._database = await PostgresServer.StartAsync(site.DatabaseHost.Address, site.DatabaseHost.Before);
            site._store = await site.Database.NewDatabaseAsync();
            await site.SimulateAsync();
            await site.WriteFleetAsync();
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>The node with this id.</summary>
    public Node this[string id] => Nodes.Single(node => node.Id == id);

    /// <summary>Waits until the preferred node of every line talks on it.</summary>
    public Task SettleAsync() => Wait.UntilAsync(
        () =>
        {
            var record = Record;
            var now = DateTimeOffset.UtcNow;
            var away = Lines.Where((line, index) =>
                record.Last(line) is not { } last || now - last.At > Alive
                || (_plan.Lines[index].Count > 0 && last.From.ToString() != this[_plan.Lines[index][0]].Host.Address));
            var sentence = string.Join(", ", away.Select(line => $"{line}: {record.Last(line)}"));
            return Task.FromResult(sentence.Length == 0 ? null : $"{sentence}\n{Logs()}");
        },
        SettleTimeout);

    /// <summary>Has every meter's whole curve read again, so that a fault finds the nodes at work.</summary>
    public async Task RereadAsync()
    {
        var range = new { from = Text(_measuredTo.AddDays(-_plan.HistoryDays + 1)), to = Text(_measuredTo) };
        // A node is told within some seconds which ports the others run.
        foreach (var line in Lines)
            await Wait.UntilAsync(
                async () =>
                {
                    using var answer = await Nodes[0].Client.PostAsJsonAsync($"/api/meters/{MeterOf(line)}/profiles/hourly/reread", range);
                    return answer.IsSuccessStatusCode ? null : await answer.Content.ReadAsStringAsync();
                },
                SettleTimeout);
    }

    /// <summary>Compares what is stored of all meters with what they measured.</summary>
    /// <param name="by">The node that is asked.</param>
    public async Task<Curves> CurvesAsync(Node by)
    {
        var from = _measuredTo.AddDays(-_plan.HistoryDays + 1);
        var (stored, measured) = (new List<string>(), new List<string>());
        foreach (var meter in Lines.Select(MeterOf))
        {
            using var answer = await by.Client.GetAsync(
                $"/api/meters/{meter}/profiles/hourly?from={Text(from)}&to={Text(_measuredTo)}&revisions=all&format=csv");
            var csv = await answer.Content.ReadAsStringAsync();
            if (!answer.IsSuccessStatusCode)
                throw new HttpRequestException($"{csv}\n{Logs()}");
            stored.AddRange(csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1));
            measured.AddRange(Curves.Within(File.ReadLines(Path.Combine(Truth, $"{meter}-hourly.csv")).Skip(1), from, _measuredTo));
        }

        return Curves.Compare(stored, measured);
    }

    /// <summary>Waits until everything that the meters measured is stored.</summary>
    public Task CompleteAsync(Node by, TimeSpan timeout) => Wait.UntilAsync(
        async () =>
        {
            try
            {
                return await CurvesAsync(by) is { AreExact: false } curves ? $"{curves}\n{Logs()}" : null;
            }
            catch (HttpRequestException error)
            {
                // A node whose database has just come back may need some seconds to reach it.
                return error.Message;
            }
        },
        timeout);

    /// <summary>Has the program itself compare what the curves count as recorded with what is stored.</summary>
    public async Task VerifyAsync()
    {
        var (exitCode, output) = await ServerProcess.RunAsync("verify", "--fleet", FleetFile);
        exitCode.ShouldBe(0, output);
    }

    /// <summary>Makes whoever writes to the journal wait until what this returns is disposed.</summary>
    public async Task<IAsyncDisposable> HoldJournalAsync()
    {
        var connection = new NpgsqlConnection($"{_store};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("BEGIN; LOCK TABLE journal IN EXCLUSIVE MODE", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>What the nodes have printed.</summary>
    public string Logs() => string.Concat(Nodes.Select(node => $"== {node.Id}\n{node.Output}\n"));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
            await node.DisposeAsync();
        if (_meters is { } meters)
            await meters.DisposeAsync();
        if (_database is { } database)
            await database.DisposeAsync();
        await Network.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static string LineOf(int index) => $"line-{index + 1}";

    private static string MeterOf(string line) => line.Replace("line", "sim", StringComparison.Ordinal);

    private static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:00:00'Z'", CultureInfo.InvariantCulture);

    private async Task SimulateAsync()
    {
        string[] arguments =
        [
            "simulate", "--listen", $"{Network["sim"].Address}:{FirstLinePort}", "--meters", $"{Lines.Count}", "--baud", $"{_plan.Baud}",
            "--history-days", $"{_plan.HistoryDays}", "--behaviour", "shared", "--record", RecordFile, "--truth-out", Truth,
            "--fleet-out", Path.Combine(_folder.FullName, "meters.conf"),
        ];
        _meters = ServerProcess.BeginBy(Network["sim"].Before, arguments);
        await Wait.UntilAsync(
            () => Task.FromResult(_meters.Output.Contains("Ctrl+C", StringComparison.Ordinal) ? null : _meters.Output), StartTimeout);
    }

    private async Task WriteFleetAsync()
    {
        var text = new StringBuilder();
        text.AppendLine("include \"meters.conf\"");
        text.AppendLine("iec102 {");
        text.AppendLine("  api { allow-anonymous = true }");
        text.AppendLine(CultureInfo.InvariantCulture, $"  store {{ postgres = \"{_store}\" }}");
        text.AppendLine("  cluster { handback = 3s, key = \"the-key-of-the-nodes\" }");
        for (var index = 0; index < _plan.Lines.Count; index++)
        {
            var nodes = _plan.Lines[index];
            var placement = nodes.Count switch
            {
                0 => "nodes = any",
                1 => $"node = {nodes[0]}",
                _ => $"nodes = [{string.Join(", ", nodes)}]",
            };
            text.AppendLine(CultureInfo.InvariantCulture, $"  ports.{LineOf(index)} {{ {placement} }}");
            text.AppendLine(CultureInfo.InvariantCulture, $"  meters.{MeterOf(LineOf(index))}.current-values.every = 1s");
        }

        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"  ports.{LineOf(0)}.gateway {{ listen = \"0.0.0.0:{GatewayClient.Port}\", allow = [\"198.18.0.0/15\"] }}");
        text.AppendLine("}");
        await File.WriteAllTextAsync(FleetFile, text.ToString());
    }
}
