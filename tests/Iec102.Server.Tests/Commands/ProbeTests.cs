using System.Text.Json.Nodes;
using Iec102.Fleet;
using Iec102.Hocon;
using Iec102.Lines;
using Iec102.Lines.Tcp;
using Iec102.Server.Tests.EndToEnd;
using Iec102.Simulator.Hosting;
using Iec102.Simulator.Lines;
using Iec102.Simulator.Meters;
using Iec102.Testing;
using NodaTime;

namespace Iec102.Server.Tests.Commands;

public sealed class ProbeTests
{
    private const uint Key = 3735928559;

    private static readonly ushort[] Links = [3, 17, 18, 34, 50];

    [Fact]
    public async Task On_a_shared_line_with_5_meters_50_addresses_find_the_5_and_what_they_are()
    {
        await using var simulator = await SimulateAsync();

        var result = await Cli.RunAsync(
            $"probe --tcp {simulator.Lines[0].Address} --scan 1-50 --reply-timeout 60ms --password 1,{Key} --format json");

        result.Status.ShouldBe(0, result.Error);
        var meters = JsonNode.Parse(result.Output)!["meters"]!.AsArray();
        meters.Select(meter => (ushort)meter!["linkAddress"]!).ShouldBe(Links);
        meters.Select(meter => (uint?)meter!["serialNumber"]).ShouldBe(
            simulator.Meters.Select((meter, at) => at == 3 ? (uint?)null : meter.Options.SerialNumber));
        meters.Select(meter => (string)meter!["state"]!).ShouldBe(["ok", "ok", "ok", "no login", "ok"]);
        ((double)meters[2]!["clockOffsetSeconds"]!).ShouldBe(90, 1);
        Curve(meters[0], "hourly").ShouldBe("there: blocks of 8 (190), 60 min");
        Curve(meters[0], "quarter-hour").ShouldBe("there: blocks of 8 (190), 15 min");
        Curve(meters[1], "hourly").ShouldBe("there: single totals (123), 60 min");
        Curve(meters[4], "quarter-hour").ShouldBe("not-there: cause 15, record number not known");
        meters[0]!["types"]!.AsArray().Single(type => (int)type!["type"]! == 162)!["support"]!.ToString().ShouldBe("there");
        ((string)meters[3]!["problem"]!)
            .ShouldBe("The meter refuses the login (it gives no reason): check the password and the measurement point.");
    }

    [Fact]
    public async Task An_address_that_is_nobodys_costs_one_short_request_and_no_repeat()
    {
        await using var simulator = await SimulateAsync();

        await Cli.RunAsync($"probe --tcp {simulator.Lines[0].Address} --scan 4-16 --reply-timeout 50ms --connect-delay 0s");

        simulator.Lines[0].Line.Counts.FramesIn.ShouldBe(13);
    }

    [Fact]
    public async Task A_meter_behind_a_converter_that_is_deaf_after_a_connection_is_found()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions
        {
            HistoryDays = 2,
            Behaviour = BehaviourPlan.Plain with { Line = new LineBehaviour { DeafAfterConnect = TimeSpan.FromSeconds(1) } },
        });

        var result = await Cli.RunAsync(
            $"probe --tcp {simulator.Lines[0].Address} --link 1 --reply-timeout 100ms --password 1 --format csv");

        result.Status.ShouldBe(0, result.Error);
        result.Lines[1].ShouldStartWith("1,1,ok,");
    }

    [Fact]
    public async Task The_connect_delay_is_waited_for_and_stands_in_the_fleet_file()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions
        {
            HistoryDays = 2,
            Behaviour = BehaviourPlan.Plain with { Line = new LineBehaviour { DeafAfterConnect = TimeSpan.FromMilliseconds(500) } },
        });

        var result = await Cli.RunAsync(
            $"probe --tcp {simulator.Lines[0].Address} --link 1 --reply-timeout 100ms --password 1 --connect-delay 600ms");

        result.Status.ShouldBe(0, result.Error);
        result.Output.ShouldContain(
            $"probed {{ tcp = \"{simulator.Lines[0].Address}\", timing {{ connect-delay = 600ms }} }}");
    }

    [Fact]
    public async Task It_ends_with_a_fleet_file_without_passwords_that_the_server_takes()
    {
        await using var simulator = await SimulateAsync();

        var result = await Cli.RunAsync($"probe --tcp {simulator.Lines[0].Address} --scan 15-20 --reply-timeout 60ms --password {Key}");

        result.Status.ShouldBe(0, result.Error);
        result.Output.ShouldNotContain($"{Key}");
        result.Lines[0].ShouldContain("serial number");
        var text = result.Output[result.Output.IndexOf("iec102 {", StringComparison.Ordinal)..];
        var fleet = FleetReader.Read(
            text, "probed.conf",
            new HoconOptions { Environment = name => name.EndsWith("_PASSWORD", StringComparison.Ordinal) ? $"{Key}" : null });
        fleet.Problems.ShouldBeEmpty();
        fleet.Configuration!.Ports.Single().Tcp!.EndPoint.ShouldBe(simulator.Lines[0].Address);
        fleet.Configuration.Meters.Select(meter => (meter.Id, meter.LinkAddress)).ShouldBe(
            simulator.Meters.Skip(1).Take(2).Select(meter => ($"m-{meter.Options.SerialNumber}", meter.Options.LinkAddress)));
    }

    [Fact]
    public async Task Without_passwords_those_of_the_presets_are_tried_and_the_one_taken_is_named_and_not_shown()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions { HistoryDays = 2, Key = 1 });

        var result = await Cli.RunAsync($"probe --tcp {simulator.Lines[0].Address} --link 1 --reply-timeout 100ms");

        result.Status.ShouldBe(0, result.Error);
        result.Output.ShouldContain("with the password of the preset endesa, naturgy, viesgo");
        result.Output.ShouldContain("# Link 1: accepted the password of the preset endesa, naturgy, viesgo.\n");
        simulator.Meters.Single().Counters.Snapshot().RefusedLogins.ShouldBe(1);
    }

    [Fact]
    public async Task A_preset_and_a_meter_number_are_all_that_is_needed_and_stand_in_the_fleet_file()
    {
        await using var simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions { HistoryDays = 2, Key = 7, MeterOf = (_, meter) => meter with { LinkAddress = 34567 } });

        var result = await Cli.RunAsync(
            $"probe --tcp {simulator.Lines[0].Address} --preset iberdrola --meter-number 501234567 --connect-delay 0s");

        result.Status.ShouldBe(0, result.Error);
        simulator.Meters.Single().Counters.Snapshot().RefusedLogins.ShouldBe(0);
        result.Output.ShouldContain("# Link 34567: accepted the password of the preset iberdrola.\n");
        var text = result.Output[result.Output.IndexOf("iec102 {", StringComparison.Ordinal)..];
        var meter = FleetReader.Read(text, "probed.conf", new HoconOptions { Environment = _ => null })
            .Configuration.ShouldNotBeNull().Meters.ShouldHaveSingleItem();
        (meter.Preset, meter.Labels.MeterNumber, meter.LinkAddress, meter.Password.Reveal()).ShouldBe(
            ("iberdrola", "501234567", (ushort)34567, 7u));
        (meter.Hourly.Depth, meter.QuarterHour.Depth).ShouldBe((TimeSpan.FromDays(2), TimeSpan.FromDays(2)));
    }

    [Fact]
    public async Task Csv_has_a_line_for_each_meter()
    {
        await using var simulator = await SimulateAsync();

        var result = await Cli.RunAsync(
            $"probe --tcp {simulator.Lines[0].Address} --scan 17-18 --reply-timeout 60ms --password {Key} --format csv");

        result.Status.ShouldBe(0, result.Error);
        result.Lines[0].ShouldBe(
            "link_address,point_address,state,serial_number,manufacturer,model,firmware,"
            + "clock_offset_seconds,hourly,quarter_hour,types,problem");
        result.Lines[1..].Select(line => line.Split(',')[0]).ShouldBe(["17", "18"]);
        result.Lines[1].ShouldStartWith($"17,1,ok,{simulator.Meters.ElementAt(1).Options.SerialNumber},");
    }

    [Fact]
    public async Task When_nothing_answers_the_sentence_says_what_was_tried()
    {
        await using var simulator = await SimulateAsync();

        var result = await Cli.RunAsync($"probe --tcp {simulator.Lines[0].Address} --link 99 --reply-timeout 50ms --connect-delay 0s");

        result.Status.ShouldBe(1);
        result.Sentence.ShouldBe(
            $"Nothing answers on {simulator.Lines[0].Address} at link address 99: check the wiring and that the meter is powered, and "
            + "try other link addresses (many meters have the last five digits of their number).");
    }

    [Fact]
    public async Task A_probe_that_is_stopped_shows_what_it_has_found()
    {
        await using var simulator = await SimulateAsync();
        using var stop = new CancellationTokenSource();

        var probing = Cli.RunAsync(
            $"probe --tcp {simulator.Lines[0].Address} --scan 1-60000 --reply-timeout 50ms --format csv", ct: stop.Token);
        await Site.UntilAsync(
            () => Task.FromResult(simulator.Meters.ElementAt(1).Counters.Snapshot().LinkStatusRequests > 0), TimeSpan.FromSeconds(30),
            () => "Nothing is asked.");
        await stop.CancelAsync();
        var result = await probing;

        result.Status.ShouldBe(1);
        result.Sentence.ShouldBe("The probe was stopped: not every link address was asked.");
        result.Lines[1..].Select(line => line.Split(',')[0]).Take(2).ShouldBe(["3", "17"]);
    }

    [Fact]
    public async Task A_meter_on_a_serial_line_is_found_in_the_first_preset_format_that_answers()
    {
        using var site = new Site();
        await using var simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions { HistoryDays = 2, PtyDirectory = site.File("pty") });

        var result = await Cli.RunAsync($"probe --serial {simulator.Lines[0].Address} --scan 1-2 --reply-timeout 200ms");

        result.Status.ShouldBe(0, result.Error);
        result.Output.ShouldContain($"serial {{ device = \"{simulator.Lines[0].Address}\", line = \"9600-8N1\" }}");
    }

    [Fact]
    public async Task Through_rfc_2217_the_line_format_is_found_as_on_a_serial_line()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions { HistoryDays = 2 });
        using var listener = new TcpLineListener();
        using var stop = new CancellationTokenSource();
        var converting = ConvertAsync(listener, simulator.Lines[0].Address, stop.Token);

        var result = await Cli.RunAsync(
            $"probe --tcp rfc2217://127.0.0.1:{listener.Port} --link 1 --reply-timeout 200ms --password 1 --connect-delay 0s");
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => converting);

        result.Status.ShouldBe(0, result.Error);
        result.Output.ShouldContain($"probed {{ tcp = \"rfc2217://127.0.0.1:{listener.Port}\", line = \"9600-8E1\" }}");
    }

    /// <summary>A converter whose serial side reaches the meter only with even parity.</summary>
    private static async Task ConvertAsync(TcpLineListener listener, string meter, CancellationToken ct)
    {
        TcpLineOptions.TryParse(meter, out var options).ShouldBeTrue();
        while (true)
        {
            await using var client = new TelnetConverter(await listener.AcceptAsync(ct));
            await using var serial = await new TcpLineFactory(options!).OpenAsync(ct);
            await await Task.WhenAny(
                PassAsync(client, serial, () => client.Settings.Exists(setting => setting is [3, 3])),
                PassAsync(serial, client, () => true));
        }

        async Task PassAsync(ILine from, ILine to, Func<bool> arrives)
        {
            var octets = new byte[512];
            while (await from.ReadAsync(octets, ct) is > 0 and var count)
            {
                if (arrives())
                    await to.WriteAsync(octets.AsMemory(0, count), ct);
            }
        }
    }

    private static string Curve(JsonNode? meter, string name)
    {
        var curve = meter!["curves"]!.AsArray().Single(curve => (string)curve!["curve"]! == name)!;
        return $"{curve["support"]}: {curve["how"]}";
    }

    /// <summary>
    /// Five meters with different link addresses on one line; the fourth has another key, and the third has a clock that is fast.
    /// </summary>
    private static Task<SimulatorHost> SimulateAsync() => SimulatorHost.StartAsync(new SimulatorOptions
    {
        Meters = Links.Length,
        MetersPerPort = Links.Length,
        HistoryDays = 2,
        Key = Key,
        BehaviourOf = index => index switch
        {
            1 => new MeterBehaviour { HasBlocks = false },
            4 => new MeterBehaviour { HasQuarterHours = false },
            _ => new MeterBehaviour(),
        },
        MeterOf = (index, meter) => meter with
        {
            LinkAddress = Links[index],
            Key = index == 3 ? 42 : meter.Key,
            ClockOffset = index == 2 ? Duration.FromSeconds(90) : Duration.Zero,
        },
    });
}
