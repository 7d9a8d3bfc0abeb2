using System.CommandLine;
using Iec102.Acquisition;
using Iec102.Contract;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Server.Commands.Common;
using Iec102.Storage.Exports;
using NodaTime;

namespace Iec102.Server.Commands.Reads;

/// <summary>read: a one-off read without a server.</summary>
internal static class ReadCommand
{
    private const string Description =
        "Reads a meter once, without a server. What was read is written to standard output; what is missing is reported on "
        + "standard error. The exit status is 1 when the line failed, nothing could be read, or a profile has gaps. "
        + "WHAT and its usual range:\n"
        + "  current     the 24 current values\n"
        + "  profile     a load profile or the daily closings; the last whole day, or 31 days of closings\n"
        + "  closings    absolute registers at midnight; the last 31 days\n"
        + "  clock       the clock, compared with this computer's\n"
        + "  id          manufacturer and serial number\n"
        + "  config      model, firmware, ports, transformer ratios, periods, battery, clock changes\n"
        + "  events      events of all records; the last 30 days\n"
        + "  tariff      the current billing period, and the closed ones that end in the range; the last 3 months\n"
        + "  powers      contracted powers\n"
        + "  holidays    holidays and seasons\n"
        + "  parameters  the measurement point; its key is not shown";

    /// <summary>How long after its end the meter has an interval ready.</summary>
    private static readonly Duration Settle = Duration.FromMinutes(2);

    private static readonly string[] Readable =
        ["current", "profile", "closings", "clock", "id", "config", "events", "tariff", "powers", "holidays", "parameters"];

    public static Command Create(TextReader input, bool isTerminal)
    {
        var what = new Argument<string>("WHAT")
        {
            Description = $"{string.Join(", ", Readable[..^1])} or {Readable[^1]}.",
            HelpName = "WHAT",
            CustomParser = result => CommonOptions.Parse(result, "WHAT", text =>
                (text, Readable.Contains(text) ? null : $"'{text}' cannot be read; choose one of {string.Join(", ", Readable)}")),
        };
        what.CompletionSources.Add(Readable);
        var options = new OneOffOptions(input, isTerminal);
        var (from, to) = (CommonOptions.From(), CommonOptions.To());
        var curve = CommonOptions.Optional<string?>(
            "--curve", "hourly|quarter-hour|daily-closing", "The profile. [default: hourly]", text =>
            CurveExtensions.Parse(text) is not null || text == ProfileSeries.DailyClosing
                ? (text, null)
                : (null, $"unknown curve '{text}'; use hourly, quarter-hour or daily-closing"));
        var record = CommonOptions.Number<byte>("--record", 0, byte.MaxValue, "The record to read; 0 for the usual ones.", 0);
        var language = CommonOptions.Optional<EventLanguage>("--lang", "en|es", "The language of events. [default: en]", text => text switch
        {
            "en" => (EventLanguage.English, null),
            "es" => (EventLanguage.Spanish, null),
            _ => (default, $"unknown language '{text}'; use en or es"),
        });
        var format = CommonOptions.Format("table|json|csv");
        var command = new CommandWithExamples(
            "read", Description,
            "read current --tcp 192.0.2.10:4001 --link 34572 --point 1",
            "read profile --serial /dev/ttyUSB0 --line 9600-8E1 --link 1 --password-file key.txt --from 2024-10-01 --to 2024-11-01 "
            + "--format csv",
            "read events --tcp 192.0.2.10:4001 --link 34572 --password-file key.txt --from 2024-10-01 --lang es",
            "read closings --tcp 192.0.2.10:4001 --link 34572 --password 7 --format json")
        {
            what,
        };
        options.AddTo(command);
        foreach (var option in (Option[])[from, to, curve, record, language, format])
            command.Add(option);
        command.SetAction((parsed, ct) =>
        {
            var query = new ReadQuery(
                parsed.GetValue(from), parsed.GetValue(to), parsed.GetValue(record) is > 0 and var other ? other : null,
                parsed.GetValue(language));
            var (meter, shape) = (options.Read(parsed), parsed.GetValue(format) ?? OutputFormat.Table);
            var console = parsed.InvocationConfiguration;
            var (name, profile) = (parsed.GetValue(what)!, parsed.GetValue(curve) ?? Curve.Hourly.Name());
            return name == "profile" && CurveExtensions.Parse(profile) is { } recorded
                ? new ProfileRead(meter, recorded, query.Record ?? recorded.Record(), RangeOf(query, meter.Zone), shape)
                    .RunAsync(console.Output, console.Error, ct)
                : Inquiry.RunAsync(
                    meter, name == "profile" ? profile : name, shape, Reading(name, query, meter.Zone), console.Output, console.Error, ct);
        });
        return command;
    }

    /// <summary>How to read each WHAT. A wrong range is found here, before the line is opened.</summary>
    private static Func<Inquiry, Task<IReadOutput?>> Reading(string what, ReadQuery query, DateTimeZone zone)
    {
        switch (what)
        {
            case "current":
                return ValueRead.CurrentAsync;
            case "clock":
                return ValueRead.ClockAsync;
            case "id":
                return ValueRead.IdentificationAsync;
            case "config":
                return inquiry => new ConfigurationReading(inquiry, query).ReadConfigAsync();
            case "parameters":
                return inquiry => new ConfigurationReading(inquiry, query).ReadParametersAsync();
            case "powers":
                return inquiry => new ConfigurationReading(inquiry, query).ReadPowersAsync();
            case "holidays":
                return inquiry => new ConfigurationReading(inquiry, query).ReadHolidaysAsync();
            case "events":
                var eventRange = query.RangeOf(zone, EventReading.UsualBegin);
                return inquiry => EventReading.ReadAsync(inquiry, query, eventRange);
            case "tariff":
                var tariffRange = query.RangeOf(zone, TariffReading.UsualBegin);
                return inquiry => TariffReading.ReadAsync(inquiry, query, tariffRange);
            default:
                var range = query.RangeOf(zone, ClosingReading.UsualBegin, ofMidnights: true);
                return inquiry => what == "profile"
                    ? new ClosingReading(inquiry, query, range).ReadAsProfileAsync()
                    : new ClosingReading(inquiry, query, range).ReadAsync();
        }
    }

    /// <summary>
    /// The requested range of a profile, or the last whole day, without the intervals that the meter may not have ready yet.
    /// </summary>
    private static TimeRange RangeOf(ReadQuery query, DateTimeZone zone)
    {
        var now = SystemClock.Instance.GetCurrentInstant();
        var midnight = zone.AtStartOfDay(now.InZone(zone).Date);
        var end = query.To is { } to ? CommonOptions.ReadTime("--to", to, zone, DoubledHour.Second)
            : query.From is not null ? now
            : midnight.ToInstant();
        var begin = query.From is { } from
            ? CommonOptions.ReadTime("--from", from, zone, DoubledHour.First)
            : zone.AtStartOfDay((end - Duration.Epsilon).InZone(zone).Date).ToInstant();
        var range = ReadQuery.Check(begin, end);
        return range.From < now - Settle
            ? range with { To = Instant.Min(range.To, now - Settle) }
            : throw new CommandFailure(CommandFailure.WrongUsage, "The range has not begun yet: none of its intervals has ended.");
    }
}
