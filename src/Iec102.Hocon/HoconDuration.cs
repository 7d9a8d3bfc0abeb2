using System.Globalization;

namespace Iec102.Hocon;

/// <summary>Durations: a number and a unit; a number without a unit is in milliseconds, as HOCON defines it.</summary>
public static class HoconDuration
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

    /// <summary>Reads a duration such as <c>100 ms</c>, <c>2.5s</c> or <c>180d</c>, rounded to ticks of 100 ns.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        text = text.Trim();
        var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c is '.' or '-' or '+').Count();
        var unit = digits < text.Length ? text[digits..].TrimStart() : "ms";
        if (!TicksPerUnit.TryGetValue(unit, out var factor)
            || !decimal.TryParse(text.AsSpan(0, digits), Number, CultureInfo.InvariantCulture, out var number)
            || Math.Abs(number) > long.MaxValue / factor)
        {
            return false;
        }

        var ticks = decimal.Round(number * factor);
        if (ticks is < long.MinValue or > long.MaxValue)
            return false;
        duration = new TimeSpan((long)ticks);
        return true;
    }

    private static Dictionary<string, decimal> Units(params (decimal Factor, string Names)[] units) =>
        units.SelectMany(unit => unit.Names.Split(' ').Select(name => KeyValuePair.Create(name, unit.Factor)))
            .ToDictionary(StringComparer.Ordinal);
}
