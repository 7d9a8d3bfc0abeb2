using System.CommandLine;
using Iec102.Lines;
using Iec102.Lines.Serial;
using Iec102.Lines.Tcp;

namespace Iec102.Server.Commands.Common;

/// <summary>The options of a command that opens a line itself: the line and its format.</summary>
/// <param name="formatDescription">What --line does.</param>
internal sealed class LineOptions(string formatDescription)
{
    private readonly Option<TcpLineOptions?> _tcp = CommonOptions.Optional(
        "--tcp", "HOST:PORT",
        "The Ethernet converter, or the meter's own TCP port; with telnet:// or rfc2217:// before it, a converter that speaks Telnet.",
        text => TcpLineOptions.TryParse(text, out var tcp)
            ? (tcp, null)
            : (tcp, $"'{text}' is not a host and port such as 192.0.2.10:4001"));

    private readonly Option<string?> _serial = new("--serial")
    {
        Description = "The serial device or optical head, such as /dev/ttyUSB0.",
        HelpName = "DEVICE",
    };

    private readonly Option<LineFormat?> _format = CommonOptions.Optional<LineFormat?>(
        "--line", "9600-8E1", formatDescription,
        text => LineFormat.TryParse(text, out var format) ? (format, null) : (null, $"'{text}' is not a line format such as 9600-8E1"));

    private readonly Option<TimeSpan?> _connectDelay = CommonOptions.Time(
        "--connect-delay", TimeSpan.Zero, TimeSpan.FromSeconds(600),
        "How long to wait after the line has been opened, for converters that are deaf at first. [default: 0s]");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_tcp, _serial, _format, _connectDelay])
            command.Add(option);
    }

    /// <summary>The line that the options name.</summary>
    /// <exception cref="CommandFailure">The options name no line, or two.</exception>
    public ChosenLine Read(ParseResult parsed)
    {
        var (tcp, device) = (parsed.GetValue(_tcp), parsed.GetValue(_serial));
        return tcp is null != device is null
            ? new ChosenLine(tcp, device, parsed.GetValue(_format), parsed.GetValue(_connectDelay))
            : throw new CommandFailure(
                CommandFailure.WrongUsage, "Say which line leads to the meter: either --tcp HOST:PORT or --serial DEVICE.");
    }
}

/// <summary>The line that the options name: either TCP or serial.</summary>
/// <param name="Tcp">The converter.</param>
/// <param name="Device">The serial device.</param>
/// <param name="Format">The format of the serial line, when one was given.</param>
/// <param name="ConnectDelay">The wait after the line has been opened, when one was given.</param>
internal sealed record ChosenLine(TcpLineOptions? Tcp, string? Device, LineFormat? Format, TimeSpan? ConnectDelay)
{
    /// <summary>Whether the line has a format that is set from here; otherwise it is set in the converter.</summary>
    public bool HasFormat => Tcp is null or { Protocol: TcpProtocol.Rfc2217 };

    /// <summary>The factory that opens the line, in this format if it has one.</summary>
    public ILineFactory Factory(LineFormat format) => Tcp is not null
        ? new TcpLineFactory(
            Tcp with { Format = HasFormat ? format : null, ConnectDelay = ConnectDelay ?? TimeSpan.Zero })
        : new SerialLineFactory(new SerialLineOptions(Device!, format) { ConnectDelay = ConnectDelay ?? TimeSpan.Zero });
}
