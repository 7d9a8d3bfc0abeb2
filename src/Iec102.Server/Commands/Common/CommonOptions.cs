using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Iec102.Acquisition;
using Iec102.Contract;
using Iec102.Fleet;
using Iec102.Hocon;
using Iec102.Server.Api;
using Iec102.Storage;
using Iec102.Storage.Files;
using NodaTime;

namespace Iec102.Server.Commands.Common;

/// <summary>
/// Options that several commands share, so that they have the same name and help everywhere and a wrong value is reported in one sentence.
/// </summary>
internal static partial class CommonOptions
{
    private const string StandardZone = "Europe/Madrid";

    /// <summary>--fleet, required.</summary>
    public static Option<string> Fleet() => new("--fleet")
    {
        Description = "The fleet file: ports and meters (HOCON).",
        Required = true,
        HelpName = "FILE",
    };

    /// <summary>--node, for a file.</summary>
    public static Option<string?> NodeFile() => new("--node")
    {
        Description = "The file of this node among several, which holds iec102.node (HOCON); hocon/cluster.example.conf explains it.",
        HelpName = "FILE",
    };

    /// <summary>--data.</summary>
    public static Option<string> Data() => new("--data")
    {
        Description = "The data directory: the journal and the readings.",
        DefaultValueFactory = _ => "./data",
        HelpName = "DIR",
    };

    /// <summary>Opens the data directory of a server for reading.</summary>
    /// <exception cref="CommandFailure">There is no such directory.</exception>
    public static DataDirectory OpenData(string path)
    {
        try
        {
            return DataDirectory.Existing(path);
        }
        catch (StorageException e)
        {
            throw new CommandFailure(CommandFailure.WrongUsage, e.Message);
        }
    }

    /// <summary>--urls.</summary>
    public static Option<string[]> Urls() => new("--urls")
    {
        Description = "Where the API listens; a number alone is a port of 127.0.0.1, and several are separated by ';'. Any address other "
            + "than loopback needs iec102.api.keys.",
        DefaultValueFactory = _ => ["http://127.0.0.1:8102"],
        CustomParser = result => Parse(result, "--urls", text =>
        {
            var urls = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(WholeUrl).ToArray();
            return urls.FirstOrDefault(url => !ApiAccess.IsAddress(url)) is { } wrong
                ? ([], $"'{wrong}' is not an address such as http://127.0.0.1:8102")
                : (urls, urls.Length > 0 ? null : "no address is given");
        }),
        HelpName = "URL",
    };

    /// <summary>An address as it was given; a number alone is a port of this computer.</summary>
    public static string WholeUrl(string given) =>
        ushort.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? $"http://127.0.0.1:{port}"
            : given;

    /// <summary>--from, as text: what a civil time means depends on a zone that is known later.</summary>
    public static Option<string?> From() => new("--from")
    {
        Description = "Start of the range, exclusive: ISO 8601 with offset, 2024-10-27T02:00:00+02:00, or a civil time in the "
            + "meter's zone, 2024-10-27T02:00 or 2024-10-27.",
        HelpName = "T",
    };

    /// <summary>--to, as text.</summary>
    public static Option<string?> To() => new("--to")
    {
        Description = "End of the range, inclusive, written in the same way.",
        HelpName = "T",
    };

    /// <summary>--curve; hourly when it is not given.</summary>
    public static Option<Curve> Curve() =>
        Optional<Curve>("--curve", "hourly|quarter-hour", "The load profile. [default: hourly]", text =>
            CurveExtensions.Parse(text) is { } curve
                ? (curve, null)
                : (default, $"unknown curve '{text}'; use hourly or quarter-hour"));

    /// <summary>--meter, an id as in the fleet file.</summary>
    public static Option<string?> Meter(string description) => Optional<string?>("--meter", "ID", description, text =>
        MeterId().IsMatch(text) ? (text, null) : (null, $"'{text}' is not a valid id: 1 to 64 letters, digits, - and _"));

    /// <summary>--format: one of the formats that the form lists, the first when it is not given.</summary>
    public static Option<OutputFormat?> Format(string form)
    {
        var names = form.Split('|');
        return Optional<OutputFormat?>("--format", form, $"The output format. [default: {names[0]}]", text => names.Contains(text)
            ? (Enum.Parse<OutputFormat>(text, ignoreCase: true), null)
            : (null, $"unknown format '{text}'; use one of {string.Join(", ", names)}"));
    }

    /// <summary>--time-zone.</summary>
    public static Option<DateTimeZone> TimeZone()
    {
        var option = Optional("--time-zone", "ZONE", "The time zone of the meter's civil time.", text =>
            Zone(text) is { } zone ? (zone, null) : (DateTimeZone.Utc, $"unknown time zone '{text}'; write one like {StandardZone}"));
        option.DefaultValueFactory = _ => Zone(StandardZone)!;
        return option;
    }

    /// <summary>Reads a time that was given as text.</summary>
    /// <exception cref="CommandFailure">The text is not a time.</exception>
    public static Instant ReadTime(string option, string text, DateTimeZone zone, DoubledHour doubled) =>
        TimeText.TryParse(text, zone, doubled, out var time)
        ? time.Value
        : throw new CommandFailure(CommandFailure.WrongUsage, $"{option}: '{text}' is not a valid time; {TimeText.Expected}.");

    /// <summary>Makes a range, and checks that it is not empty.</summary>
    /// <exception cref="CommandFailure">The range ends before it begins.</exception>
    public static TimeRange CheckRange(Instant from, Instant to) => from < to
        ? new TimeRange(from, to)
        : throw new CommandFailure(CommandFailure.WrongUsage, from == to
            ? "The range is empty: for a whole day, --to is the day after --from."
            : "The range is empty: --from must be earlier than --to.");

    /// <summary>A number within limits; a whole one, unless its type has others.</summary>
    public static Option<T> Number<T>(string name, T min, T max, string description, T? standard = null)
        where T : struct, INumber<T> =>
        Parsed(name, "N", description, standard, NumberWithin(min, max));

    /// <summary>A key that must not be shown: its value never appears in an error message.</summary>
    public static Option<uint> Key(string name, string description, uint? standard = null) =>
        Parsed(name, "N", description, standard, text =>
            NumberWithin(uint.MinValue, uint.MaxValue)(text) is (var key, null)
                ? (key, null)
                : (0u, $"a key is a whole number from 0 to {uint.MaxValue}"));

    /// <summary>A time span such as 500ms, 3s or 2m; a number alone, which would be taken for milliseconds, only when it is 0.</summary>
    public static Option<TimeSpan?> Time(string name, TimeSpan min, TimeSpan max, string description)
    {
        return Optional<TimeSpan?>(name, "D", description, text => HoconDuration.TryParse(text, out var time) && time >= min && time <= max
            && (time == TimeSpan.Zero || char.IsAsciiLetter(text[^1]))
            ? (time, null)
            : (null, $"'{text}' is not a time from {InWords(min)} to {InWords(max)}, such as 500ms or 3s"));

        static string InWords(TimeSpan time) => time.TotalSeconds is > 0 and < 1 ? $"{time.TotalMilliseconds}ms" : $"{time.TotalSeconds}s";
    }

    /// <summary>
    /// An option whose text is read by a function that returns the value, or what is wrong with the text; required when it has no default
    /// value.
    /// </summary>
    public static Option<T> Parsed<T>(
        string name, string form, string description, T? standard, Func<string, (T Value, string? Error)> parse) where T : struct
    {
        var option = Optional(name, form, description, parse);
        option.Required = standard is null;
        if (standard is { } value)
            option.DefaultValueFactory = _ => value;
        return option;
    }

    /// <summary>
    /// An option that may be left out, whose text is read by a function that returns the value, or what is wrong with the text.
    /// </summary>
    public static Option<T> Optional<T>(string name, string form, string description, Func<string, (T Value, string? Error)> parse)
    {
        var option = new Option<T>(name)
        {
            Description = description,
            HelpName = form,
            CustomParser = result => Parse(result, name, parse),
        };
        // A form such as table|json|csv names all values.
        if (form.Contains('|'))
        {
            option.CompletionSources.Clear();
            option.CompletionSources.Add(form.Split('|'));
        }

        return option;
    }

    /// <summary>Reads the one token of an argument or option.</summary>
    public static T Parse<T>(ArgumentResult result, string name, Func<string, (T Value, string? Error)> parse)
    {
        var (value, error) = parse(result.Tokens[0].Value);
        if (error is not null)
            result.AddError($"{name}: {error}.");
        return value;
    }

    private static Func<string, (T, string?)> NumberWithin<T>(T min, T max) where T : struct, INumber<T>
    {
        var isWhole = T.One / (T.One + T.One) == T.Zero;
        return text => T.TryParse(
            text, NumberStyles.AllowLeadingSign | (isWhole ? 0 : NumberStyles.AllowDecimalPoint), CultureInfo.InvariantCulture,
            out var number) && number >= min && number <= max
            ? (number, null)
            : (T.Zero, $"'{text}' is not a {(isWhole ? "whole " : "")}number from {min} to {max}");
    }

    private static DateTimeZone? Zone(string id) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(id);

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex MeterId();
}
