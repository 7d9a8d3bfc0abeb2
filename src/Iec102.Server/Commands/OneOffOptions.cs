using System.CommandLine;
using Iec102.Acquisition.Fleet;
using Iec102.Acquisition.Ports;
using Iec102.Lines;
using Iec102.Protocol;
using NodaTime;

namespace Iec102.Server.Commands;

/// <summary>The options of a command that talks with one meter without a server: which line, which meter, how patiently.</summary>
internal sealed class OneOffOptions
{
    private static readonly LineFormat StandardFormat = new(9600, 8, Parity.Even, 1);

    /// <summary>How long a meter may go on saying that it has no data yet.</summary>
    private static readonly TimeSpan NoContentLimit = TimeSpan.FromSeconds(60);

    private readonly Option<TcpLineOptions?> _tcp = CommonOptions.Optional(
        "--tcp", "HOST:PORT", "The Ethernet converter, or the meter's own TCP port.",
        text => TcpLineOptions.TryParse(text, out var tcp) ? (tcp, null) : (tcp, $"'{text}' is no host and port such as 192.0.2.10:4001"));

    private readonly Option<string?> _serial = new("--serial") { Description = "The serial device or optical head, such as /dev/ttyUSB0.", HelpName = "DEVICE" };

    private readonly Option<LineFormat> _format = CommonOptions.Parsed<LineFormat>(
        "--line", "9600-8E1", "Speed and character format of the serial line.", StandardFormat,
        text => LineFormat.TryParse(text, out var format) ? (format, null) : (format, $"'{text}' is no line format such as 9600-8E1"));

    private readonly Option<ushort> _link = CommonOptions.Number("--link", ushort.MinValue, ushort.MaxValue, "The meter's link address.");
    private readonly Option<ushort> _point = CommonOptions.Number<ushort>("--point", 0, ushort.MaxValue, "The measurement point.", 1);
    private readonly Option<uint> _password = CommonOptions.Key("--password", "The meter's access key, a number.");
    private readonly Option<string?> _meter = CommonOptions.Meter("The id to show the meter under. [default: meter]");

    private readonly Option<TimeSpan?> _replyTimeout = CommonOptions.Time(
        "--reply-timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(600), "How long an answer may take; a GSM line needs 15s. [default: 5s]");

    private readonly Option<int> _retries = CommonOptions.Number("--retries", 0, 100, "How often an unanswered frame is repeated, and a lost session opened anew.", 3);

    private readonly Option<DateTimeZone> _zone = CommonOptions.TimeZone();

    private readonly Option<SummerTimeHabit?> _habit = CommonOptions.Optional(
        "--summer-time", "HABIT", "How the meter labels summer time: su-bit, always-winter or civil. Else it is told from its clock, which shows it in summer only.",
        HabitOf);

    /// <summary>Makes the command take them.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_tcp, _serial, _format, _link, _point, _password, _meter, _replyTimeout, _retries, _zone, _habit])
            command.Add(option);
    }

    /// <summary>The meter that the options name.</summary>
    /// <exception cref="CommandFailure">They name no line, or two.</exception>
    public OneOffMeter Read(ParseResult parsed)
    {
        var (tcp, device, format) = (parsed.GetValue(_tcp), parsed.GetValue(_serial), parsed.GetValue(_format));
        if (tcp is null == device is null)
            throw new CommandFailure(CommandFailure.WrongUsage, "Say which line leads to the meter: either --tcp HOST:PORT or --serial DEVICE.");
        var port = new PortSettings
        {
            Id = "line",
            IsTcp = tcp is not null,
            Hold = null,
            Timing = new LinkTiming
            {
                ReplyTimeout = parsed.GetValue(_replyTimeout) ?? TimeSpan.FromSeconds(5),
                Retries = parsed.GetValue(_retries),
                NoContentLimit = NoContentLimit,
                CharacterTime = tcp is null ? format.CharacterTime : TimeSpan.Zero,
            },
        };
        ILineFactory line = tcp is not null ? new TcpLineFactory(tcp) : new SerialLineFactory(new SerialLineOptions(device!, format));
        return new OneOffMeter(
            line, port, parsed.GetValue(_link), parsed.GetValue(_point), new Secret(parsed.GetValue(_password)), parsed.GetValue(_meter) ?? "meter",
            parsed.GetValue(_zone)!, parsed.GetValue(_habit));
    }

    private static (SummerTimeHabit?, string?) HabitOf(string text) => text switch
    {
        "su-bit" => (SummerTimeHabit.SuBit, null),
        "always-winter" => (SummerTimeHabit.AlwaysWinter, null),
        "civil" => (SummerTimeHabit.Civil, null),
        _ => (null, $"there is no habit '{text}'; there are su-bit, always-winter and civil"),
    };
}
