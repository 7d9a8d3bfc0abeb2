using System.Diagnostics.CodeAnalysis;
using Iec102.Acquisition;
using Iec102.Hocon;
using NodaTime;

namespace Iec102.Contract;

/// <summary>Which of the current values that were kept as history are wanted.</summary>
/// <param name="Range">The range.</param>
/// <param name="Signal">The only signal that is wanted; null for all.</param>
/// <param name="Step">The length of the steps, each with one value; null for every value that was kept.</param>
public sealed record HistoryQuery(TimeRange Range, string? Signal, Duration? Step)
{
    private const int MostSteps = 100_000;

    /// <summary>
    /// Reads a signal and a step as people write them; both may be left out. If one is wrong, the problem says so in one sentence. No step
    /// ends in the future, where nothing is known yet.
    /// </summary>
    public static bool TryRead(
        TimeRange range, string? signal, string? step, Instant now, [NotNullWhen(true)] out HistoryQuery? query,
        [NotNullWhen(false)] out string? problem)
    {
        query = null;
        problem = null;
        Duration? length = null;
        if (!string.IsNullOrWhiteSpace(signal) && !Signals.All.Contains(signal))
            problem = $"Unknown signal '{signal}'; use one of {string.Join(", ", Signals.All)}.";
        else if (!string.IsNullOrWhiteSpace(step))
            problem = ReadStep(step, range, out length);
        if (problem is null)
        {
            var known = length is null ? range : range with { To = Instant.Min(range.To, now) };
            query = new HistoryQuery(known, string.IsNullOrWhiteSpace(signal) ? null : signal, length);
        }

        return query is not null;
    }

    private static string? ReadStep(string text, TimeRange range, out Duration? step)
    {
        step = null;
        if (!HoconDuration.TryParse(text, out var time) || time < TimeSpan.FromSeconds(1) || time.Ticks % TimeSpan.TicksPerSecond != 0)
            return $"'{text}' is not a valid step: write whole seconds, minutes, hours or days, such as 15m.";
        if (range.From == Instant.MinValue || range.To == Instant.MaxValue)
            return "Steps need a range with both ends: give from and to.";
        step = Duration.FromTimeSpan(time);
        return (range.To - range.From) / step.Value > MostSteps
            ? $"The range has more than {MostSteps} steps of {text}: take longer steps or a shorter range."
            : null;
    }
}
