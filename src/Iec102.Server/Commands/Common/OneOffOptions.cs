using System.CommandLine;
using Iec102.Acquisition.Ports;
using Iec102.Fleet;
using Iec102.Lines;
using Iec102.Protocol.Link;
using Iec102.Protocol.Time;
using Iec102.Server.OneOff;
using NodaTime;

namespace Iec102.Server.Commands.Common;

/// <summary>
/// The options of a command that talks to one meter without a server: the line, the meter, and how long to wait for answers.
/// </summary>
/// <param name="input">Where a person types the meter's access key.</param>
/// <param name="isTerminal">Whether a person can be asked for it.</param>
internal sealed class OneOffOptions(TextReader input, bool isTerminal)
{
    private static readonly LineFormat StandardFormat = new(9600, 8, Parity.Even, 1);

    /// <summary>How long a meter may keep answering that it has no data yet.</summary>
    private static readonly TimeSpan NoContentLimit = TimeSpan.FromSeconds(60);

    private readonly LineOptions _line = new($"Speed and character format of a serial or rfc2217:// line. [default: {StandardFormat}]");
    private readonly Option<ushort> _link = CommonOptions.Number("--link", ushort.MinValue, ushort.MaxValue, "The meter's link address.");
    private readonly Option<ushort> _point = CommonOptions.Number<ushort>("--point", 0, ushort.MaxValue, "The measurement point.", 1);
    private readonly PasswordOptions _password = new(
        "--password", "The meter's access key, a number; without any it is asked for.", PasswordOptions.Variable);

    private readonly Option<string?> _meter = CommonOptions.Meter("The id under which the meter is shown. [default: meter]");

    private readonly Option<TimeSpan?> _replyTimeout = CommonOptions.Time(
        "--reply-timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(600),
        "How long an answer may take; a GSM line needs 15s. [default: 5s]");

    private readonly Option<int> _retries = CommonOptions.Number("--retries", 0, 100, "How often an unanswered frame is repeated.", 3);

    private readonly Option<DateTimeZone> _zone = CommonOptions.TimeZone();

    private readonly Option<SummerTimeHabit?> _habit = CommonOptions.Optional(
        "--summer-time", "HABIT",
        "How the meter labels summer time: su-bit, always-winter or civil. By default this is recognised from its clock, but only in "
        + "summer.",
        HabitOf);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        _line.AddTo(command);
        foreach (var option in (Option[])[_link, _point, _meter, _replyTimeout, _retries, _zone, _habit])
            command.Add(option);
        _password.AddTo(command);
    }

    /// <summary>The meter that the options name.</summary>
    /// <exception cref="CommandFailure">The options name no line, or two.</exception>
    public OneOffMeter Read(ParseResult parsed)
    {
        var line = _line.Read(parsed);
        var format = line.Format ?? StandardFormat;
        var port = new PortSettings
        {
            Id = "line",
            IsTcp = line.Tcp is not null,
            Hold = null,
            Timing = new LinkTiming
            {
                ReplyTimeout = parsed.GetValue(_replyTimeout) ?? TimeSpan.FromSeconds(5),
                Retries = parsed.GetValue(_retries),
                NoContentLimit = NoContentLimit,
                CharacterTime = line.HasFormat ? format.CharacterTime : TimeSpan.Zero,
            },
        };
        return new OneOffMeter(line.Factory(format), port, new MeterConfiguration
        {
            Id = parsed.GetValue(_meter) ?? "meter",
            Port = port.Id,
            LinkAddress = parsed.GetValue(_link),
            PointAddress = parsed.GetValue(_point),
            Password = new Secret(_password.ReadOrAsk(parsed, input, isTerminal)),
            TimeZone = parsed.GetValue(_zone)!,
            SummerTime = parsed.GetValue(_habit),
            CurrentValues = OneOffMeter.OnlyWhenAsked,
        });
    }

    private static (SummerTimeHabit?, string?) HabitOf(string text) => text switch
    {
        "su-bit" => (SummerTimeHabit.SuBit, null),
        "always-winter" => (SummerTimeHabit.AlwaysWinter, null),
        "civil" => (SummerTimeHabit.Civil, null),
        _ => (null, $"unknown habit '{text}'; use su-bit, always-winter or civil"),
    };
}
