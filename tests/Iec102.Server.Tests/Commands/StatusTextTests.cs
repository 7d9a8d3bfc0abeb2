using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Iec102.Acquisition.Verdicts;
using Iec102.Contract;
using Iec102.Server.Commands;
using Iec102.Server.Commands.Common;
using Iec102.Server.Tests.Api;

namespace Iec102.Server.Tests.Commands;

public sealed class StatusTextTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_fleet_without_problems_is_a_success()
    {
        var status = await Cli.RunAsync($"status --url {server.Url}");

        status.Status.ShouldBe(0);
        status.Lines[..3].ShouldBe(["Nothing needs you.", "meters  2: 2 ok", "ports   1: 1 ok"]);
        status.Lines[3..].ShouldHaveSingleItem().ShouldMatch("^curves  complete for yesterday: [012] of 2 meters$");
    }

    [Fact]
    public async Task Without_a_server_it_says_where_it_looked()
    {
        var status = await Cli.RunAsync("status --url http://127.0.0.1:1");

        status.Status.ShouldBe(1);
        status.Sentence.ShouldStartWith("No server answers at http://127.0.0.1:1");
    }

    [Fact]
    public async Task A_number_alone_is_a_port_of_this_computer()
    {
        (await Cli.RunAsync($"status --url {new Uri(server.Url).Port}")).Lines[0].ShouldBe("Nothing needs you.");
        (await Cli.RunAsync("status --url 0")).Sentence.ShouldBe("--url: '0' is not an address such as http://127.0.0.1:8102.");
    }

    [Theory]
    [InlineData("null", "meter m-1 on port p: catching-up")]
    [InlineData("250", "meter m-1 on port p: catching-up, done in about 4 min")]
    public void Why_says_how_long_catching_up_takes_not_how_old_the_missing_is(string seconds, string shown)
    {
        var meter = JsonNode.Parse($$"""
            {
              "id": "m-1", "verdict": "catching-up", "since": "1969-07-20T20:17:40Z", "remainingSeconds": {{seconds}},
              "linkAddress": 1, "pointAddress": 1, "profiles": {}
            }
            """)!;
        var port = JsonNode.Parse("""
            { "id": "p", "address": "h:1", "state": "open", "since": "1969-12-31T23:59:50Z", "counters": { "busyRatio": 0.5 } }
            """)!;

        WhyCommand.Text(meter, port, null, DateTimeOffset.UnixEpoch).Split('\n')[0].ShouldBe(shown);
    }

    [Fact]
    public void Why_says_what_to_do_about_a_meter_of_which_no_node_has_ever_told()
    {
        var meter = JsonNode.Parse("""
            {
              "id": "m-1", "verdict": "unknown", "cause": "node-lost", "asOf": null, "lastError": "Nothing is known of port p.",
              "linkAddress": 1, "pointAddress": 1, "profiles": {}
            }
            """)!;
        var port = JsonNode.Parse("""{ "id": "p", "address": "h:1", "counters": { "busyRatio": 0 } }""")!;
        var behind = JsonNode.Parse("""{ "advice": { "en": "Start it." } }""");

        WhyCommand.Text(meter, port, null, DateTimeOffset.UnixEpoch, behind).ShouldBe(
            "meter m-1 on port p: unknown, node-lost\n\nNothing is known of port p.\n\nStart it.\n");
    }

    [Theory]
    [InlineData("-0.02", "the same as this server's")]
    [InlineData("3.25", "3.3 s ahead of this server's")]
    [InlineData("-40", "40 s behind this server's")]
    public void Why_says_on_which_side_a_clock_is(string offset, string shown)
    {
        var now = DateTimeOffset.UnixEpoch;
        var meter = JsonNode.Parse($$"""
            { "id": "m-1", "verdict": "ok", "linkAddress": 1, "pointAddress": 1, "clockOffsetSeconds": {{offset}}, "profiles": {} }
            """)!;
        var port = JsonNode.Parse("""
            { "id": "p", "address": "h:1", "state": "open", "since": "1969-12-31T23:59:50Z", "counters": { "busyRatio": 0.5 } }
            """)!;

        var lines = WhyCommand.Text(meter, port, null, now).Split('\n');

        lines.ShouldContain($"clock               {shown}");
        lines.ShouldContain("line                h:1 has been open for 10 s, 50 % in use");
    }

    [Fact]
    public async Task Watching_shows_it_again_until_it_is_stopped_and_clears_a_terminal()
    {
        using var stop = new CancellationTokenSource();
        await using var output = new Frames(stop, last: 2);
        await using var error = new StringWriter();

        var status = await CommandLine.RunAsync(
            ["status", "--watch", "--url", server.Url], TextReader.Null, output, error, isTerminal: true, stop.Token);

        status.ShouldBe(0, error.ToString());
        output.Shown.ShouldBe(2);
        output.ToString().ShouldStartWith("\e[H\e[2J");
    }

    [Fact]
    public async Task Watching_goes_on_while_the_server_does_not_answer()
    {
        using var stop = new CancellationTokenSource();
        await using var output = new Frames(stop, last: 3);
        await using var error = new StringWriter();
        var away = new TcpListener(IPAddress.Loopback, 0);
        away.Start();
        var url = $"http://{away.LocalEndpoint}/";
        var answers = AnswerAsync(away, "200 OK", "503 Service Unavailable", "200 OK");

        var status = await CommandLine.RunAsync(
            ["status", "--watch", "--url", url], TextReader.Null, output, error, isTerminal: false, stop.Token);

        status.ShouldBe(0, error.ToString());
        await answers;
        const string Shown = "Nothing needs you.\nmeters  0: \nports   0: \n\n";
        output.ToString().ShouldBe($"{Shown}The server at {url} answered 503 Service Unavailable.\n\n{Shown}");
    }

    private static async Task AnswerAsync(TcpListener listener, params string[] answers)
    {
        const string Body =
            """{"at":"2026-03-02T10:00:00+01:00","fleet":"in-force","problems":[],"meters":{},"ports":{},"catchingUpSeconds":null}""";
        foreach (var answer in answers)
        {
            using var client = await listener.AcceptTcpClientAsync();
            await using var stream = client.GetStream();
            using var lines = new StreamReader(stream);
            while (await lines.ReadLineAsync() is not (null or ""))
            {
            }

            var text = $"HTTP/1.1 {answer}\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{Body}";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(text));
        }

        listener.Stop();
    }

    [Theory]
    [InlineData("Pump house", "North", "DOWN  meter m-1 (Pump house, North) on port p: password")]
    [InlineData(null, "North", "DOWN  meter m-1 (North) on port p: password")]
    [InlineData(null, null, "DOWN  meter m-1 on port p: password")]
    public void A_problem_of_a_meter_has_its_name_and_site(string? name, string? site, string line)
    {
        var problem = new ProblemModel("p", "m-1", "down", "password", null, null, null, null, [], name, site);
        var status = new StatusModel(
            "2026-03-02T10:00:00+01:00", "in-force", [problem], new Dictionary<string, int>(), new Dictionary<string, int>(), null);

        StatusCommand.Text(status, []).Split('\n')[0].ShouldBe(line);
    }

    [Theory]
    [InlineData("p", "m-1", "DOWN  meter m-1 on port p of node b: x")]
    [InlineData("p", null, "DOWN  port p of node b: x")]
    [InlineData(null, null, "DOWN  node b: x")]
    public void A_problem_has_its_node_where_there_are_nodes(string? port, string? meter, string line)
    {
        var problem = new ProblemModel(port, meter, "down", "x", null, null, null, null, [], Node: "b");
        var status = new StatusModel(
            "2026-03-02T10:00:00+01:00", "in-force", [problem], new Dictionary<string, int>(), new Dictionary<string, int>(), null);

        StatusCommand.Text(status, []).Split('\n')[0].ShouldBe(line);
    }

    [Fact]
    public void A_problem_has_its_age_its_next_try_its_error_and_what_to_do()
    {
        var problem = new ProblemModel(
            "north", null, "down", "line-down", "2026-03-02T06:55:00+01:00", "2026-03-02T10:00:45+01:00", "Connection refused.",
            new Advice("Check it.", "Revise."), ["m-1", "m-2"]);
        var status = new StatusModel(
            "2026-03-02T10:00:00+01:00", "rejected", [problem],
            new Dictionary<string, int> { ["ok"] = 3, ["catching-up"] = 1, ["down"] = 2 },
            new Dictionary<string, int> { ["ok"] = 1, ["down"] = 1, ["off"] = 0 }, 1500);

        StatusCommand.Text(status with { Problems = [] }, []).ShouldContain("\nNothing else needs you.\n");
        StatusCommand.Text(status with { Yesterday = new YesterdayModel(4, 6) }, [])
            .ShouldEndWith("\ncurves  complete for yesterday: 4 of 6 meters\n");
        StatusCommand.Text(status, ["fleet.conf:3:7: iec102.prots: this key is unknown."]).ShouldBe("""
            FLEET FILE  the changed file is not applied
              fleet.conf:3:7: iec102.prots: this key is unknown.

            DOWN  port north: line-down for 3 h 5 min; next try in 45 s
              Connection refused.
              Check it.
              Not read because of it: m-1, m-2

            1 problem.
            meters  6: 3 ok, 1 catching-up, 2 down (caught up in about 25 min)
            ports   2: 1 ok, 1 down

            """);
    }

    [Theory]
    [InlineData(0.4, "0 s")]
    [InlineData(59.9, "59 s")]
    [InlineData(89, "1 min")]
    [InlineData(3599, "1 h")]
    [InlineData(11_130, "3 h 6 min")]
    [InlineData(187_200, "2 d 4 h")]
    public void A_duration_is_told_in_its_two_largest_units(double seconds, string words) =>
        DurationWords.Of(TimeSpan.FromSeconds(seconds)).ShouldBe(words);

    /// <summary>Counts what is written to it, and stops the command at the last.</summary>
    private sealed class Frames(CancellationTokenSource stop, int last) : StringWriter
    {
        public int Shown { get; private set; }

        public override Task WriteAsync(string? value)
        {
            if (++Shown == last)
                stop.Cancel();
            return base.WriteAsync(value);
        }
    }
}
