using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>
/// What a profile journals when its journal and the tables are not from the same moment (one of the files was lost, or restored from a
/// copy): the tables decide what is recorded. Whatever else is expected is missing, so it is read from the meter again.
/// </summary>
internal static class CoverageRebuild
{
    /// <summary>The events, in order; the last one is a <see cref="CoverageRebuilt"/>.</summary>
    /// <param name="settings">The curve.</param>
    /// <param name="state">The profile as recovered from the journal.</param>
    /// <param name="contents">What load_profile holds.</param>
    /// <param name="now">Our clock.</param>
    public static List<IProfileEvent> Of(ProfileSettings settings, ProfileState state, CurveContents contents, Instant now)
    {
        var (events, runs) = (new List<IProfileEvent>(), contents.Runs);
        if (state.Start is null && runs.Count > 0)
        {
            var oldest = runs[0].First - Duration.FromMinutes(runs[0].PeriodMinutes);
            Add(MeterSight.StartAt(settings, settings.From ?? Instant.Min(oldest, now - settings.Depth)));
        }

        for (var i = 0; i < runs.Count; i++)
        {
            if (Teaches(state.Grid, runs[i]))
                Add(new PeriodLearned(new TimeRange(
                    runs[i].First - Duration.FromMinutes(runs[i].PeriodMinutes), i + 1 < runs.Count ? runs[i].Last : Instant.MaxValue),
                    runs[i].PeriodMinutes));
        }

        var stored = Coverage.Empty.Record([.. runs.SelectMany(run => run.Ends())], state.Grid);
        var deleted = contents.DeletedBefore is { } before ? new TimeRange(Instant.MinValue, before - Duration.FromSeconds(1)) : default;
        Add(new CoverageRebuilt(
            stored.Recorded.Union(state.Coverage.Recorded.Intersect(deleted)),
            stored.OffGrid.Union(state.Coverage.OffGrid.Intersect(deleted))));
        return events;

        void Add(IProfileEvent @event)
        {
            events.Add(@event);
            state = state.Apply(@event);
        }
    }

    /// <summary>
    /// What is to be journaled once more: intervals that the journal holds and the tables do not. The writer would skip the events in which
    /// they are for their numbers.
    /// </summary>
    public static List<IntervalsRecorded> NotStored(CurveContents contents, IEnumerable<IntervalsRecorded> unconfirmed)
    {
        var held = contents.Runs.SelectMany(run => run.Ends()).ToHashSet();
        return
        [
            .. unconfirmed.Select(answer => answer with { Intervals = [.. answer.Intervals.Where(one => !held.Contains(one.End))] })
                .Where(answer => answer.Intervals.Count > 0),
        ];
    }

    private static bool Teaches(IntervalGrid grid, StoredRun run) =>
        grid.PeriodAt(run.Last) != run.PeriodMinutes && IntervalGrid.Of(run.PeriodMinutes, grid.PhaseMinutes).IsExpected(run.Last);
}
