using Iec102.Lines;
using Iec102.Lines.Modems;
using Iec102.Lines.Tcp;

namespace Iec102.Fleet.Tests;

/// <summary>What leads to the meters of a port: converters and modems.</summary>
public class PortReaderTests
{
    [Fact]
    public void A_converter_that_speaks_Telnet_is_named_by_its_scheme_and_set_with_line()
    {
        var telnet = FleetText.Port("tcp = \"telnet://h:1\"");
        (telnet.Tcp!.Protocol, telnet.Format, telnet.Kind, telnet.Address).ShouldBe((TcpProtocol.Telnet, null, "tcp", "telnet://h:1"));

        var rfc2217 = FleetText.Port("tcp = \"rfc2217://h:1\", line = 1200-7O2, timing.connect-delay = 3s");
        rfc2217.Tcp.ShouldBe(new TcpLineOptions("h", 1)
        {
            Protocol = TcpProtocol.Rfc2217,
            Format = new LineFormat(1200, 7, Parity.Odd, 2),
            ConnectDelay = TimeSpan.FromSeconds(3),
        });
        (rfc2217.Format, rfc2217.Address).ShouldBe((rfc2217.Tcp!.Format, "rfc2217://h:1 1200-7O2"));

        FleetText.Fleet("ports.p.tcp = \"rfc2217://h:1\"\nmeters.m { port = p, preset = endesa, meter-number = \"501234567\" }")
            .Ports.Single().Tcp!.Format!.Value.ToString().ShouldBe("9600-8E1");
    }

    [Fact]
    public void A_port_can_call_through_a_modem()
    {
        var port = FleetText.Port(
            """
            serial { device = "/dev/ttyUSB0", line = 9600-8N1 }, timing.connect-delay = 2s
            dial { number = "600111222", init = ["ATZ", "AT+CPIN=1234"], connect-timeout = 90s, max-call = 5m }
            """);
        port.Dial.ShouldBe(new DialOptions("600111222")
        {
            Init = ["ATZ", "AT+CPIN=1234"],
            ConnectTimeout = TimeSpan.FromSeconds(90),
            ConnectDelay = TimeSpan.FromSeconds(2),
            MaxCall = TimeSpan.FromMinutes(5),
        });
        port.Address.ShouldBe("/dev/ttyUSB0 9600-8N1 calls 600111222");
        port.ToString().ShouldNotContain("1234", Case.Sensitive, "init may hold a PIN");

        // A call that failed is not repeated at once, and an answer takes its time.
        var calls = FleetText.Port("tcp = \"h:1\", dial { number = 600111222, init = ATZ }");
        calls.Dial!.Init.ShouldBe(["ATZ"]);
        (calls.Timing.ReplyTimeout, calls.Timing.ReconnectMin, calls.Timing.ReconnectMax)
            .ShouldBe((TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)));
        FleetText.Port("tcp = \"h:1\", dial.number = 6, timing.reconnect-min = 5s").Timing.ReconnectMin.ShouldBe(TimeSpan.FromSeconds(5));
    }
}
