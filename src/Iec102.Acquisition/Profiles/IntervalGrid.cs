using System.Collections.Immutable;
using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>
/// The interval ends that are expected: multiples of the period in the zone's standard time, where the period may change from one segment
/// of time to the next (architecture, "Time of an interval"). Everything is counted in O(segments).
/// </summary>
internal sealed class IntervalGrid : IEquatable<IntervalGrid>
{
    private readonly ImmutableArray<GridSegment> _segments;

    private IntervalGrid(ImmutableArray<GridSegment> segments, int phase) => (_segments, PhaseMinutes) = (segments, phase);

    /// <summary>By how many minutes the zone's standard time differs from UTC, within the hour.</summary>
    public int PhaseMinutes { get; }

    /// <summary>The segments in order; the first begins at the beginning of time.</summary>
    public ImmutableArray<GridSegment> Segments => _segments;

    /// <summary>One period for all time.</summary>
    public static IntervalGrid Of(int periodMinutes, int phaseMinutes = 0) => new([new(Instant.MinValue, periodMinutes)], phaseMinutes);

    /// <summary>The grid of these segments.</summary>
    public static IntervalGrid Of(IEnumerable<GridSegment> segments, int phaseMinutes) => new([.. segments], phaseMinutes);

    /// <summary>The phase of a zone at an instant: 0 except where standard time is not whole hours from UTC.</summary>
    public static int PhaseOf(DateTimeZone zone, Instant at) => (int)FloorMod(zone.GetZoneInterval(at).StandardOffset.Seconds / 60, 60);

    /// <summary>The same grid with another period for the ends in a range.</summary>
    public IntervalGrid With(TimeRange range, int periodMinutes)
    {
        var after = range.To == Instant.MaxValue ? 0 : SegmentAfter(range.To).PeriodMinutes;
        var segments = new List<GridSegment>(_segments.Where(segment => segment.From < range.From)) { new(range.From, periodMinutes) };
        if (range.To < Instant.MaxValue)
            segments.Add(new GridSegment(range.To, after));
        segments.AddRange(_segments.Where(segment => segment.From > range.To));
        return new([.. segments.Where((segment, i) => i == 0 || segment.PeriodMinutes != segments[i - 1].PeriodMinutes)], PhaseMinutes);
    }

    /// <summary>The period of the interval that ends at an instant.</summary>
    public int PeriodAt(Instant end) => _segments[SegmentOf(end)].PeriodMinutes;

    /// <summary>True when an interval is expected to end there.</summary>
    public bool IsExpected(Instant end) => Floor(end) == end;

    /// <summary>The latest expected end at or before an instant.</summary>
    public Instant Floor(Instant instant)
    {
        for (var i = SegmentOf(instant); ; i--)
        {
            var candidate = EndAt(_segments[i], IndexOf(_segments[i], Instant.Min(instant, To(i))));
            if (candidate > _segments[i].From || i == 0)
                return candidate;
        }
    }

    /// <summary>The latest expected end before an instant: where the interval that ends there begins.</summary>
    public Instant Previous(Instant instant) => Floor(instant - Duration.FromTicks(1));

    /// <summary>The first expected end after an instant.</summary>
    public Instant Next(Instant instant) => Advance(instant, 1);

    /// <summary>The expected end that lies this many ends after an instant.</summary>
    public Instant Advance(Instant from, long count)
    {
        for (var i = SegmentOf(from + Duration.FromTicks(1)); ; i++)
        {
            var segment = _segments[i];
            var first = IndexOf(segment, from);
            if (i == _segments.Length - 1 || first + count <= IndexOf(segment, To(i)))
                return EndAt(segment, first + count);
            count -= IndexOf(segment, To(i)) - first;
            from = To(i);
        }
    }

    /// <summary>How many ends lie in a range; the range must be bounded.</summary>
    public int Count(TimeRange range)
    {
        if (range.IsEmpty)
            return 0;
        long count = 0;
        for (var i = SegmentOf(range.From + Duration.FromTicks(1)); i < _segments.Length && _segments[i].From < range.To; i++)
        {
            var (from, to) = (Instant.Max(range.From, _segments[i].From), Instant.Min(range.To, To(i)));
            count += IndexOf(_segments[i], to) - IndexOf(_segments[i], from);
        }

        return checked((int)count);
    }

    /// <summary>How many ends lie in the ranges of a set.</summary>
    public int Count(RangeSet set)
    {
        var count = 0;
        foreach (var range in set.Ranges)
            count += Count(range);
        return count;
    }

    /// <summary>The ends in a range, in order.</summary>
    public IEnumerable<Instant> Ends(TimeRange range)
    {
        for (var end = Next(range.From); end <= range.To; end = Next(end))
            yield return end;
    }

    public bool Equals(IntervalGrid? other) =>
        other is not null && PhaseMinutes == other.PhaseMinutes && _segments.AsSpan().SequenceEqual(other._segments.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as IntervalGrid);

    public override int GetHashCode() => HashCode.Combine(PhaseMinutes, _segments.Length, _segments[^1]);

    /// <summary>The segment that an end belongs to: it begins before the end.</summary>
    private int SegmentOf(Instant end)
    {
        var index = _segments.Length - 1;
        while (index > 0 && _segments[index].From >= end)
            index--;
        return index;
    }

    private GridSegment SegmentAfter(Instant instant) => _segments[SegmentOf(instant + Duration.FromTicks(1))];

    private Instant To(int index) => index == _segments.Length - 1 ? Instant.MaxValue : _segments[index + 1].From;

    /// <summary>The number of the last end at or before an instant, counted in periods since 1970.</summary>
    private long IndexOf(GridSegment segment, Instant instant) =>
        FloorDiv(FloorDiv(instant.ToUnixTimeSeconds(), 60) + PhaseMinutes, segment.PeriodMinutes);

    private Instant EndAt(GridSegment segment, long index) =>
        Instant.FromUnixTimeSeconds(60 * (index * segment.PeriodMinutes - PhaseMinutes));

    private static long FloorDiv(long value, long divisor) => (value - FloorMod(value, divisor)) / divisor;

    private static long FloorMod(long value, long divisor) => (value % divisor + divisor) % divisor;
}

/// <summary>A stretch of time with one period, up to the next segment.</summary>
/// <param name="From">The first interval of the segment begins here.</param>
/// <param name="PeriodMinutes">5, 10, 15, 30 or 60.</param>
internal readonly record struct GridSegment(Instant From, int PeriodMinutes);
