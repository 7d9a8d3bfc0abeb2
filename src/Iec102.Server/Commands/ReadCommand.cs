using System.CommandLine;
using Iec102.Acquisition;
using NodaTime;

namespace Iec102.Server.Commands;

/// <summary>read: a one-off read without a server.</summary>
internal static class ReadCommand
{
    private const string Description =
        "Reads a meter once, without a server: current (the 24 current values), profile (a load profile), clock, or id (manufacturer and serial number). "
        + "What could be read is written to standard output, what is missing is said on standard error with exit status 1.";

    /// <summary>How long after its end an interval is ready in the meter.</summary>
    private static readonly Duration Settle = Duration.FromMinutes(2);

    private static readonly string[] Readable = ["current", "profile", "clock", "id"];

    private static readonly string[] NotYet = ["closings", "config", "events", "tariff", "powers", "holidays", "parameters"];

    public static Command Create()
    {
        var what = new Argument<string>("WHAT")
        {
            Description = "current, profile, clock or id.",
            CustomParser = result => CommonOptions.Parse(result, "WHAT", text => (text, ProblemOf(text))),
        };
        var options = new OneOffOptions();
        var (from, to) = (CommonOptions.From(), CommonOptions.To());
        from.Description += " Without --from and --to the last whole day is read.";
        var curve = CommonOptions.Curve();
        var record = CommonOptions.Number<byte>("--record", 0, byte.MaxValue, "The record that holds the curve; 0 for the usual one, 11 or 12.", 0);
        var format = CommonOptions.Format("table|json|csv");
        var command = new CommandWithExamples(
            "read", Description,
            "read current --tcp 192.0.2.10:4001 --link 34572 --point 1 --password 7",
            "read profile --serial /dev/ttyUSB0 --line 9600-8E1 --link 1 --point 1 --password 1 --from 2024-10-01 --to 2024-11-01 --format csv")
        {
            what,
        };
        options.AddTo(command);
        foreach (var option in (Option[])[from, to, curve, record, format])
            command.Add(option);
        command.SetAction(async (parsed, ct) =>
        {
            var (meter, shape, console) = (options.Read(parsed), parsed.GetValue(format) ?? OutputFormat.Table, parsed.InvocationConfiguration);
            switch (parsed.GetValue(what))
            {
                case "profile":
                    var range = RangeOf(parsed.GetValue(from), parsed.GetValue(to), meter.Zone);
                    var number = parsed.GetValue(record) is > 0 and var other ? other : parsed.GetValue(curve).Record();
                    return await new ProfileRead(meter, parsed.GetValue(curve), number, range, shape).RunAsync(console.Output, console.Error, ct);
                case "current":
                    return await ReadAsync("current values", ValueRead.CurrentAsync);
                case "clock":
                    return await ReadAsync("clock", ValueRead.ClockAsync);
                default:
                    return await ReadAsync("identification", ValueRead.IdentificationAsync);
            }

            Task<int> ReadAsync(string title, Func<Inquiry, Task<ReadResult?>> read) =>
                Inquiry.RunAsync(meter, title, shape, read, console.Output, console.Error, ct);
        });
        return command;
    }

    private static string? ProblemOf(string what) =>
        Readable.Contains(what) ? null
        : NotYet.Contains(what) ? $"'{what}' cannot be read yet; current, profile, clock and id can"
        : $"there is no '{what}' to read; there are current, profile, clock and id";

    /// <summary>The range that is asked for, or the last whole day; no interval that the meter may not have ready yet.</summary>
    private static TimeRange RangeOf(string? from, string? to, DateTimeZone zone)
    {
        var now = SystemClock.Instance.GetCurrentInstant();
        var midnight = zone.AtStartOfDay(now.InZone(zone).Date);
        var end = to is not null ? CommonOptions.ReadTime("--to", to, zone, DoubledHour.Second) : from is not null ? now : midnight.ToInstant();
        var begin = from is not null
            ? CommonOptions.ReadTime("--from", from, zone, DoubledHour.First)
            : zone.AtStartOfDay((end - Duration.Epsilon).InZone(zone).Date).ToInstant();
        var range = CommonOptions.CheckRange(begin, end);
        return range.From < now - Settle
            ? range with { To = Instant.Min(range.To, now - Settle) }
            : throw new CommandFailure(CommandFailure.WrongUsage, "The range has not begun yet: no interval of it has ended.");
    }
}
