using Iec102.Fleet;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>
/// Where the real period comes from (architecture, "Time of an interval"): the meter's configuration, and the labels of its answers. A
/// single odd label, left by a clock that was set, proves nothing, not even half way between two others: a shorter period takes three equal
/// steps, a longer one four in a row, in an answer that is complete.
/// </summary>
internal static class PeriodRule
{
    private const int StepsForShorter = 3;
    private const int StepsForLonger = 4;
    private static readonly int[] Periods = [5, 10, 15, 30, 60];

    /// <summary>The period of a curve in a meter's configuration; null when that is not known or is not a valid period.</summary>
    public static int? Configured(Curve curve, CurvePeriods? periods)
    {
        var configured = curve == Curve.Hourly ? periods?.Period1Minutes : periods?.Period2Minutes;
        return configured is { } minutes && Array.IndexOf(Periods, minutes) >= 0 ? minutes : null;
    }

    /// <summary>
    /// What another configured period means for the grid: it holds from the last recorded interval on. Only a period that changed counts,
    /// so that a configuration that contradicts the labels does not overrule them time and again.
    /// </summary>
    public static PeriodLearned? Change(ProfileState state, SetUpSeen setUp)
    {
        if (setUp.PeriodMinutes is not { } period || period == state.SetUp.PeriodMinutes || period == state.Grid.Segments[^1].PeriodMinutes)
            return null;
        var recorded = state.Coverage.Recorded;
        return new PeriodLearned(new TimeRange(recorded.IsEmpty ? Instant.MinValue : recorded.Ranges[^1].To, Instant.MaxValue), period);
    }

    /// <summary>Where the labels show another period than the grid has; null when it fits.</summary>
    /// <param name="grid">The grid so far.</param>
    /// <param name="ends">The ends of one answer, ascending.</param>
    /// <param name="complete">The answer was not cut.</param>
    /// <param name="recorded">What is recorded: there the grid is known and stays.</param>
    public static (TimeRange Range, int PeriodMinutes)? Learn(
        IntervalGrid grid, IReadOnlyList<Instant> ends, bool complete, RangeSet recorded)
    {
        for (var first = 0; first < ends.Count - StepsForShorter; first++)
        {
            var step = (ends[first + 1] - ends[first]).TotalMinutes;
            var last = first + 1;
            while (last + 1 < ends.Count && (ends[last + 1] - ends[last]).TotalMinutes == step)
                last++;
            if (Array.Exists(Periods, period => period == step)
                && Teaches(grid, ends[first], ends[last], (int)step, last - first, complete))
            {
                // If the first end is recorded and already on the grid, the new period begins there.
                var isKnown = grid.IsExpected(ends[first]) && recorded.Contains(ends[first]);
                var from = isKnown ? ends[first] : ends[first] - Duration.FromMinutes((int)step);
                return (Extend(grid, from, ends[last], recorded), (int)step);
            }

            first = last - 1;
        }

        return null;
    }

    private static bool Teaches(IntervalGrid grid, Instant first, Instant last, int step, int steps, bool complete)
    {
        if (!IntervalGrid.Of(step, grid.PhaseMinutes).IsExpected(first))
            return false;
        var expected = grid.Count(new TimeRange(first, last));
        return expected < steps ? steps >= StepsForShorter : expected > steps && complete && steps >= StepsForLonger;
    }

    /// <summary>
    /// Unknown time is assumed to be like the nearest known time: the run is extended over all time in which nothing is recorded.
    /// </summary>
    private static TimeRange Extend(IntervalGrid grid, Instant from, Instant to, RangeSet recorded)
    {
        var before = recorded.Ranges.LastOrDefault(range => range.From < from);
        var after = recorded.Ranges.FirstOrDefault(range => range.To > to);
        return new TimeRange(
            before == default ? Instant.MinValue : Instant.Min(from, grid.Floor(before.To)),
            after == default ? Instant.MaxValue : Instant.Max(to, after.From));
    }
}
