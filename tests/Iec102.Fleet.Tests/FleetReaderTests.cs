using System.Net;
using System.Text.Json;
using FsCheck;
using FsCheck.Xunit;
using Iec102.Lines;
using Iec102.Lines.Serial;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Fleet.Tests;

public class FleetReaderTests
{
    [Fact]
    public void A_tcp_port_has_the_defaults_of_the_contract()
    {
        var port = FleetText.Port("tcp = \"192.0.2.10:4001\"");
        port.Id.ShouldBe("p");
        port.Enabled.ShouldBeTrue();
        (port.Kind, port.Address).ShouldBe(("tcp", "tcp://192.0.2.10:4001"));
        port.Serial.ShouldBeNull();
        port.HoldIdle.ShouldBe(TimeSpan.FromSeconds(60));
        port.Gateway.ShouldBeNull();
        port.Timing.ReplyTimeout.ShouldBe(TimeSpan.FromSeconds(5));
        port.Timing.Retries.ShouldBe(3);
        port.Timing.InterRequestDelay.ShouldBe(TimeSpan.Zero);
        port.Timing.InterCharacterTimeout.ShouldBe(TimeSpan.FromSeconds(2));
        port.Timing.ConnectDelay.ShouldBe(TimeSpan.Zero);
        port.Timing.ReconnectMin.ShouldBe(TimeSpan.FromSeconds(1));
        port.Timing.ReconnectMax.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Every_key_of_a_port_is_read()
    {
        var port = FleetText.Port(
            """
            enabled = no, hold = always
            serial { device = "/dev/ttyS0", line = "1200-7O2", driver = termios, dtr = off, rts = off, rs485 = on }
            timing { reply-timeout = 15s, retries = 0, inter-request-delay = 100ms, inter-character-timeout = 500 ms, connect-delay = 1s }
            timing { reconnect-min = 2s, reconnect-max = 5m }
            gateway {
              listen = "0.0.0.0:5001", allow = ["192.0.2.0/24", "198.51.100.7"], mode = full, keys = [7, 4294967295]
              max-clients = 3, idle-timeout = 1m, answer-hold = 500ms, max-hold = 30s
            }
            """);
        port.ShouldBe(new PortConfiguration
        {
            Id = "p",
            Enabled = false,
            HoldIdle = null,
            Serial = new SerialLineOptions("/dev/ttyS0", new LineFormat(1200, 7, Parity.Odd, 2)) { Dtr = false, Rts = false, Rs485 = true },
            Timing = new PortTiming
            {
                ReplyTimeout = TimeSpan.FromSeconds(15),
                Retries = 0,
                InterRequestDelay = TimeSpan.FromMilliseconds(100),
                InterCharacterTimeout = TimeSpan.FromMilliseconds(500),
                ConnectDelay = TimeSpan.FromSeconds(1),
                ReconnectMin = TimeSpan.FromSeconds(2),
                ReconnectMax = TimeSpan.FromMinutes(5),
            },
            Gateway = new GatewayConfiguration
            {
                Listen = IPEndPoint.Parse("0.0.0.0:5001"),
                Allow = [IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse("198.51.100.7/32")],
                Mode = GatewayMode.Full,
                Keys = [new Secret(7), new Secret(4294967295)],
                MaxClients = 3,
                IdleTimeout = TimeSpan.FromMinutes(1),
                AnswerHold = TimeSpan.FromMilliseconds(500),
                MaxHold = TimeSpan.FromSeconds(30),
            },
        });
        FleetText.Port("serial { device = x, line = 9600-8E1, driver = system }").Serial!.Driver.ShouldBe(SerialDriver.System);
        FleetText.Port("tcp = \"[2001:db8::1]:4001\", timing.connect-delay = 3s").Tcp!.ConnectDelay.ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void A_gateway_has_the_defaults_of_the_contract_and_lets_this_computer_in()
    {
        var gateway = FleetText.Port("tcp = \"h:1\", gateway.listen = \"127.0.0.1:5001\"").Gateway.ShouldNotBeNull();
        gateway.ShouldBe(new GatewayConfiguration
        {
            Listen = IPEndPoint.Parse("127.0.0.1:5001"),
            Mode = GatewayMode.ReadOnly,
            MaxClients = 8,
            IdleTimeout = TimeSpan.FromMinutes(10),
            AnswerHold = TimeSpan.FromSeconds(1),
            MaxHold = TimeSpan.FromMinutes(10),
        });
        gateway.Keys.ShouldBeEmpty();
        gateway.Allows(IPAddress.Loopback).ShouldBeTrue();
        gateway.Allows(IPAddress.Parse("192.0.2.1")).ShouldBeFalse();
    }

    [Fact]
    public void A_gateway_lets_in_whoever_is_in_its_networks_and_nobody_else()
    {
        var gateway = FleetText.Port("tcp = \"h:1\", gateway { listen = \"[::]:5001\", allow = [\"192.0.2.0/24\", \"2001:db8::/32\"] }")
            .Gateway.ShouldNotBeNull();
        gateway.Allows(IPAddress.Parse("192.0.2.77")).ShouldBeTrue();
        gateway.Allows(IPAddress.Parse("::ffff:192.0.2.77")).ShouldBeTrue();
        gateway.Allows(IPAddress.Parse("2001:db8::1")).ShouldBeTrue();
        gateway.Allows(IPAddress.Parse("192.0.3.1")).ShouldBeFalse();
        gateway.Allows(IPAddress.Loopback).ShouldBeFalse();
    }

    [Fact]
    public void A_meter_has_the_defaults_of_the_contract()
    {
        var meter = FleetText.Meter("port = com-1, link-address = 34572, point-address = 1, password = 4294967295");
        (meter.Id, meter.Port, meter.LinkAddress, meter.PointAddress).ShouldBe(("m", "com-1", (ushort)34572, (ushort)1));
        meter.Password.Reveal().ShouldBe(4294967295);
        (meter.Enabled, meter.Record, meter.Orientation).ShouldBe((true, true, Orientation.Consumer));
        meter.TimeZone.Id.ShouldBe("Europe/Madrid");
        meter.SummerTime.ShouldBeNull();
        meter.SessionIdle.ShouldBe(TimeSpan.FromMinutes(2));
        meter.SerialNumber.ShouldBeNull();
        meter.WritePassword.ShouldBeNull();
        meter.CurrentValues.ShouldBe(new CurrentValuesConfiguration { Every = TimeSpan.FromSeconds(15), Groups = CurrentValueGroups.All });
        meter.Hourly.ShouldBe(
            new ProfileConfiguration { Enabled = true, Depth = TimeSpan.FromDays(180), Settle = TimeSpan.FromMinutes(2) });
        meter.QuarterHour.Enabled.ShouldBeFalse();
        meter.EventsEvery.ShouldBe(TimeSpan.FromHours(1));
        meter.Clock.ShouldBe(new ClockConfiguration { CheckEvery = TimeSpan.FromHours(1), Set = null });
    }

    [Fact]
    public void The_measurement_point_is_1_where_none_is_written() =>
        FleetText.Meter("port = tcp-1, link-address = 5, password = 9").PointAddress.ShouldBe((ushort)1);

    [Fact]
    public void Every_key_of_a_meter_is_read()
    {
        var meter = FleetText.PlainMeter(
            """
            enabled = false, record = false, orientation = producer, time-zone = "Atlantic/Canary"
            name = " Nave 3, Málaga ", site = Norte, group = "Cliente Ñ", tags = [a-1, PV, a-1], cups = "es 1234 1234 5678 9012 jy 1f"
            meter-number = "77", serial-number = 48304838
            summer-time = always-winter, session-idle = 5m, write-password = 305419896
            current-values { enabled = false, every = 1m, groups = [totals, voltages], history-every = 15m }
            profiles { hourly { enabled = false }, quarter-hour { enabled = true, from = "2026-03-29", depth = 40d, settle = 5m } }
            events { every = 6h }, clock { check-every = 10m, alarm = 90s, set { min = 5s, max = 10min } }
            """);
        (meter.Enabled, meter.Record, meter.Orientation, meter.SerialNumber).ShouldBe((false, false, Orientation.Producer, 48304838u));
        meter.Labels.ShouldBe(new MeterLabels
        {
            Name = "Nave 3, Málaga",
            Site = "Norte",
            Group = "Cliente Ñ",
            Tags = ["a-1", "PV"],
            Cups = "ES1234123456789012JY1F",
            MeterNumber = "77",
        });
        meter.TimeZone.Id.ShouldBe("Atlantic/Canary");
        meter.SummerTime.ShouldBe(SummerTimeHabit.AlwaysWinter);
        meter.SessionIdle.ShouldBe(TimeSpan.FromMinutes(5));
        meter.WritePassword?.Reveal().ShouldBe(305419896u);
        meter.ToString().ShouldNotContain("305419896");
        meter.CurrentValues.ShouldBe(new CurrentValuesConfiguration
        {
            Enabled = false,
            Every = TimeSpan.FromMinutes(1),
            Groups = CurrentValueGroups.Totals | CurrentValueGroups.Voltages,
            HistoryEvery = TimeSpan.FromMinutes(15),
        });
        meter.Hourly.Enabled.ShouldBeFalse();
        meter.QuarterHour.ShouldBe(new ProfileConfiguration
        {
            Enabled = true,
            From = new LocalDate(2026, 3, 29),
            Depth = TimeSpan.FromDays(40),
            IsDepthGiven = true,
            Settle = TimeSpan.FromMinutes(5),
        });
        meter.StartOf(meter.QuarterHour).ShouldBe(Instant.FromUtc(2026, 3, 29, 0, 0));
        meter.StartOf(meter.Hourly).ShouldBeNull();
        meter.EventsEvery.ShouldBe(TimeSpan.FromHours(6));
        meter.Clock.ShouldBe(new ClockConfiguration
        {
            CheckEvery = TimeSpan.FromMinutes(10),
            Alarm = TimeSpan.FromSeconds(90),
            Set = new ClockSetConfiguration(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10)),
        });
    }

    [Fact]
    public void A_meter_without_a_zone_has_that_of_the_fleet() =>
        FleetText.Fleet($"time-zone = \"Atlantic/Canary\"\n{FleetText.Ports} meters.m {{ port = tcp-1, preset = viesgo }}")
            .Meters[0].TimeZone.Id.ShouldBe("Atlantic/Canary");

    [Fact]
    public void Retention_and_api_are_read()
    {
        var none = FleetText.Fleet("");
        none.Retention.ShouldBe(new RetentionConfiguration { Profiles = null, CurrentHistory = TimeSpan.FromDays(90), Events = null });
        none.Api.ShouldBe(new ApiConfiguration { Keys = [], AllowAnonymous = false });

        var hash = new string('A', 64);
        var fleet = FleetText.Fleet($"retention {{ profiles = 3650d, current-history = forever, events = 30d, audit = 7d }}, api {{ keys "
            + $"= [{{ name = scada, role = operate, sha256 = {hash} }}], allow-anonymous = true }}");
        fleet.Retention.ShouldBe(
            new RetentionConfiguration
            {
                Profiles = TimeSpan.FromDays(3650),
                CurrentHistory = null,
                Events = TimeSpan.FromDays(30),
                Audit = TimeSpan.FromDays(7),
            });
        fleet.Api.ShouldBe(
            new ApiConfiguration { Keys = [new ApiKey("scada", ApiRole.Operate, new string('a', 64))], AllowAnonymous = true });
    }

    [Theory]
    [InlineData("iberdrola", "9600-8N1", 34567, 7)]
    [InlineData("endesa", "9600-8E1", 34567, 1)]
    [InlineData("naturgy", "9600-8N1", 1, 1)]
    [InlineData("viesgo", "9600-8N1", 1, 1)]
    public void A_preset_fills_line_addresses_and_password(string preset, string line, int link, uint password)
    {
        var fleet = FleetText.Fleet($"ports.p.serial.device = x\nmeters.m {{ port = p, preset = {preset}, meter-number = \"501234567\" }}");
        fleet.Ports[0].Serial!.Format.ToString().ShouldBe(line);
        ((int)fleet.Meters[0].LinkAddress, (int)fleet.Meters[0].PointAddress, fleet.Meters[0].Password.Reveal()).ShouldBe(
            (link, 1, password));
    }

    [Fact]
    public void What_the_file_says_wins_over_the_preset()
    {
        var fleet = FleetText.Fleet(
            """
            ports.p.serial { device = x, line = "19200-8O1" }
            meters.m { port = p, preset = iberdrola, meter-number = "599999", link-address = 12, point-address = 3, password = 8 }
            """);
        fleet.Ports[0].Serial!.Format.ToString().ShouldBe("19200-8O1");
        ((int)fleet.Meters[0].LinkAddress, (int)fleet.Meters[0].PointAddress, fleet.Meters[0].Password.Reveal()).ShouldBe((12, 3, 8u));
    }

    [Fact]
    public void One_device_may_have_several_points() =>
        FleetText.Fleet($"{FleetText.Ports} meters {{ a {{ port = tcp-1, preset = viesgo }}, b {{ port = tcp-1, preset = viesgo, "
            + $"point-address = 2 }}, c {{ port = com-1, preset = viesgo }} }}")
            .Meters.Count.ShouldBe(3);

    [Fact]
    public void Substitutions_take_values_from_the_environment_and_from_outside_the_fleet()
    {
        var text = "defaults { preset = endesa, session-idle = 1m }\niec102 { ports.p.tcp = \"h:1\", meters.m = ${defaults} { port = p, "
            + "link-address = 4, password = ${M_PASSWORD} } }";
        var reading = FleetReader.Read(text, FleetText.File, FleetText.Options(environment: new() { ["M_PASSWORD"] = "123" }));
        reading.Problems.ShouldBeEmpty();
        var meter = reading.Configuration!.Meters[0];
        (meter.Password.Reveal(), meter.SessionIdle).ShouldBe((123u, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void The_same_text_gives_an_equal_fleet_and_a_changed_key_changes_only_its_meter()
    {
        const string Text = FleetText.Ports + "meters { a { port = tcp-1, preset = viesgo, current-values.groups = [totals] }, b { port = "
            + "com-1, preset = viesgo } }";
        var before = FleetText.Fleet(Text);
        FleetText.Fleet(Text).ShouldBe(before);
        FleetText.Fleet(Text).GetHashCode().ShouldBe(before.GetHashCode());

        var after = FleetText.Fleet(Text + "\nmeters.b.password = 2");
        after.ShouldNotBe(before);
        after.Ports.ShouldBe(before.Ports);
        after.Meters[0].ShouldBe(before.Meters[0]);
        after.Meters[1].ShouldNotBe(before.Meters[1]);
    }

    [Fact]
    public void A_password_shows_itself_nowhere()
    {
        var meter = FleetText.Meter("port = tcp-1, link-address = 1, point-address = 1, password = 305419896");
        meter.Password.ToString().ShouldBe("****");
        meter.ToString().ShouldContain("Password = ****");
        meter.ToString().ShouldNotContain("305419896");
        JsonSerializer.Serialize(meter.Password).ShouldNotContain("305419896");

        foreach (var wrong in new[] { "305419896x", "-305419896", "30541989600000", "[305419896]", "{ x = 305419896 }", "\"305419896 \"" })
        {
            var reading = FleetText.Read(
                $"{FleetText.Ports} meters.m {{ port = tcp-1, link-address = 1, point-address = 1, password = {wrong} }}");
            reading.Problems.ShouldHaveSingleItem().ToString().ShouldNotContain("305419896");
        }
    }

    [Fact]
    public void A_connection_string_shows_itself_nowhere()
    {
        var fleet = FleetText.Fleet("store.postgres = \"Host=db;Database=iec102;Password='s3c;ret'\"");
        fleet.Store!.Postgres.Reveal().ShouldEndWith("Password='s3c;ret'");
        fleet.ToString().ShouldNotContain("s3c");
        JsonSerializer.Serialize(fleet.Store).ShouldNotContain("s3c");

        foreach (var wrong in new[] { "Password=s3c;ret", "Password=s3c;ret=1", "Port=s3cret", "SSL Mode=s3cret", "s3cret" })
        {
            var reading = FleetText.Read($"store.postgres = \"Host=db;Database=iec102;{wrong}\"");
            reading.Problems.ShouldHaveSingleItem().ToString().ShouldSatisfyAllConditions(
                problem => problem.ShouldStartWith("/etc/fleet.conf:2:18: iec102.store.postgres: must be a connection string"),
                problem => problem.ShouldNotContain("s3c"), problem => problem.ShouldNotContain("ret=1"));
        }
    }

    [Fact]
    public void A_missing_file_or_one_that_is_no_hocon_is_one_problem()
    {
        FleetReader.ReadFile("/etc/none.conf", FleetText.Options())
            .Problems.ShouldHaveSingleItem()
            .ToString()
            .ShouldBe("/etc/none.conf:1:1: the file does not exist.");
        FleetReader.Read("iec102 {\n  ports {", FleetText.File).Problems.ShouldHaveSingleItem().Line.ShouldBe(2);
        FleetReader.Read("ports {}", FleetText.File).Problems.ShouldHaveSingleItem().Sentence.ShouldContain("within iec102 { }");
    }

    [Fact]
    public void Every_problem_is_found_in_one_reading()
    {
        var reading = FleetText.Read(
            """
            ports {
              a { tcp = "nowhere" }
              b { timing { retries = many } }
            }
            meters {
              m1 { port = c, preset = viesgo }
              m2 { colour = red, port = a }
            }
            """);
        reading.Configuration.ShouldBeNull();
        reading.Problems.Select(problem => (problem.Line, problem.Key)).ShouldBe(
        [
            (3, "iec102.ports.a.tcp"), (4, "iec102.ports.b.tcp"), (4, "iec102.ports.b.timing.retries"), (7, "iec102.meters.m1.port"),
            (8, "iec102.meters.m2.link-address"), (8, "iec102.meters.m2.password"), (8, "iec102.meters.m2.colour"),
        ]);
    }

    [Property(MaxTest = 1000)]
    public void A_fleet_with_any_part_replaced_is_read_or_has_problems(NonNegativeInt at, NonNegativeInt length, NonNull<string> inserted)
    {
        var text = $"iec102 {{ {FleetText.Ports} meters {{ a {{ port = tcp-1, preset = endesa, meter-number = 12345, profiles.hourly.from "
            + $"= \"2026-01-01\", clock.set {{ min = 5s }} }} }}, meters-csv = m.csv, retention.events = 5d }}";
        var from = at.Get % text.Length;
        var mutated = text.Remove(from, Math.Min(length.Get % 20, text.Length - from)).Insert(from, inserted.Get);
        var reading = FleetReader.Read(mutated, FleetText.File, FleetText.Options(files: new() { ["/etc/m.csv"] = inserted.Get }));
        (reading.Configuration is null).ShouldBe(reading.Problems.Count > 0);
    }
}
