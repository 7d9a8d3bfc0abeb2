using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Hocon;
using Iec102.Acquisition;

namespace Iec102.Server.Commands;

/// <summary>Options that several commands share, so that they are named and explained the same everywhere, and each wrong value gets one sentence.</summary>
internal static class CommonOptions
{
    /// <summary>--fleet, required.</summary>
    public static Option<string> Fleet() => new("--fleet") { Description = "The fleet file: ports and meters (HOCON).", Required = true, HelpName = "FILE" };

    /// <summary>--data.</summary>
    public static Option<string> Data() => new("--data")
    {
        Description = "The data directory: the journal and the readings.",
        DefaultValueFactory = _ => "./data",
        HelpName = "DIR",
    };

    /// <summary>--from, as text: what a civil time means depends on a zone that is known later.</summary>
    public static Option<string?> From() => new("--from")
    {
        Description = "Begin of the range, exclusive: ISO 8601 with offset, 2024-10-27T02:00:00+02:00, or a civil time of the meter's zone, 2024-10-27T02:00 or 2024-10-27.",
        HelpName = "T",
    };

    /// <summary>--to, as text.</summary>
    public static Option<string?> To() => new("--to") { Description = "End of the range, inclusive, written in the same ways.", HelpName = "T" };

    /// <summary>--curve.</summary>
    public static Option<Curve> Curve() => Parsed<Curve>("--curve", "hourly|quarter-hour", "Which load profile.", Acquisition.Curve.Hourly, text =>
        CurveExtensions.Parse(text) is { } curve ? (curve, null) : (default, $"there is no curve '{text}'; there are hourly and quarter-hour"));

    /// <summary>A whole number within limits.</summary>
    public static Option<T> Number<T>(string name, T min, T max, string description, T? standard = null) where T : struct, IBinaryInteger<T> =>
        Parsed(name, "N", description, standard, NumberWithin(min, max));

    /// <summary>A key that must not be shown: its value never enters an error sentence.</summary>
    public static Option<uint> Key(string name, string description, uint? standard = null) =>
        Parsed(name, "N", description, standard, text =>
            NumberWithin(uint.MinValue, uint.MaxValue)(text) is (var key, null) ? (key, null) : (0u, $"a key is a whole number from 0 to {uint.MaxValue}"));

    /// <summary>A time span such as 500ms, 3s or 2m.</summary>
    public static Option<TimeSpan> Time(string name, TimeSpan min, TimeSpan max, string description, TimeSpan standard)
    {
        return Parsed<TimeSpan>(name, "D", description, standard, text =>
            HoconQuantity.TryParseDuration(text, out var time) && time >= min && time <= max
                ? (time, null)
                : (default, $"'{text}' is no time from {InWords(min)} to {InWords(max)}, such as 500ms or 3s"));

        static string InWords(TimeSpan time) => time < TimeSpan.FromSeconds(1) ? $"{time.TotalMilliseconds}ms" : $"{time.TotalSeconds}s";
    }

    /// <summary>An option whose text is read by a function that answers the value, or what is wrong with the text; required when it has no standard value.</summary>
    public static Option<T> Parsed<T>(string name, string form, string description, T? standard, Func<string, (T Value, string? Error)> parse) where T : struct
    {
        var option = Optional(name, form, description, parse);
        option.Required = standard is null;
        if (standard is { } value)
            option.DefaultValueFactory = _ => value;
        return option;
    }

    /// <summary>The same, for an option that may be left out.</summary>
    public static Option<T> Optional<T>(string name, string form, string description, Func<string, (T Value, string? Error)> parse) =>
        new(name) { Description = description, HelpName = form, CustomParser = result => Parse(result, name, parse) };

    /// <summary>Reads the one token of an argument or option.</summary>
    public static T Parse<T>(ArgumentResult result, string name, Func<string, (T Value, string? Error)> parse)
    {
        var (value, error) = parse(result.Tokens[0].Value);
        if (error is not null)
            result.AddError($"{name}: {error}.");
        return value;
    }

    private static Func<string, (T, string?)> NumberWithin<T>(T min, T max) where T : struct, IBinaryInteger<T> => text =>
        T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? (number, null)
            : (T.Zero, $"'{text}' is no whole number from {min} to {max}");

    /// <summary>--urls.</summary>
    public static Option<string> Urls() => new("--urls")
    {
        Description = "Where the API listens; several with ';'. Anything but loopback needs iec102.api.keys.",
        DefaultValueFactory = _ => "http://127.0.0.1:8102",
        HelpName = "URL",
    };
}
