using Iec102.Lines;
using Iec102.Lines.Modems;
using Iec102.Lines.Serial;
using Iec102.Lines.Tcp;

namespace Iec102.Fleet;

/// <summary>A port as its own section describes it.</summary>
/// <param name="Port">The port.</param>
/// <param name="LineMissing">
/// The section that has no line format although it needs one; the format then comes from the presets of the meters on the port.
/// </param>
/// <param name="Gateway">The <c>gateway</c> section, if there is one.</param>
/// <param name="Section">The port's section.</param>
internal sealed record PortDraft(PortConfiguration Port, FleetSection? LineMissing, FleetSection? Gateway, FleetSection Section);

/// <summary>Reads one section under <c>ports</c>.</summary>
internal static class PortReader
{
    private static readonly TimeSpan TenMinutes = TimeSpan.FromSeconds(600);

    public static PortDraft Read(string id, FleetSection section)
    {
        var dials = section.Has("dial");
        var timing = ReadTiming(section.Section("timing"), dials);
        var serialSection = section.Has("serial") ? section.Section("serial") : null;
        var serial = serialSection is null ? null : ReadSerial(serialSection);
        var gateway = section.Has("gateway") ? section.Section("gateway") : null;
        var defaults = new PortConfiguration { Id = id };
        var (holdWritten, hold) = section.DurationOr("always", "hold", TimeSpan.Zero, TimeSpan.FromDays(1));
        var port = defaults with
        {
            Enabled = section.Flag("enabled") ?? defaults.Enabled,
            Tcp = ReadTcp(section, timing),
            Serial = serial,
            Dial = dials ? ReadDial(section.Section("dial"), timing) : null,
            Timing = timing,
            HoldIdle = holdWritten ? hold : defaults.HoldIdle,
            Gateway = gateway is null ? null : GatewayReader.Read(gateway),
            Placement = NodeReader.ReadPlacement(section),
        };
        if (section.Has("tcp") && serialSection is not null)
            section.ReportValue("serial", "the port has both tcp and serial; keep the one the meters are connected to.");
        else if (!section.Has("tcp") && serialSection is null)
            section.ReportMissing(
                "tcp", "is missing: a port needs tcp = \"host:port\", or serial { device = \"/dev/...\", line = \"9600-8E1\" }.");
        section.RejectUnknown();
        var formatted = serialSection ?? (port.Tcp?.Protocol == TcpProtocol.Rfc2217 ? section : null);
        return new PortDraft(port, formatted?.Has("line") == false ? formatted : null, gateway, section);
    }

    private static TcpLineOptions? ReadTcp(FleetSection section, PortTiming timing)
    {
        if (section.Text("tcp") is not { } text)
            return null;
        if (!TcpLineOptions.TryParse(text, out var tcp))
        {
            section.ReportValue(
                "tcp",
                "must be \"host:port\" with a port from 1 to 65535, such as \"192.0.2.10:4001\" or \"[2001:db8::1]:4001\", with "
                + $"telnet:// or rfc2217:// before it for a converter that speaks Telnet, not '{text}'.");
            return null;
        }

        var format = section.Has("line") ? ReadLine(section) : null;
        if (format is not null && tcp.Protocol != TcpProtocol.Rfc2217)
            section.ReportValue(
                "line", $"cannot be set through {tcp.Address}: set it in the converter and leave line out, or write tcp = "
                + $"\"rfc2217://{tcp.EndPoint}\" if the converter speaks RFC 2217.");
        return tcp with { ConnectDelay = timing.ConnectDelay, Format = format };
    }

    private static LineFormat? ReadLine(FleetSection section) => section.Parse<LineFormat>(
        "line",
        (text, out format) => LineFormat.TryParse(text, out format),
        text => $"must be speed (300 to 115200), data bits (7, 8), parity (N, E, O) and stop bits (1, 2), such as 9600-8E1, not '{text}'.");

    private static SerialLineOptions ReadSerial(FleetSection section)
    {
        var device = section.Text("device");
        if (!section.Has("device"))
            section.ReportMissing(
                "device", "is missing: write the path of the serial device, preferably one in /dev/serial/by-id, which does not change.");
        else if (device is { Length: 0 })
            section.ReportValue("device", "must be the path of a serial device, not an empty text.");

        var line = ReadLine(section);
        var defaults = new SerialLineOptions(device ?? "", line ?? default);
        var serial = defaults with
        {
            Driver = section.Choice("driver", defaults.Driver, ("termios", SerialDriver.Termios), ("system", SerialDriver.System)),
            Dtr = section.Flag("dtr") ?? defaults.Dtr,
            Rts = section.Flag("rts") ?? defaults.Rts,
            Rs485 = section.Flag("rs485") ?? defaults.Rs485,
        };
        if (!SerialLineOptions.Drivers.Contains(serial.Driver))
            section.ReportValue("driver", "the driver termios exists only on Linux; on this system leave the key out, or write system.");
        else if (serial is { Rs485: true, Driver: SerialDriver.System })
            section.ReportValue(
                "rs485", "must be off with driver = system, which cannot switch a transmitter; most adapters switch by themselves.");
        section.RejectUnknown();
        return serial;
    }

    private static DialOptions ReadDial(FleetSection section, PortTiming timing)
    {
        var number = section.Text("number");
        if (!section.Has("number"))
            section.ReportMissing("number", "is missing: write the number that the modem calls.");
        else if (number is not null && !DialOptions.IsNumber(number))
            section.ReportValue(
                "number",
                $"must be what follows ATD, in quotes: digits, +, *, # and commas, with T or P before it if needed, not '{number}'.");
        var init = !section.Has("init") ? []
            : section.Word("init") is { } single ? [single]
            : section.Words("init")?.Select(word => word.Text);
        if (init?.All(DialOptions.IsCommand) == false)
            section.ReportValue("init", "must be AT commands, one for each answer of the modem, such as [\"ATZ\", \"AT+CBST=71,0,1\"].");
        var defaults = new DialOptions(number ?? "");
        var dial = defaults with
        {
            Init = [.. init ?? []],
            ConnectTimeout = section.Duration("connect-timeout", TimeSpan.FromSeconds(5), TenMinutes) ?? defaults.ConnectTimeout,
            ConnectDelay = timing.ConnectDelay,
            MaxCall = section.Duration("max-call", TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)) ?? defaults.MaxCall,
        };
        section.RejectUnknown();
        return dial;
    }

    private static PortTiming ReadTiming(FleetSection section, bool dials)
    {
        var defaults = dials ? PortTiming.OfCalls : new PortTiming();
        var timing = new PortTiming
        {
            ReplyTimeout = section.Duration("reply-timeout", TimeSpan.FromMilliseconds(100), TenMinutes) ?? defaults.ReplyTimeout,
            Retries = (int?)section.Number("retries", 0, 100) ?? defaults.Retries,
            InterRequestDelay = section.Duration("inter-request-delay", TimeSpan.Zero, TenMinutes) ?? defaults.InterRequestDelay,
            InterCharacterTimeout = section.Duration("inter-character-timeout", TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(60))
                ?? defaults.InterCharacterTimeout,
            ConnectDelay = section.Duration("connect-delay", TimeSpan.Zero, TenMinutes) ?? defaults.ConnectDelay,
            ReconnectMin = section.Duration("reconnect-min", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1))
                ?? defaults.ReconnectMin,
            ReconnectMax = section.Duration("reconnect-max", TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1)) ?? defaults.ReconnectMax,
        };
        if (timing.ReconnectMax < timing.ReconnectMin)
        {
            section.ReportValue(
                section.Has("reconnect-max") ? "reconnect-max" : "reconnect-min",
                $"reconnect-max ({timing.ReconnectMax.TotalSeconds}s) must not be shorter than "
                + $"reconnect-min ({timing.ReconnectMin.TotalSeconds}s).");
        }

        section.RejectUnknown();
        return timing;
    }
}
