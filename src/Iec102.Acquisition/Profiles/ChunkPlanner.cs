using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>What the planner has chosen.</summary>
/// <param name="Chunk">The next chunk; null when nothing is due.</param>
/// <param name="Memory">What is to be remembered about it.</param>
internal readonly record struct Plan(ReadChunk? Chunk, ChunkMemory Memory);

/// <summary>
/// Chooses what to ask for next. First a running search for the edge, a dozen short requests at most; then the last day, so that an outage
/// does not delay what people look at; then what an operator wants reread; then history, the oldest that the meter still keeps first,
/// because that is what it overwrites next; last the absent intervals whose time has come.
/// </summary>
internal sealed class ChunkPlanner(ProfileSettings settings)
{
    /// <summary>How long an unsupported curve rests.</summary>
    public static readonly Duration UnsupportedRest = Duration.FromDays(1);

    private static readonly Duration Fresh = Duration.FromDays(1);

    /// <summary>
    /// A recorded stretch of up to this many intervals is asked for again together with what is wanted around it: that costs about as much
    /// as a second request and its mirrors.
    /// </summary>
    private const int Bridge = 5;

    /// <summary>What to ask for next.</summary>
    public Plan Next(ProfileState state, ChunkMemory memory, MeterSession session, int maxOctets, Instant now)
    {
        if (RestsUntil(state, now) is not null)
            return new Plan(null, memory);

        var expected = state.Expected(settings.ExpectedEnd(now, session.ClockOffset));
        var lostTo = state.LostTo(now, settings);
        var held = expected with { From = Instant.Max(expected.From, lostTo) };
        var deferred = memory.Deferred(now);
        var missing = state.Coverage.Missing(expected, lostTo).Except(deferred);
        var max = Limited(state.Method, Math.Min(state.Method.IntervalsWithin(maxOctets), memory.Limit));
        var search = Continued(memory.Search, state, max);

        var range = search?.Asked
            ?? Cut(state, missing.Intersect(expected with { From = expected.To - Fresh }), max, expected.To)
            ?? Cut(state, state.Coverage.Reread.Intersect(expected).Except(deferred), max, expected.To)
            ?? Cut(state, missing, max, expected.To)
            ?? Cut(state, state.Coverage.DueAgain(held, now).Except(deferred), max, expected.To);
        var chunk = range is { } chosen
            ? new ReadChunk(
                settings.Curve,
                chosen,
                state.Method.Request(settings.PointAddress, settings.Curve.Record(), chosen, settings.Zone, session.Habit),
                state.Grid.Count(chosen))
            : null;
        return new Plan(chunk, memory with { Search = search });
    }

    /// <summary>When something will be due, if nothing is due now.</summary>
    public Instant NextDue(ProfileState state, ChunkMemory memory, Duration? clockOffset, Instant now)
    {
        if (RestsUntil(state, now) is { } again)
            return again;

        var next = settings.ExpectedAt(state.Grid.Next(settings.ExpectedEnd(now, clockOffset)), clockOffset);
        var lostTo = state.LostTo(now, settings);
        foreach (var absent in state.Coverage.Absent.Where(absent => absent.Range.To > lostTo && absent.NextRetry > now))
            next = Instant.Min(next, absent.NextRetry);
        return memory.NextDeferred(now) is { } deferred ? Instant.Min(next, deferred) : next;
    }

    /// <summary>
    /// Until when an unsupported curve is left alone; null when it is not. What was refused later than now was refused before the clock was
    /// set back, nobody knows when.
    /// </summary>
    private static Instant? RestsUntil(ProfileState state, Instant now) =>
        state.Unsupported?.At + UnsupportedRest is { } end && now < end && end <= now + UnsupportedRest ? end : null;

    /// <summary>As many intervals as fill whole frames.</summary>
    private static int Limited(ReadMethod method, int max)
    {
        var frame = method.IntervalsPerFrame();
        return max < frame ? max : max / frame * frame;
    }

    /// <summary>The running search with its next request; null when there is none or it is over.</summary>
    private static EdgeSearch? Continued(EdgeSearch? search, ProfileState state, int max) =>
        search is null || search.IsOver(state.Grid) ? null : search with { Asked = search.Probe(state.Grid, max) };

    /// <summary>
    /// The oldest wanted intervals, as many as fit, with small recorded stretches between them asked for again; null when none is wanted.
    /// </summary>
    private TimeRange? Cut(ProfileState state, RangeSet wanted, int max, Instant newest)
    {
        var grid = state.Grid;
        TimeRange? cut = null;
        foreach (var range in wanted.Ranges.Where(range => grid.Count(range) > 0))
        {
            if (cut is not { } begun)
                cut = range with { From = grid.Previous(grid.Next(range.From)) };
            else if (grid.Count(begun) < max && IsRecorded(state, new TimeRange(begun.To, range.From), Bridge))
                cut = begun with { To = range.To };
            else
                break;
        }

        if (cut is not { } whole)
            return null;
        var to = Instant.Min(whole.To, grid.Advance(whole.From, max));
        var last = wanted.Intersect(whole with { To = to }).Ranges[^1].To;
        return KeepClear(state, whole with { To = grid.Floor(last) }, newest);
    }

    /// <summary>
    /// Moves bounds out of the hours around a change of the clock where that loses nothing: over what is recorded, or by leaving the rest
    /// to the next chunk. The newest intervals are not held up for it.
    /// </summary>
    private TimeRange KeepClear(ProfileState state, TimeRange range, Instant newest)
    {
        var grid = state.Grid;
        var first = grid.Next(range.From);
        if (ClockChanges.Near(range.From, settings.Zone) is { } begin && grid.Floor(begin - ClockChanges.Clear) is var earlier
            && IsRecorded(state, new TimeRange(earlier, range.From)))
            range = range with { From = earlier };
        if (ClockChanges.Near(range.To, settings.Zone) is not { } change || range.To == newest)
            return range;
        if (grid.Floor(change + ClockChanges.Clear) is var later && later <= newest && IsRecorded(state, new TimeRange(range.To, later)))
            return range with { To = later };
        return grid.Floor(change - ClockChanges.Clear) is var before && before >= first ? range with { To = before } : range;
    }

    private static bool IsRecorded(ProfileState state, TimeRange range, int most = int.MaxValue)
    {
        var count = state.Grid.Count(range);
        return count <= most && state.Grid.Count(state.Coverage.Recorded.Intersect(range)) == count;
    }
}
