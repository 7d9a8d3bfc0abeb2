using System.Text.Json;
using System.Text.RegularExpressions;
using Iec102.Fleet;
using Iec102.Lines;
using Iec102.Lines.Serial;
using Iec102.Lines.Tcp;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Simulator.Hosting;
using Iec102.Testing;

namespace Iec102.Simulator.Tests;

/// <summary>Complete simulators, reached over real sockets and pseudo terminals.</summary>
public sealed class HostTests : IDisposable
{
    private static readonly LineFormat Speed = new(9600, 8, Parity.None, 1);

    private static readonly BehaviourPlan Shared = BehaviourPlan.Plain with { Line = new() { IsShared = true } };

    private readonly string _directory = Directory.CreateTempSubdirectory("host").FullName;
    private readonly SetTime _time = new("2024-07-16T12:20:00+02:00");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Every_line_has_a_port_of_its_own_and_every_meter_answers()
    {
        await using var host = await SimulatorHost.StartAsync(new SimulatorOptions { Meters = 5, MetersPerPort = 2, LinkBase = 30 });

        host.Lines.Select(line => line.Line.Meters.Count).ShouldBe([2, 2, 1]);
        host.Lines.Select(line => line.Port).Distinct().Count().ShouldBe(3);
        foreach (var served in host.Lines)
        {
            await using var line = await OpenAsync(served);
            foreach (var meter in served.Line.Meters)
            {
                var master = PlainMaster.Of(line, meter.Options.LinkAddress);
                await master.LogInAsync();
                var identification = (await master.AskAsync(Request.ReadDeviceIdentification(1))).Single();
                BitConverter.ToUInt32(identification, 8).ShouldBe(meter.Options.SerialNumber);
            }
        }

        host.Meters.Select(meter => meter.Options.SerialNumber).Distinct().Count().ShouldBe(5);
        host.Meters.Select(meter => (int)meter.Options.LinkAddress).ShouldBe([30, 31, 30, 31, 30]);
    }

    [Fact]
    public async Task The_newest_connection_wins()
    {
        await using var host = await SimulatorHost.StartAsync(new SimulatorOptions());
        await using var old = await OpenAsync(host.Lines[0]);
        await PlainMaster.Of(old).StatusAsync();

        await using var young = await OpenAsync(host.Lines[0]);

        Octets.Hex(await PlainMaster.Of(young).StatusAsync()).ShouldBe("10 0b 01 00 0c 16");
        await Should.ThrowAsync<IOException>(async () => await PlainMaster.ReadFrameAsync(old, new FrameReader()));
    }

    [Fact]
    public async Task A_shared_port_serves_older_and_newer_connections_side_by_side()
    {
        await using var host = await SimulatorHost.StartAsync(new SimulatorOptions { Behaviour = Shared });
        await using var old = await OpenAsync(host.Lines[0]);
        await PlainMaster.Of(old).StatusAsync();

        await using var young = await OpenAsync(host.Lines[0]);

        Octets.Hex(await PlainMaster.Of(young).StatusAsync()).ShouldBe("10 0b 01 00 0c 16");
        Octets.Hex(await PlainMaster.Of(old).StatusAsync()).ShouldBe("10 0b 01 00 0c 16");
    }

    [Fact]
    public async Task The_record_says_who_talked_to_which_line_and_when()
    {
        var record = Path.Combine(_directory, "talkers.txt");
        await using var host = await SimulatorHost.StartAsync(new SimulatorOptions { Meters = 2, RecordFile = record }, _time);
        await using var one = await OpenAsync(host.Lines[0]);
        await PlainMaster.Of(one).StatusAsync();
        _time.Set("2024-07-16T12:20:00.25+02:00");
        await using (var other = await OpenAsync(host.Lines[1]))
        {
            await PlainMaster.Of(other).StatusAsync();
            await PlainMaster.Of(other).StatusAsync();
        }

        // Read while the simulator runs: nothing waits in a buffer.
        await UntilAsync(() => File.ReadAllText(record).EndsWith("closed\n", StringComparison.Ordinal));

        Regex.Replace(File.ReadAllText(record), @"(?<=127\.0\.0\.1:)\d+", "N").ShouldBe("""
            2024-07-16T10:20:00.000Z line-1 127.0.0.1:N opened
            2024-07-16T10:20:00.000Z line-1 127.0.0.1:N frame
            2024-07-16T10:20:00.250Z line-2 127.0.0.1:N opened
            2024-07-16T10:20:00.250Z line-2 127.0.0.1:N frame
            2024-07-16T10:20:00.250Z line-2 127.0.0.1:N frame
            2024-07-16T10:20:00.250Z line-2 127.0.0.1:N closed

            """);
    }

    [Fact]
    public async Task A_fault_that_disconnects_closes_the_connection_and_the_port_stays()
    {
        await using var host = await SimulatorHost.StartAsync(new SimulatorOptions { Faults = Meters.Faults("disconnect=100%") });
        for (var i = 0; i < 3; i++)
        {
            await using var line = await OpenAsync(host.Lines[0]);
            await Should.ThrowAsync<IOException>(async () => await PlainMaster.Of(line).StatusAsync());
        }

        host.Lines[0].Line.Counts.Connections.ShouldBe(3);
    }

    [Fact]
    public async Task A_pseudo_terminal_serves_what_a_port_serves()
    {
        if (!OperatingSystem.IsLinux())
            return;
        await using var host =
            await SimulatorHost.StartAsync(new SimulatorOptions { PtyDirectory = Path.Combine(_directory, "pty"), Meters = 2 }, _time);
        host.Lines.Select(line => line.Address)
            .ShouldBe([Path.Combine(_directory, "pty", "line0"), Path.Combine(_directory, "pty", "line1")]);

        await using var line = await new SerialLineFactory(new SerialLineOptions(host.Lines[1].Address, Speed)).OpenAsync(default);
        var master = PlainMaster.Of(line);
        await master.LogInAsync();
        var rows = PlainRow.Of(await master.AskAsync(
            Request.ReadIncrementalTotals(1, 11, 1, 8, Meters.Tag("2024-07-15 00:01"), Meters.Tag("2024-07-16 00:00"))));

        rows.Count().ShouldBe(24);
    }

    [Fact]
    public async Task After_a_disconnect_a_pseudo_terminal_is_there_again_under_the_same_name()
    {
        if (!OperatingSystem.IsLinux())
            return;
        await using var host = await SimulatorHost.StartAsync(
            new SimulatorOptions { PtyDirectory = _directory, Faults = Meters.Faults("disconnect=100%") }, _time);
        var factory = new SerialLineFactory(new SerialLineOptions(host.Lines[0].Address, Speed));
        var before = new FileInfo(host.Lines[0].Address).LinkTarget;

        await using (var line = await factory.OpenAsync(default))
            await Should.ThrowAsync<IOException>(async () => await PlainMaster.Of(line).StatusAsync());
        await UntilAsync(() => host.Lines[0].Line.Counts.Connections == 2);

        before.ShouldNotBeNull();
        await using var again = await factory.OpenAsync(default);
        await Should.ThrowAsync<IOException>(async () => await PlainMaster.Of(again).StatusAsync());
    }

    [Fact]
    public async Task Stopping_writes_truth_and_counters_a_last_time()
    {
        var counters = Path.Combine(_directory, "counters.json");
        var truth = Path.Combine(_directory, "truth");
        var host = await SimulatorHost.StartAsync(
            new SimulatorOptions { TruthOut = truth, CountersFile = counters, HistoryDays = 3 }, _time);
        await using (host)
        {
            File.Exists(counters).ShouldBeTrue();
            File.ReadAllLines(Path.Combine(truth, "sim-1-hourly.csv")).Length.ShouldBe(1 + 3 * 24 + 12);
            await using var line = await OpenAsync(host.Lines[0]);
            var master = PlainMaster.Of(line);
            await master.StatusAsync();
            await master.LogInAsync(key: 5);
            await master.LogInAsync();
            await master.AskAsync(
                Request.ReadIncrementalTotalBlocks(1, 11, 9, Meters.Tag("2024-07-15 00:01"), Meters.Tag("2024-07-16 00:00")));
            await master.AskAsync(
                Request.ReadIncrementalTotals(1, 13, 1, 8, Meters.Tag("2024-07-15 00:01"), Meters.Tag("2024-07-16 00:00")));
            await master.SendAsync(
                Request.ReadIncrementalTotals(1, 12, 1, 8, Meters.Tag("2024-07-15 00:01"), Meters.Tag("2024-07-16 00:00")).Asdu);
            await master.PollAsync();
            await master.PollAsync();
            _time.Set("2024-07-16T13:20:00+02:00");
        }

        File.ReadAllLines(Path.Combine(truth, "sim-1-hourly.csv")).Length.ShouldBe(1 + 3 * 24 + 13);
        using var json = JsonDocument.Parse(File.ReadAllText(counters));
        json.RootElement.GetProperty("writtenAt").GetString().ShouldBe("2024-07-16T11:20:00Z");
        var meter = json.RootElement.GetProperty("meters")[0];
        meter.GetProperty("id").GetString().ShouldBe("sim-1");
        meter.GetProperty("line").GetString().ShouldBe("line-1");
        var counts = meter.GetProperty("counts");
        counts.GetProperty("linkStatusRequests").GetInt32().ShouldBe(1);
        counts.GetProperty("linkResets").GetInt32().ShouldBe(2);
        counts.GetProperty("logins").GetInt32().ShouldBe(1);
        counts.GetProperty("refusedLogins").GetInt32().ShouldBe(1);
        counts.GetProperty("requests").GetRawText().ShouldBe("""{"123":2,"183":2,"190":1}""");
        counts.GetProperty("refusals").GetRawText().ShouldBe("""{"15":1}""");
        counts.GetProperty("intervals").GetRawText().ShouldBe("""{"hourly":24,"quarter-hour":1}""");
        counts.GetProperty("ranges").GetProperty("hourly").GetRawText().ShouldBe(
            """[{"point":1,"type":190,"from":"2024-07-14T22:01:00Z","to":"2024-07-15T22:00:00Z","intervals":24,"completed":true}]""");
        counts.GetProperty("ranges").GetProperty("quarter-hour")[0].GetProperty("completed").GetBoolean().ShouldBeFalse();
        json.RootElement.GetProperty("lines")[0].GetProperty("counts").GetProperty("connections").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task The_counters_follow_while_the_meters_run()
    {
        var counters = Path.Combine(_directory, "counters.json");
        await using var host = await SimulatorHost.StartAsync(new SimulatorOptions { CountersFile = counters });
        await using var line = await OpenAsync(host.Lines[0]);
        await PlainMaster.Of(line).StatusAsync();

        await UntilAsync(() => File.ReadAllText(counters).Contains("\"linkStatusRequests\":1"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_fleet_file_is_one_that_the_server_reads_and_names_what_runs(bool pty)
    {
        if (pty && !OperatingSystem.IsLinux())
            return;
        var fleet = Path.Combine(_directory, "fleet.conf");
        await using var host = await SimulatorHost.StartAsync(
            new SimulatorOptions
            {
                Meters = 3,
                MetersPerPort = 2,
                Key = 7,
                Point = 4,
                HistoryDays = 20,
                FleetOut = fleet,
                PtyDirectory = pty ? _directory : null,
            },
            _time);

        var reading = FleetReader.ReadFile(fleet);

        reading.Problems.ShouldBeEmpty();
        var ports = reading.Configuration!.Ports;
        ports.Select(port => port.Id).ShouldBe(["line-1", "line-2"]);
        ports.Select(port => pty ? port.Serial!.Device : port.Tcp!.EndPoint).ShouldBe(host.Lines.Select(line => line.Address));
        var meters = reading.Configuration.Meters;
        meters.Select(meter => (meter.Id, meter.Port, meter.LinkAddress, meter.SerialNumber)).ShouldBe(host.Lines.SelectMany(
            line => line.Line.Meters.Select(
                meter => (meter.Options.Id, line.Line.Id, meter.Options.LinkAddress, (uint?)meter.Options.SerialNumber))));
        meters.ShouldAllBe(meter => meter.PointAddress == 4 && meter.Password.Reveal() == 7);
        meters.ShouldAllBe(meter => meter.Hourly.Enabled && meter.Hourly.Depth == TimeSpan.FromDays(20) && !meter.QuarterHour.Enabled);
        meters.ShouldAllBe(meter => meter.CurrentValues.Every == TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Fixed_ports_follow_each_other()
    {
        var free = FreePair();
        await using var host = await SimulatorHost.StartAsync(new SimulatorOptions { Meters = 2, Port = free });

        host.Lines.Select(line => line.Port).ShouldBe([free, free + 1]);
    }

    [Fact]
    public async Task What_cannot_be_started_is_one_sentence_and_leaves_nothing_behind()
    {
        await using var first = await SimulatorHost.StartAsync(new SimulatorOptions());
        var port = first.Lines[0].Port!.Value;

        (await Refused(new SimulatorOptions { Port = port })).ShouldContain(port.ToString());
        (await Refused(new SimulatorOptions { Meters = 0 })).ShouldContain("0");
        (await Refused(new SimulatorOptions { MetersPerPort = 0 })).ShouldContain("0");
        (await Refused(new SimulatorOptions { Meters = 10, Port = 65530 })).ShouldContain("65530");
        (await Refused(new SimulatorOptions { Meters = 10, MetersPerPort = 10, LinkBase = 65530 })).ShouldContain("65530");
        (await Refused(new SimulatorOptions { RecordFile = _directory })).ShouldContain(_directory);
        (await Refused(new SimulatorOptions { RecordFile = "talkers.txt", PtyDirectory = _directory })).ShouldContain("TCP");
        (await Refused(new SimulatorOptions { CountersFile = Path.Combine(_directory, "no", "such", "file") })).ShouldContain("such");
    }

    [Fact]
    public async Task The_same_seed_makes_the_same_meters()
    {
        await using var one = await SimulatorHost.StartAsync(new SimulatorOptions { Meters = 20, Seed = 3 });
        await using var same = await SimulatorHost.StartAsync(new SimulatorOptions { Meters = 20, Seed = 3 });
        await using var other = await SimulatorHost.StartAsync(new SimulatorOptions { Meters = 20, Seed = 4 });

        one.Meters.Select(meter => meter.Options.SerialNumber).ShouldBe(same.Meters.Select(meter => meter.Options.SerialNumber));
        one.Meters.Select(meter => meter.Options.SerialNumber).Intersect(other.Meters.Select(meter => meter.Options.SerialNumber))
            .ShouldBeEmpty();
    }

    private static async Task<string> Refused(SimulatorOptions options)
    {
        var error = await Should.ThrowAsync<SimulatorException>(() => SimulatorHost.StartAsync(options));
        error.Message.ShouldEndWith(".");
        error.Message.ShouldNotContain("\n");
        return error.Message;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition())
            await looks.WaitForNextTickAsync(patience.Token);
    }

    private static ValueTask<ILine> OpenAsync(ServedLine line) =>
        new TcpLineFactory(new TcpLineOptions("127.0.0.1", line.Port!.Value)).OpenAsync(default);

    /// <summary>Finds two neighbouring TCP ports that are free at this moment.</summary>
    private static int FreePair()
    {
        while (true)
        {
            using var first = new TcpLineListener();
            try
            {
                using var second = new TcpLineListener(first.Port + 1);
                return first.Port;
            }
            catch (LineException)
            {
                // The second port is taken: try another pair.
            }
        }
    }
}
