using System.CommandLine;
using System.Globalization;
using Iec102.Fleet;
using Iec102.Server.Commands.Common;

namespace Iec102.Server.Commands.Probing;

/// <summary>The link addresses to ask, both ends included.</summary>
internal readonly record struct LinkRange(ushort First, ushort Last)
{
    /// <summary>All addresses in the range.</summary>
    public IEnumerable<ushort> Addresses => Enumerable.Range(First, Last - First + 1).Select(address => (ushort)address);
}

/// <summary>probe: finds what answers on a line, for somebody in front of an unknown meter.</summary>
internal static class ProbeCommand
{
    private const string Description =
        "Finds what answers on a line and identifies it: tries the presets' line formats on a serial port and every link address in a "
        + "range, with one short request each, then logs in to each meter found and asks for its identity, clock, curves and the types "
        + "that it supports. Writes nothing to a meter. Prints a fleet file for what was found. A meter that counts wrong passwords may "
        + "lock itself: give the right one with --password if you know it.";

    private const int MostPasswords = 8;

    /// <summary>65535 is left out: in the base standard it addresses all meters at once.</summary>
    private const ushort LastAddress = 65534;

    private static readonly LinkRange StandardRange = new(1, 32);

    public static Command Create()
    {
        var line = new LineOptions("The line format to try first on a serial or rfc2217:// line. [default: those of the presets]");
        var link = CommonOptions.Optional<ushort?>("--link", "N", "The only link address to ask.", text =>
            TryAddress(text, out var address) ? (address, null) : (null, $"'{text}' is not a link address from 0 to {LastAddress}"));
        var scan = CommonOptions.Optional<LinkRange?>(
            "--scan", "FROM-TO",
            $"The link addresses to ask; each unused one costs one timeout. [default: {StandardRange.First}-{StandardRange.Last}]",
            RangeOf);
        var preset = CommonOptions.Optional<Preset?>(
            "--preset", string.Join('|', Preset.All.Select(one => one.Name)),
            "The distributor whose usual line format, link address and password the meter has.", text =>
                Preset.All.FirstOrDefault(one => one.Name == text) is { } known
                    ? (known, null)
                    : (null, $"'{text}' is not one of {string.Join(", ", Preset.All.Select(one => one.Name))}"));
        var number = CommonOptions.Optional<(string Text, ushort Link)?>(
            "--meter-number", "N", "The number on the meter's plate: its last five digits are the only link address to ask.", text =>
                !text.All(each => char.IsAsciiLetterOrDigit(each) || each is '-' or '.' or '/' or ' ')
                    ? (null, $"'{text}' is not the number of a meter: letters, digits, blanks and . / -")
                : Preset.TryLinkAddress(text, out var address, out var problem) ? ((text, address), null)
                : (null, problem.TrimEnd('.')));
        var passwords = new PasswordOptions(
            "--password", $"The access keys to try, {MostPasswords} at most. [default: that of --preset, or those of all presets]",
            PasswordOptions.Variable, MostPasswords);
        var point = CommonOptions.Number<ushort>("--point", 0, ushort.MaxValue, "The measurement point.", 1);
        var replyTimeout = CommonOptions.Time(
            "--reply-timeout", TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(60),
            "How long to wait for each address; a GSM line needs 15s. [default: 500ms]");
        var zone = CommonOptions.TimeZone();
        var format = CommonOptions.Format("table|json|csv");
        var command = new CommandWithExamples(
            "probe", Description,
            "probe --serial /dev/ttyUSB0",
            "probe --serial /dev/ttyUSB0 --preset iberdrola --meter-number 501234567",
            "probe --tcp 192.0.2.10:4001 --scan 1-50 --password 1,7",
            "probe --serial /dev/ttyUSB0 --line 9600-8E1 --link 34572 --password 7 --format json");
        line.AddTo(command);
        foreach (var option in (Option[])[link, scan, preset, number, point, replyTimeout, zone, format])
            command.Add(option);
        passwords.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var given = passwords.Read(parsed);
            var (known, plate, chosen) = (parsed.GetValue(preset), parsed.GetValue(number), line.Read(parsed));
            var range = RangeOf(parsed.GetValue(link), parsed.GetValue(scan), known, plate?.Link);
            var probe = new LineProbe(
                chosen with { Format = chosen.Format ?? known?.Line }, range, Named(given, known),
                parsed.GetValue(point),
                parsed.GetValue(replyTimeout) ?? TimeSpan.FromMilliseconds(500), parsed.GetValue(zone)!)
            {
                Preset = given.Length > 0 ? null : known?.Name,
                MeterNumber = range.First == plate?.Link && range.Last == range.First ? plate?.Text : null,
            };
            return await RunAsync(
                probe, parsed.GetValue(format) ?? OutputFormat.Table, parsed.InvocationConfiguration.Output,
                parsed.InvocationConfiguration.Error, ct);
        });
        return command;
    }

    private static async Task<int> RunAsync(LineProbe probe, OutputFormat format, TextWriter output, TextWriter error, CancellationToken ct)
    {
        await probe.RunAsync(error, ct);
        if (probe.Report is not { Meters.Count: > 0 } report)
            throw new CommandFailure(CommandFailure.Failed, probe.Problem!);
        await report.ToResult().WriteAsync(output, format);
        if (format == OutputFormat.Table)
        {
            await output.WriteLineAsync();
            var seconds = report.Took.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture);
            await output.WriteAsync(
                $"# A fleet file for what was found in {seconds} s; it shows no password.\n{report.ToFleet()}");
        }

        if (probe.Problem is null)
            return 0;
        await error.WriteLineAsync(probe.Problem);
        return CommandFailure.Failed;
    }

    /// <summary>The link addresses to ask: as given, otherwise those of the meter number or the preset.</summary>
    /// <exception cref="CommandFailure">They are given twice, or not at all for a preset that has no usual one.</exception>
    private static LinkRange RangeOf(ushort? only, LinkRange? range, Preset? preset, ushort? ofNumber)
    {
        if (only is not null && range is not null)
            throw new CommandFailure(CommandFailure.WrongUsage, "Say which link addresses to ask: either --link N or --scan FROM-TO.");
        if (range is not null)
            return range.Value;
        return (only ?? ofNumber ?? preset?.LinkAddress) is { } one ? new LinkRange(one, one)
            : preset is null ? StandardRange
            : throw new CommandFailure(
                CommandFailure.WrongUsage,
                $"The preset {preset.Name} makes the link address from the meter's number: give --meter-number N, --link N or "
                + "--scan FROM-TO.");
    }

    private static bool TryAddress(string text, out ushort address) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out address) && address <= LastAddress;

    private static (LinkRange?, string?) RangeOf(string text)
    {
        var ends = text.Split('-');
        return ends.Length == 2 && TryAddress(ends[0], out var first) && TryAddress(ends[1], out var last) && first <= last
            ? (new LinkRange(first, last), null)
            : (null, $"'{text}' is not a range of link addresses from 0 to {LastAddress} such as 1-50");
    }

    private static List<NamedPassword> Named(uint[] given, Preset? known) => given.Length > 0
        ? [.. given.Distinct().Select((key, at) => new NamedPassword(new Secret(key), $"password {at + 1} of those given"))]
        : [.. (known is null ? Preset.All : [known]).GroupBy(preset => preset.Password).Select(same =>
            new NamedPassword(
                new Secret(same.Key), $"the password of the preset {string.Join(", ", same.Select(preset => preset.Name))}"))];
}
