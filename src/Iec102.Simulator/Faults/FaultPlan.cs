using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Iec102.Simulator.Faults;

/// <summary>
/// The faults of a line, written as comma-separated <c>NAME=VALUE</c> items, such as
/// <c>loss=5%,bit-errors=1e-4,junk=2%,delay=0-300ms,silence=20s/5m,disconnect=0.1%</c>. A seed decides each fault, so a run can be
/// repeated.
/// </summary>
public sealed partial record FaultPlan
{
    /// <summary>Describes the items, for a help text.</summary>
    public const string Help =
        """
        Comma-separated NAME=VALUE items:
          loss=P              a frame is lost, in either direction
          bit-errors=P        a bit is inverted, in either direction
          junk=P              1 to 8 stray octets precede an answer
          delay=A or A-B      an answer is delayed by A, or by any time from A to B
          silence=A/B         the line is dead for A once in every B, for requests and answers alike
          disconnect=P        the connection breaks instead of an answer
        P is a probability such as 5% or 1e-4. Times are written as 300ms, 2s, 5m or 1h; in delay=0-300ms the unit applies to both.
        """;

    /// <summary>Probability that a frame is lost, in each direction.</summary>
    public double Loss { get; init; }

    /// <summary>Probability that a bit is inverted, in each direction.</summary>
    public double BitErrors { get; init; }

    /// <summary>Probability of stray octets before an answer.</summary>
    public double Junk { get; init; }

    /// <summary>Probability that the connection breaks instead of delivering an answer.</summary>
    public double Disconnect { get; init; }

    /// <summary>Shortest delay of an answer.</summary>
    public TimeSpan DelayMin { get; init; }

    /// <summary>Longest delay of an answer.</summary>
    public TimeSpan DelayMax { get; init; }

    /// <summary>How long the line is dead; this happens once in each <see cref="SilencePeriod"/>.</summary>
    public TimeSpan Silence { get; init; }

    /// <summary>The length of the periods that contain one silence each, at an instant that the seed decides.</summary>
    public TimeSpan SilencePeriod { get; init; }

    /// <summary>Parses the written form; on false, <paramref name="error"/> is one sentence that says what is wrong.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out FaultPlan? plan, [NotNullWhen(false)] out string? error)
    {
        plan = null;
        error = null;
        var read = new FaultPlan();
        var seen = new HashSet<string>();
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = item.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Length != 2)
                error = $"The fault '{item}' is not of the form NAME=VALUE.";
            else if (!seen.Add(parts[0]))
                error = $"The fault '{parts[0]}' is given twice.";
            else
                read = With(read, parts[0], parts[1], out error);
            if (error is not null)
                return false;
        }

        plan = read;
        return true;
    }

    private static FaultPlan With(FaultPlan plan, string name, string value, out string? error)
    {
        error = null;
        switch (name)
        {
            case "loss" or "bit-errors" or "junk" or "disconnect":
                if (ProbabilityOf(value) is not { } probability)
                    error = $"The fault '{name}' needs a probability from 0 to 1, such as 5% or 1e-4, not '{value}'.";
                else
                    return name switch
                    {
                        "loss" => plan with { Loss = probability },
                        "bit-errors" => plan with { BitErrors = probability },
                        "junk" => plan with { Junk = probability },
                        _ => plan with { Disconnect = probability },
                    };
                break;

            case "delay":
                if (RangeOf(value) is var (min, max))
                    return plan with { DelayMin = min, DelayMax = max };
                error = $"The fault 'delay' needs a time or a range of times, such as 300ms or 0-300ms, not '{value}'.";
                break;

            case "silence":
                if (value.Split('/', StringSplitOptions.TrimEntries) is [var length, var period]
                    && TimeOf(length) is { } silence && TimeOf(period) is { } every && silence > TimeSpan.Zero && silence < every)
                    return plan with { Silence = silence, SilencePeriod = every };
                error = $"The fault 'silence' needs a time and the longer time in which it occurs once, such as 20s/5m, not '{value}'.";
                break;

            default:
                error = $"There is no fault '{name}'; there are loss, bit-errors, junk, delay, silence and disconnect.";
                break;
        }

        return plan;
    }

    private static double? ProbabilityOf(string text)
    {
        var percent = text.EndsWith('%');
        return double.TryParse(percent ? text[..^1] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && (percent ? number / 100 : number) is >= 0 and <= 1 and var probability
            ? probability
            : null;
    }

    private static (TimeSpan Min, TimeSpan Max)? RangeOf(string text)
    {
        if (RangeForm().Match(text) is not { Success: true, Groups: var parts })
            return null;
        var to = TimeOf(parts["to"].Value);
        var from = !parts["from"].Success ? to : TimeOf(parts["from"].Value) ?? TimeOf(parts["from"].Value + parts["unit"].Value);
        return from <= to ? (from.Value, to.Value) : null;
    }

    /// <summary>Parses a time such as 300ms, 2s, 5m or 1h; null when the text is not one.</summary>
    internal static TimeSpan? TimeOf(string text)
    {
        if (TimeForm().Match(text) is not { Success: true, Groups: var parts })
            return null;
        var unit = parts["unit"].Value switch { "ms" => 1, "s" => 1000, "m" => 60_000, _ => 3_600_000 };
        var milliseconds = double.Parse(parts["number"].ValueSpan, CultureInfo.InvariantCulture) * unit;
        return milliseconds <= TimeSpan.FromDays(1).TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
    }

    [GeneratedRegex(@"\A(?<number>[0-9]{1,9}(\.[0-9]{1,6})?)(?<unit>ms|s|m|h)\z")]
    private static partial Regex TimeForm();

    [GeneratedRegex(@"\A((?<from>[0-9.]+(ms|s|m|h)?)-)?(?<to>[0-9.]+(?<unit>ms|s|m|h))\z")]
    private static partial Regex RangeForm();
}
