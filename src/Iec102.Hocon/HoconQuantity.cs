using System.Globalization;

namespace Iec102.Hocon;

/// <summary>Durations and sizes: a number and a unit. A duration without unit is in milliseconds, a size in bytes, as HOCON has it.</summary>
public static class HoconQuantity
{
    private const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    private static readonly Dictionary<string, decimal> TicksPerUnit = Units(
        (0.01m, "ns nano nanos nanosecond nanoseconds"),
        (TimeSpan.TicksPerMicrosecond, "us micro micros microsecond microseconds"),
        (TimeSpan.TicksPerMillisecond, "ms milli millis millisecond milliseconds"),
        (TimeSpan.TicksPerSecond, "s second seconds"),
        (TimeSpan.TicksPerMinute, "m min minute minutes"),
        (TimeSpan.TicksPerHour, "h hour hours"),
        (TimeSpan.TicksPerDay, "d day days"));

    private static readonly Dictionary<string, decimal> BytesPerUnit = Units(
        (1m, "B b byte bytes"),
        (1e3m, "kB kilobyte kilobytes"),
        (1e6m, "MB megabyte megabytes"),
        (1e9m, "GB gigabyte gigabytes"),
        (1e12m, "TB terabyte terabytes"),
        (1e15m, "PB petabyte petabytes"),
        (1e18m, "EB exabyte exabytes"),
        (1L << 10, "K k Ki KiB kibibyte kibibytes"),
        (1L << 20, "M m Mi MiB mebibyte mebibytes"),
        (1L << 30, "G g Gi GiB gibibyte gibibytes"),
        (1L << 40, "T t Ti TiB tebibyte tebibytes"),
        (1L << 50, "P p Pi PiB pebibyte pebibytes"),
        (1L << 60, "E e Ei EiB exbibyte exbibytes"));

    /// <summary>Reads a duration such as <c>100 ms</c>, <c>2.5s</c> or <c>180d</c>, rounded to ticks of 100 ns.</summary>
    public static bool TryParseDuration(string text, out TimeSpan duration)
    {
        var parsed = TryParse(text, TicksPerUnit, defaultUnit: "ms", out var ticks);
        duration = new TimeSpan(ticks);
        return parsed;
    }

    /// <summary>Reads a size in bytes such as <c>64 KiB</c> (1024) or <c>10kB</c> (1000).</summary>
    public static bool TryParseSize(string text, out long bytes) => TryParse(text, BytesPerUnit, defaultUnit: "B", out bytes);

    private static bool TryParse(string text, Dictionary<string, decimal> units, string defaultUnit, out long result)
    {
        result = 0;
        text = text.Trim();
        var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c is '.' or '-' or '+').Count();
        var unit = digits < text.Length ? text[digits..].TrimStart() : defaultUnit;
        if (!units.TryGetValue(unit, out var factor)
            || !decimal.TryParse(text.AsSpan(0, digits), Number, CultureInfo.InvariantCulture, out var number)
            || Math.Abs(number) > long.MaxValue / factor)
        {
            return false;
        }

        var product = decimal.Round(number * factor);
        if (product is < long.MinValue or > long.MaxValue)
            return false;
        result = (long)product;
        return true;
    }

    private static Dictionary<string, decimal> Units(params (decimal Factor, string Names)[] units) =>
        units.SelectMany(unit => unit.Names.Split(' ').Select(name => KeyValuePair.Create(name, unit.Factor))).ToDictionary(StringComparer.Ordinal);
}
