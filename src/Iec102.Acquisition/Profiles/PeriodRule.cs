using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>
/// Learns the real period from the tags of an answer (architecture, "Time of an interval"). A single odd tag, left by a clock that was set, teaches
/// nothing, not even half way between two others: a shorter period takes three equal steps, a longer one four in a row, in an answer that is complete.
/// </summary>
internal static class PeriodRule
{
    private const int StepsForShorter = 3;
    private const int StepsForLonger = 4;
    private static readonly int[] Periods = [5, 10, 15, 30, 60];

    /// <summary>Where the grid has another period than the tags show; null when it fits.</summary>
    /// <param name="grid">The grid so far.</param>
    /// <param name="ends">The ends of one answer, ascending.</param>
    /// <param name="complete">The answer was not cut.</param>
    /// <param name="recorded">What is recorded: there the grid is known and stays.</param>
    public static (TimeRange Range, int PeriodMinutes)? Learn(IntervalGrid grid, IReadOnlyList<Instant> ends, bool complete, RangeSet recorded)
    {
        for (var first = 0; first < ends.Count - StepsForShorter; first++)
        {
            var step = (ends[first + 1] - ends[first]).TotalMinutes;
            var last = first + 1;
            while (last + 1 < ends.Count && (ends[last + 1] - ends[last]).TotalMinutes == step)
                last++;
            if (Array.Exists(Periods, period => period == step) && Teaches(grid, ends[first], ends[last], (int)step, last - first, complete))
            {
                // A recorded end that the grid has already closes the time before the change.
                var isKnown = grid.IsExpected(ends[first]) && recorded.Contains(ends[first]);
                return (Extend(grid, isKnown ? ends[first] : ends[first] - Duration.FromMinutes((int)step), ends[last], recorded), (int)step);
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

    /// <summary>What is not known yet is taken to be like the nearest that is: the run is extended over all time in which nothing is recorded.</summary>
    private static TimeRange Extend(IntervalGrid grid, Instant from, Instant to, RangeSet recorded)
    {
        var before = recorded.Ranges.LastOrDefault(range => range.From < from);
        var after = recorded.Ranges.FirstOrDefault(range => range.To > to);
        return new TimeRange(
            before == default ? Instant.MinValue : Instant.Min(from, grid.Floor(before.To)),
            after == default ? Instant.MaxValue : Instant.Max(to, after.From));
    }
}
