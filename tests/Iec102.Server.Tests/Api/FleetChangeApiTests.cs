using System.Net;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Iec102.Fleet;
using Iec102.Server.Hosting;
using Iec102.Server.Tests.EndToEnd;
using Iec102.Simulator.Hosting;
using Iec102.Storage;

namespace Iec102.Server.Tests.Api;

/// <summary>The fleet file is changed, and meters are asked who they are, by a server that runs in this process.</summary>
public sealed class FleetChangeApiTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Seconds = TimeSpan.FromSeconds(30);

    private readonly Site _site = new();
    private SimulatorHost _simulator = null!;
    private ServerHost _host = null!;
    private HttpClient _client = null!;
    private string _all = "";

    public async Task InitializeAsync()
    {
        _simulator = await _site.SimulateAsync(new SimulatorOptions { Meters = 3, MetersPerPort = 2, HistoryDays = 2 });
        _all = await File.ReadAllTextAsync(_site.Fleet);
        // The third meter, alone on its line, is still to be added.
        var without = _all.Split('\n').Where(line => !line.Contains("sim-3 {", StringComparison.Ordinal)
            && !line.Contains("line-2 {", StringComparison.Ordinal));
        await File.WriteAllTextAsync(_site.Fleet, string.Join('\n', without));
        var files = new FleetFiles(_site.Fleet, null);
        _host = await ServerHost.StartAsync(
            new ServerOptions(files.Read().Configuration!, DataDirectory.Create(_site.Data), ["http://127.0.0.1:0"])
            {
                LogToConsole = false,
                FleetFiles = files,
            },
            CancellationToken.None);
        _client = new HttpClient { BaseAddress = new Uri(_host.Urls[0]) };
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    public void Dispose()
    {
        _client.Dispose();
        _site.Dispose();
    }

    private string ThirdLine => TcpOf("line-2");

    [Fact]
    public async Task A_new_meter_is_asked_shown_as_a_difference_saved_and_read()
    {
        var link = LinkOf("sim-3");
        var probe = await OkAsync("/api/probe", new { tcp = ThirdLine, linkAddress = link, pointAddress = 1, password = "1" });
        ((bool)probe["answers"]!).ShouldBeTrue(probe.ToJsonString());
        ((uint)probe["serialNumber"]!).ShouldBeGreaterThan(0u);
        Math.Abs((double)probe["clockOffsetSeconds"]!).ShouldBeLessThan(60);
        probe["signals"]!.AsArray().Single(signal => (string)signal!["id"]! == "voltage.l1")!["value"].ShouldNotBeNull();

        var basis = (string)(await _client.GetFromJsonAsync<JsonNode>("/api/fleet"))!["hash"]!;
        var change = new
        {
            ports = new[] { new { id = "new-line", tcp = ThirdLine } },
            meters = new[] { new { id = "new-meter", port = "new-line", linkAddress = link, password = "1", name = "Tercero" } },
            basis,
        };
        var shown = await OkAsync("/api/fleet/changes", change);
        ((bool)shown["saved"]!).ShouldBeFalse();
        shown["problems"]!.AsArray().ShouldBeEmpty();
        var added = shown["difference"]!.AsArray().Select(line => (string)line!).Where(line => line[0] is '+' or '-').ToList();
        added.Count.ShouldBe(2, string.Join('\n', added));
        added[0].ShouldContain($"new-line {{ tcp = \"{ThirdLine}\" }}");
        added[1].ShouldContain($"new-meter {{ port = new-line, link-address = {link}, password = ****, name = Tercero }}");
        (await File.ReadAllTextAsync(_site.Fleet)).ShouldNotContain("new-meter");

        var saved = await OkAsync("/api/fleet/changes", new { change.ports, change.meters, basis, save = true });
        ((bool)saved["saved"]!).ShouldBeTrue(saved.ToJsonString());
        ((string)saved["after"]!).ShouldBe((string)shown["after"]!);
        await Site.UntilAsync(
            async () => await _client.GetAsync("/api/meters/new-meter") is { StatusCode: HttpStatusCode.OK } answer
                && (string)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["name"]! == "Tercero"
                && (await _client.GetFromJsonAsync<JsonNode>("/api/meters/new-meter/current"))!["signals"]!.AsArray().Count > 0,
            Seconds, () => "The new meter was not read.");

        JsonArray changes = [];
        await Site.UntilAsync(
            async () => (changes = (await _client.GetFromJsonAsync<JsonNode>("/api/audit?of=fleet-file"))!["entries"]!.AsArray())
                .Count == 2,
            Seconds, () => $"Who changed the file is not told: {changes.ToJsonString()}");
        changes.Select(one => $"{one!["who"]}: {one["action"]}").Order(StringComparer.Ordinal).ShouldBe(
            ["anonymous: POST /api/fleet/changes", "fleet file: change applied"]);
        var lines = changes.Single(one => one!["status"] is not null)!["detail"]!.ToString();
        lines.ShouldBe(string.Join("; ", added));

        // The line is now that of a port: it is asked between its meters, over the connection that is there.
        var again = await OkAsync("/api/probe", new { tcp = ThirdLine, linkAddress = link, pointAddress = 1, password = "1" });
        ((bool)again["answers"]!).ShouldBeTrue(again.ToJsonString());
    }

    [Fact]
    public async Task A_meter_on_a_running_port_is_asked_over_the_same_connection_and_a_failure_says_what_to_check()
    {
        await Site.UntilAsync(
            async () => (await _client.GetFromJsonAsync<JsonNode>("/api/meters/sim-1/current"))!["signals"]!.AsArray().Count > 0,
            Seconds, () => "The meter was not read.");
        var good = await OkAsync("/api/ports/line-1/probe", new { linkAddress = LinkOf("sim-2"), password = "1" });
        ((bool)good["answers"]!).ShouldBeTrue(good.ToJsonString());
        var wrong = await OkAsync("/api/ports/line-1/probe", new { linkAddress = LinkOf("sim-2"), password = "99" });
        ((bool)wrong["answers"]!).ShouldBeFalse();
        ((string)wrong["advice"]!["en"]!).ShouldStartWith("Check the password");
        _simulator.Lines[0].Line.Counts.Connections.ShouldBe(1);

        var closed = await OkAsync("/api/probe", new { tcp = $"127.0.0.1:{Site.FreePort()}", linkAddress = 1, password = "1" });
        ((bool)closed["answers"]!).ShouldBeFalse();
        ((string)closed["advice"]!["en"]!).ShouldContain("no other program holds its connection");

        await RefusedAsync("/api/probe", new { linkAddress = 1, password = "1" }, HttpStatusCode.BadRequest, "which line leads");
        await RefusedAsync("/api/ports/line-1/probe", new { password = "1" }, HttpStatusCode.BadRequest, "which meter");
        await RefusedAsync("/api/ports/line-9/probe", new { password = "1" }, HttpStatusCode.NotFound, "no port 'line-9'");
    }

    [Fact]
    public async Task A_port_whose_line_leads_elsewhere_is_read_there()
    {
        var basis = (string)(await _client.GetFromJsonAsync<JsonNode>("/api/fleet"))!["hash"]!;
        var set = new[] { new { port = "line-1", key = "tcp", value = ThirdLine } };
        var shown = await OkAsync("/api/fleet/changes", new { set, basis, save = true });
        ((bool)shown["saved"]!).ShouldBeTrue(shown.ToJsonString());
        await Site.UntilAsync(
            async () => (string)(await _client.GetFromJsonAsync<JsonNode>("/api/ports/line-1"))!["address"]! == $"tcp://{ThirdLine}",
            Seconds, () => "The port was not changed.");
        await RefusedAsync(
            "/api/fleet/changes", new { set = new[] { new { port = "line-1", meter = "sim-1", key = "tcp", value = ThirdLine } } },
            HttpStatusCode.BadRequest, "its meter or port");
    }

    [Fact]
    public async Task Of_two_that_save_at_once_one_is_told_to_begin_again()
    {
        var basis = (string)(await _client.GetFromJsonAsync<JsonNode>("/api/fleet"))!["hash"]!;
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => _client.PostAsJsonAsync(
            "/api/fleet/changes",
            new { set = new[] { new { meter = "sim-1", key = "name", value = $"Nombre {i}" } }, basis, save = true })));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.OK))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
            ((string)(await refused.Content.ReadFromJsonAsync<JsonNode>())!["detail"]!).ShouldContain("begin again");
        }

        (await File.ReadAllTextAsync(_site.Fleet)).Split("Nombre").Length.ShouldBe(2);
        Directory.GetFiles(Path.GetDirectoryName(_site.Fleet)!, ".*").ShouldBeEmpty("no temporary file is left");
    }

    [Fact]
    public async Task A_change_that_gives_no_valid_fleet_is_not_saved_and_its_problem_has_a_place()
    {
        var before = await File.ReadAllTextAsync(_site.Fleet);
        var basis = (string)(await _client.GetFromJsonAsync<JsonNode>("/api/fleet"))!["hash"]!;
        var answer = await OkAsync(
            "/api/fleet/changes",
            new { set = new[] { new { meter = "sim-1", key = "link-address", value = "nine" } }, basis, save = true });
        ((bool)answer["saved"]!).ShouldBeFalse();
        var problem = answer["problems"]!.AsArray().ShouldHaveSingleItem()!;
        ((int)problem["line"]!).ShouldBeGreaterThan(1);
        ((string)problem["key"]!).ShouldBe("iec102.meters.sim-1.link-address");
        (await File.ReadAllTextAsync(_site.Fleet)).ShouldBe(before);
        await RefusedAsync(
            "/api/fleet/changes", new { set = new[] { new { meter = "sim-1", key = "name" } } }, HttpStatusCode.BadRequest,
            "its meter or port, its key and its value");
        await RefusedAsync(
            "/api/fleet/changes", new { set = new[] { new { meter = "sim-1", key = "name", value = "x" } }, save = true },
            HttpStatusCode.BadRequest, "basis");
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_file_keeps_its_permissions_and_a_link_to_it_stays_a_link()
    {
        var real = _site.File("real.conf");
        File.Move(_site.Fleet, real);
        File.CreateSymbolicLink(_site.Fleet, "real.conf");
        File.SetUnixFileMode(real, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var basis = (string)(await _client.GetFromJsonAsync<JsonNode>("/api/fleet"))!["hash"]!;
        var answer = await OkAsync(
            "/api/fleet/changes",
            new { set = new[] { new { meter = "sim-1", key = "enabled", value = "false" } }, basis, save = true });
        ((bool)answer["saved"]!).ShouldBeTrue(answer.ToJsonString());
        new FileInfo(_site.Fleet).LinkTarget.ShouldBe("real.conf");
        File.GetUnixFileMode(real).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        (await File.ReadAllTextAsync(real)).ShouldContain("enabled = false");
    }

    [Fact]
    public async Task A_pasted_table_becomes_ports_and_meters_for_one_change()
    {
        var pasted = await OkAsync(
            "/api/fleet/paste", new { text = $"Nombre;IP;Enlace;Clave\nTres;{ThirdLine};{LinkOf("sim-3")};1\nCuatro;line-1;x;1\n" });
        pasted["problems"]!.AsArray().Select(problem => $"{problem!["row"]}:{problem["column"]}").ShouldBe(["3:3"]);
        var change = await OkAsync("/api/fleet/changes", new { ports = pasted["ports"], meters = pasted["meters"] });
        change["problems"]!.AsArray().ShouldBeEmpty(change.ToJsonString());
        change["difference"]!.AsArray().Count(line => ((string)line!).StartsWith('+')).ShouldBe(2);
    }

    [Fact]
    public async Task A_server_without_a_fleet_file_says_so()
    {
        await using var demo = await RunningServer.StartAsync(_all, _site.File("demo"));
        using var client = new HttpClient { BaseAddress = new Uri(demo.Urls[0]) };
        var answer = await client.PostAsJsonAsync("/api/fleet/changes", new { });
        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        ((string)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["detail"]!).ShouldContain("no fleet file");
    }

    private int LinkOf(string meter) =>
        FleetReader.Read(_all, "fleet.conf").Configuration!.Meters.Single(one => one.Id == meter).LinkAddress;

    private string TcpOf(string port) =>
        FleetReader.Read(_all, "fleet.conf").Configuration!.Ports.Single(one => one.Id == port).Tcp!.EndPoint;

    private async Task<JsonNode> OkAsync(string path, object body)
    {
        var answer = await _client.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }

    private async Task RefusedAsync(string path, object body, HttpStatusCode status, string sentence)
    {
        var answer = await _client.PostAsJsonAsync(path, body);
        answer.StatusCode.ShouldBe(status);
        ((string)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["detail"]!).ShouldContain(sentence);
    }
}
