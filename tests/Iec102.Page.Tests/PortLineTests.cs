using Iec102.Contract;
using Iec102.Fleet;
using Iec102.Lines;
using Iec102.Lines.Modems;
using Iec102.Lines.Serial;
using Iec102.Lines.Tcp;
using Iec102.Page.Components;

namespace Iec102.Page.Tests;

/// <summary>What the form for the line of a port begins with is what the fleet file has.</summary>
public sealed class PortLineTests
{
    [Theory]
    [InlineData("192.0.2.10:4001")]
    [InlineData("[2001:db8::1]:4001")]
    [InlineData("telnet://converter.example:23")]
    [InlineData("rfc2217://192.0.2.10:4001")]
    public void A_line_over_TCP_has_its_far_end(string text)
    {
        TcpLineOptions.TryParse(text, out var tcp).ShouldBeTrue();
        LineFormat.TryParse("9600-8E1", out var format).ShouldBeTrue();
        var port = new PortConfiguration { Id = "p", Tcp = tcp with { Format = text.StartsWith('r') ? format : null } };
        LineOf(port).ShouldBe(new PortLine(text, null, null));
        LineOf(port with { Dial = new DialOptions("915550100") }).ShouldBe(new PortLine(text, null, null));
    }

    [Fact]
    public void A_serial_line_has_its_device_and_format()
    {
        LineFormat.TryParse("9600-8E1", out var format).ShouldBeTrue();
        var port = new PortConfiguration { Id = "p", Serial = new SerialLineOptions("/dev/a device", format) };
        LineOf(port).ShouldBe(new PortLine(null, "/dev/a device", "9600-8E1"));
        LineOf(port with { Dial = new DialOptions("915550100") }).ShouldBe(new PortLine(null, "/dev/a device", "9600-8E1"));
    }

    private static PortLine LineOf(PortConfiguration port) => PortLine.Of(
        new PortModel("p", port.Kind, port.Address, "open", "ok", null, null, null, null, null, null, null!));
}
