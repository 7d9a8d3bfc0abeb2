using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using NodaTime;

namespace Iec102.Server.Tests.Commands;

public sealed class ReadValueTests(SimulatedMeters meters) : IClassFixture<SimulatedMeters>
{
    private static readonly string[] Signals =
    [
        "energy.active.import", "energy.active.export", "energy.reactive.q1", "energy.reactive.q2", "energy.reactive.q3",
        "energy.reactive.q4",
        "power.active.total", "power.active.l1", "power.active.l2", "power.active.l3",
        "power.reactive.total", "power.reactive.l1", "power.reactive.l2", "power.reactive.l3",
        "power.factor.total", "power.factor.l1", "power.factor.l2", "power.factor.l3",
        "current.l1", "current.l2", "current.l3", "voltage.l1", "voltage.l2", "voltage.l3",
    ];

    [Fact]
    public async Task The_current_values_are_the_24_signals_in_every_format()
    {
        var table = await Cli.RunAsync($"read current {meters.Options(0)}");
        var json = await Cli.RunAsync($"read current {meters.Options(0)} --format json");
        var csv = await Cli.RunAsync($"read current {meters.Options(0)} --format csv");

        table.Lines.Skip(2).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]).ShouldBe(Signals);
        var signals = JsonNode.Parse(json.Output)!["signals"]!.AsArray();
        signals.Select(signal => (string)signal!["id"]!).ShouldBe(Signals);
        csv.Lines[0].ShouldBe("meter,signal,value,unit,quality,meter_time,read_at");
        csv.Lines.Skip(1).Select(line => line.Split(',')[1]).ShouldBe(Signals);
    }

    [Fact]
    public async Task The_register_is_the_one_that_the_meter_measured()
    {
        var meter = meters.Meter(0);
        var before = meter.DataOf(1).Register(meter.Clock, 1).Value;

        var json = await Cli.RunAsync($"read current {meters.Options(0)} --format json");

        var import = JsonNode.Parse(json.Output)!["signals"]![0]!;
        // A quarter of an hour may end during the read, which changes the register.
        ((uint)import["value"]!).ShouldBeOneOf(before, meter.DataOf(1).Register(meter.Clock, 1).Value);
        ((string)import["unit"]!).ShouldBe("kWh");
        ((string)import["quality"]!).ShouldBe("good");
    }

    [Fact]
    public async Task The_identification_holds_the_serial_number()
    {
        var serial = meters.Meter(0).Options.SerialNumber;

        (await Cli.RunAsync($"read id {meters.Options(0)}")).Lines.ShouldContain(
            line => line.Contains("serial number") && line.EndsWith($" {serial}", StringComparison.Ordinal));
        (await Cli.RunAsync($"read id {meters.Options(0)} --format csv")).Lines[1].ShouldStartWith($"sim-1,{serial},");
        ((uint)JsonNode.Parse((await Cli.RunAsync($"read id {meters.Options(0)} --format json")).Output)!["serialNumber"]!)
            .ShouldBe(serial);
    }

    [Fact]
    public async Task The_clock_is_compared_with_ours()
    {
        var json = await Cli.RunAsync($"read clock {meters.Options(0)} --format json");

        json.Status.ShouldBe(0, json.Error);
        var answer = JsonNode.Parse(json.Output)!;
        Math.Abs((double)answer["offsetSeconds"]!).ShouldBeLessThan(5);
        DateTimeOffset.Parse((string)answer["clock"]!, null)
            .ShouldBe(SystemClock.Instance.GetCurrentInstant().ToDateTimeOffset(), TimeSpan.FromMinutes(1));
        (await Cli.RunAsync($"read clock {meters.Options(0)}")).Output.ShouldContain("difference to this computer");
    }

    [Fact]
    public async Task A_wrong_key_is_a_refused_login_that_does_not_show_the_key()
    {
        var result = await Cli.RunAsync($"read current {meters.Options(0, password: "3735928559")}");

        result.Status.ShouldBe(1);
        result.Sentence.ShouldBe("The meter refuses the login (it gives no reason): check the password and the measurement point.");
        var verbose = await Cli.RunAsync($"read current {meters.Options(0, password: "3735928559")} --verbose");
        verbose.Error.ShouldContain("CommandFailure");
        foreach (var key in (string[])["3735928559", "deadbeef", "DEADBEEF", "efbeadde", "ef be ad de", "EF BE AD DE"])
            verbose.Error.ShouldNotContain(key);
    }

    [Fact]
    public async Task A_wrong_measurement_point_is_a_refused_login() =>
        (await Cli.RunAsync($"read current {meters.Options(0, point: 9)}")).Sentence
            .ShouldBe("The meter refuses the login (cause 16, address not known): check the password and the measurement point.");

    [Fact]
    public async Task A_wrong_link_address_is_no_answer()
    {
        var result = await Cli.RunAsync($"read current {meters.Options(0, link: 77)} --reply-timeout 150ms --retries 1");

        result.Status.ShouldBe(1);
        result.Sentence.ShouldBe(
            "Link 77 did not answer within 0.15 s, asked 2 times: check the link address, the line and its format, and that the meter is "
            + "powered.");
    }

    [Fact]
    public async Task A_silent_meter_fails_within_its_budget()
    {
        var began = Stopwatch.StartNew();
        var result = await Cli.RunAsync($"read current {meters.Options(4)} --reply-timeout 200ms --retries 2");

        result.Status.ShouldBe(1);
        result.Sentence.ShouldStartWith("Link 1 did not answer within 0.2 s, asked 3 times");
        // At least 0.6 s, and at most what a busy computer may need.
        began.Elapsed.ShouldBeInRange(TimeSpan.FromSeconds(0.6), TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_closed_port_is_a_refused_connection()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var result = await Cli.RunAsync($"read current --tcp 127.0.0.1:{port} --link 1 --password 1");

        result.Status.ShouldBe(1);
        result.Sentence.ShouldStartWith($"127.0.0.1:{port} refuses the connection");
    }

    [Fact]
    public async Task A_device_that_is_not_there_is_one_sentence()
    {
        var result = await Cli.RunAsync("read current --serial /dev/tty-of-nobody --link 1 --password 1");

        result.Status.ShouldBe(1);
        result.Sentence.ShouldContain("/dev/tty-of-nobody");
    }
}
