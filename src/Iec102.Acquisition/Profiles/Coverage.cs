using System.Collections.Immutable;
using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;
using NodaTime;
using NodaTime.Text;

namespace Iec102.Acquisition.Profiles;

/// <summary>A stretch that complete answers left out.</summary>
/// <param name="Range">The interval ends.</param>
/// <param name="Attempts">How many answers left it out.</param>
/// <param name="NextRetry">When it is asked for again.</param>
/// <param name="Refusal">The cause of the meter's refusal; 0 when its answer was complete and did not hold it.</param>
internal readonly record struct AbsentRange(TimeRange Range, int Attempts, Instant NextRetry, CauseOfTransmission Refusal);

/// <summary>
/// Which intervals of a curve are recorded and which are absent, in ranges; what is neither is missing, or lost when it is older than the
/// meter keeps (architecture, "Recording a curve"). Never holds a value. Immutable.
/// </summary>
internal sealed class Coverage
{
    /// <summary>The waits after the first, second, third and every further answer that left an interval out.</summary>
    private static readonly Backoff Retries = new(TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(7), TimeSpan.FromDays(30));

    private static readonly Duration Minute = Duration.FromMinutes(1);

    private static readonly OffsetDateTimePattern CivilTime =
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'sso<+HH:mm>");

    public static Coverage Empty { get; } = new();

    /// <summary>What is stored.</summary>
    public RangeSet Recorded { get; init; } = RangeSet.Empty;

    /// <summary>The ends that are stored but not on the grid, each as the minute before it: known, but not counted.</summary>
    public RangeSet OffGrid { get; init; } = RangeSet.Empty;

    /// <summary>What answers left out, in order and without overlap.</summary>
    public ImmutableArray<AbsentRange> Absent { get; init; } = [];

    /// <summary>What an operator wants reread.</summary>
    public RangeSet Reread { get; init; } = RangeSet.Empty;

    /// <summary>These interval ends are stored now.</summary>
    public Coverage Record(IReadOnlyList<Instant> ends, IntervalGrid grid)
    {
        var added = RangeSet.Of(Ranges(ends, grid));
        var odd = Odd(ends.Where(end => !grid.IsExpected(end)));
        return new Coverage
        {
            Recorded = Recorded.Union(added),
            OffGrid = OffGrid.Union(odd),
            Absent = Without(Absent, added),
            Reread = Reread.Except(added).Except(odd),
        };
    }

    /// <summary>True when an interval that ends then is stored, on the grid or not.</summary>
    public bool Holds(Instant end, IntervalGrid grid) => (grid.IsExpected(end) ? Recorded : OffGrid).Contains(end);

    /// <summary>The ends of a range that are stored, on the grid or not, in order.</summary>
    public IEnumerable<Instant> Held(TimeRange range, IntervalGrid grid) =>
        Recorded.Intersect(range).Ranges.SelectMany(grid.Ends).Concat(OddEnds(OffGrid.Intersect(range))).Order();

    /// <summary>An answer left these ranges out. With <paramref name="proof"/>, whatever of them is not recorded is absent.</summary>
    public Coverage LeaveOut(RangeSet ranges, Instant at, CauseOfTransmission refusal, bool proof)
    {
        var reread = Reread.Except(ranges);
        if (!proof)
            return Copy(Absent, reread);

        var open = ranges.Except(Recorded);
        var again = Absent.SelectMany(absent => open.Intersect(absent.Range).Ranges.Select(range => After(range, absent.Attempts + 1)));
        var first = open.Except(RangeSet.Of(Absent.Select(absent => absent.Range))).Ranges.Select(range => After(range, 1));
        return Copy(Merge(Without(Absent, open).Concat(again).Concat(first)), reread);

        AbsentRange After(TimeRange range, int attempts) =>
            new(range, attempts, at + WaitAfter(attempts), refusal);
    }

    /// <summary>An operator wants a range reread.</summary>
    public Coverage AskAgain(TimeRange range) => Copy(Absent, Reread.Union(range));

    /// <summary>
    /// The grid has changed in a range: what is stored there is counted again, end by end, and what was absent there is asked for again.
    /// </summary>
    public Coverage Regrid(TimeRange range, IntervalGrid before, IntervalGrid after) =>
        new Coverage
        {
            Recorded = Recorded.Except(range),
            OffGrid = OffGrid.Except(range),
            Absent = Without(Absent, RangeSet.Of(range)),
            Reread = Reread,
        }.Record([.. Held(range, before)], after);

    /// <summary>Only this is stored, as the tables show.</summary>
    public Coverage Rebuild(RangeSet recorded, RangeSet offGrid) =>
        new() { Recorded = recorded, OffGrid = offGrid, Absent = Without(Absent, recorded), Reread = Reread };

    /// <summary>What is to be asked for in the expected range: neither recorded nor absent, and not older than the meter keeps.</summary>
    public RangeSet Missing(TimeRange expected, Instant lostTo) =>
        Open(expected with { From = Instant.Max(expected.From, lostTo) }).Except(RangeSet.Of(Absent.Select(absent => absent.Range)));

    /// <summary>The parts of a range that are not recorded.</summary>
    public RangeSet Open(TimeRange range) => RangeSet.Of(range).Except(Recorded);

    /// <summary>
    /// The absent parts of a range that are due to be asked for again; also those that would wait longer than an answer makes them, since
    /// then the clock has been set back.
    /// </summary>
    public RangeSet DueAgain(TimeRange range, Instant now) => RangeSet
        .Of(Absent.Where(one => one.NextRetry <= now || one.NextRetry > now + WaitAfter(one.Attempts)).Select(one => one.Range))
        .Intersect(range);

    /// <summary>Counts the four states in a range of expected intervals and names its gaps.</summary>
    /// <param name="expected">The range.</param>
    /// <param name="lostTo">What is older is no longer kept by the meter.</param>
    /// <param name="grid">The expected ends.</param>
    /// <param name="clockOffset">The meter's clock less ours; null when it is not known.</param>
    /// <param name="zone">The zone in which times are told; UTC when it is not given.</param>
    public CoverageReport Report(
        TimeRange expected, Instant lostTo, IntervalGrid grid, Duration? clockOffset = null, DateTimeZone? zone = null)
    {
        var gaps = new List<CoverageGap>();
        var absent = RangeSet.Of(Absent.Select(one => one.Range));
        var gone = expected with { To = Instant.Min(expected.To, lostTo) };
        Add(Open(gone).Except(absent), IntervalState.Lost, "not read while the meter kept it");
        Add(absent.Intersect(gone), IntervalState.Absent, "older than the meter keeps, and never found in it");
        var held = expected with { From = Instant.Max(expected.From, lostTo) };
        foreach (var one in Absent)
            Add(RangeSet.Of(one.Range).Intersect(held), IntervalState.Absent, Explain(one, zone ?? DateTimeZone.Utc));
        Add(Missing(expected, lostTo), IntervalState.Missing, WhyMissing(clockOffset));
        gaps.Sort((left, right) => left.Range.From.CompareTo(right.Range.From));

        return new CoverageReport(
            grid.Count(expected), grid.Count(Recorded.Intersect(expected)),
            Sum(IntervalState.Missing), Sum(IntervalState.Absent), Sum(IntervalState.Lost), gaps);

        void Add(RangeSet ranges, IntervalState state, string reason) =>
            gaps.AddRange(ranges.Ranges.Where(range => grid.Count(range) > 0).Select(range => new CoverageGap(range, state, reason)));

        int Sum(IntervalState state) => gaps.Where(gap => gap.State == state).Sum(gap => grid.Count(gap.Range));
    }

    private static string WhyMissing(Duration? clockOffset) => clockOffset is not { } offset || ClockTrust.Believes(offset)
        ? "not read yet"
        : "not read yet, or left out of an answer that proves nothing while the meter's clock is "
            + $"{Math.Abs(offset.TotalMinutes):F0} min off (more than {ClockTrust.Limit.TotalMinutes:F0})";

    private static Duration WaitAfter(int attempts) => Duration.FromTimeSpan(Retries.After(attempts - 1));

    private Coverage Copy(ImmutableArray<AbsentRange> absent, RangeSet reread) =>
        new() { Recorded = Recorded, OffGrid = OffGrid, Absent = absent, Reread = reread };

    private static RangeSet Odd(IEnumerable<Instant> ends) => RangeSet.Of(ends.Select(end => new TimeRange(end - Minute, end)));

    private static IEnumerable<Instant> OddEnds(RangeSet odd)
    {
        foreach (var range in odd.Ranges)
        {
            for (var end = range.From + Minute; end <= range.To; end += Minute)
                yield return end;
        }
    }

    /// <summary>The ranges of ascending ends, neighbours joined: events hold long runs.</summary>
    private static List<TimeRange> Ranges(IEnumerable<Instant> ends, IntervalGrid grid)
    {
        var ranges = new List<TimeRange>();
        foreach (var end in ends)
        {
            if (!grid.IsExpected(end))
                continue;
            var begin = grid.Previous(end);
            if (ranges.Count > 0 && ranges[^1].To == begin)
                ranges[^1] = ranges[^1] with { To = end };
            else
                ranges.Add(new TimeRange(begin, end));
        }

        return ranges;
    }

    private static string Explain(AbsentRange absent, DateTimeZone zone)
    {
        var what = absent.Refusal == 0 ? "left out of the meter's answer" : $"refused by the meter ({RefusalWords.Reason(absent.Refusal)})";
        var next = CivilTime.Format(absent.NextRetry.InZone(zone).ToOffsetDateTime());
        return $"{what} {(absent.Attempts == 1 ? "once" : $"{absent.Attempts} times")}; asked again at {next}";
    }

    private static ImmutableArray<AbsentRange> Without(ImmutableArray<AbsentRange> absent, RangeSet ranges) =>
        absent.IsEmpty || ranges.IsEmpty
        ? absent
        : [.. absent.SelectMany(one => RangeSet.Of(one.Range).Except(ranges).Ranges.Select(rest => one with { Range = rest }))];

    private static ImmutableArray<AbsentRange> Merge(IEnumerable<AbsentRange> absent)
    {
        var merged = ImmutableArray.CreateBuilder<AbsentRange>();
        foreach (var one in absent.OrderBy(one => one.Range.From))
        {
            if (merged.Count > 0 && merged[^1] with { Range = one.Range } == one && merged[^1].Range.To == one.Range.From)
                merged[^1] = one with { Range = merged[^1].Range with { To = one.Range.To } };
            else
                merged.Add(one);
        }

        return merged.ToImmutable();
    }
}
