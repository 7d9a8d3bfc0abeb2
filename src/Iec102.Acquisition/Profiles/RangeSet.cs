using System.Collections.Immutable;
using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>
/// A set of instants as sorted ranges that neither overlap nor touch. It knows no grid: its cost depends only on the number of ranges, and
/// years without a gap are one range.
/// </summary>
internal sealed class RangeSet : IEquatable<RangeSet>
{
    private readonly ImmutableArray<TimeRange> _ranges;

    private RangeSet(ImmutableArray<TimeRange> ranges) => _ranges = ranges;

    public static RangeSet Empty { get; } = new([]);

    public ImmutableArray<TimeRange> Ranges => _ranges;

    public bool IsEmpty => _ranges.IsEmpty;

    public static RangeSet Of(TimeRange range) => range.IsEmpty ? Empty : new([range]);

    /// <summary>The union of ranges in any order.</summary>
    public static RangeSet Of(IEnumerable<TimeRange> ranges)
    {
        var merged = ImmutableArray.CreateBuilder<TimeRange>();
        foreach (var range in ranges.Where(range => !range.IsEmpty).OrderBy(range => range.From))
        {
            if (merged.Count > 0 && range.From <= merged[^1].To)
                merged[^1] = merged[^1] with { To = Instant.Max(merged[^1].To, range.To) };
            else
                merged.Add(range);
        }

        return merged.Count == 0 ? Empty : new(merged.ToImmutable());
    }

    public bool Contains(Instant instant)
    {
        var index = FirstEndingAtOrAfter(instant);
        return index < _ranges.Length && _ranges[index].Contains(instant);
    }

    public RangeSet Union(RangeSet other) => other.IsEmpty ? this : IsEmpty ? other : Of(_ranges.Concat(other._ranges));

    public RangeSet Union(TimeRange range) => Union(Of(range));

    public RangeSet Except(RangeSet other)
    {
        if (IsEmpty || other.IsEmpty)
            return this;
        var rest = ImmutableArray.CreateBuilder<TimeRange>();
        var next = 0;
        foreach (var range in _ranges)
        {
            var from = range.From;
            while (next < other._ranges.Length && other._ranges[next].To <= from)
                next++;
            for (var i = next; i < other._ranges.Length && other._ranges[i].From < range.To; i++)
            {
                if (other._ranges[i].From > from)
                    rest.Add(new TimeRange(from, other._ranges[i].From));
                from = other._ranges[i].To;
            }

            if (from < range.To)
                rest.Add(new TimeRange(from, range.To));
        }

        return new(rest.ToImmutable());
    }

    public RangeSet Except(TimeRange range) => Except(Of(range));

    public RangeSet Intersect(TimeRange window)
    {
        if (IsEmpty || window.IsEmpty)
            return Empty;
        var inside = ImmutableArray.CreateBuilder<TimeRange>();
        for (var i = FirstEndingAtOrAfter(window.From); i < _ranges.Length && _ranges[i].From < window.To; i++)
        {
            var part = new TimeRange(Instant.Max(_ranges[i].From, window.From), Instant.Min(_ranges[i].To, window.To));
            if (!part.IsEmpty)
                inside.Add(part);
        }

        return new(inside.ToImmutable());
    }

    public RangeSet Intersect(RangeSet other) => Except(Except(other));

    public bool Equals(RangeSet? other) => other is not null && _ranges.AsSpan().SequenceEqual(other._ranges.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as RangeSet);

    public override int GetHashCode() => IsEmpty ? 0 : HashCode.Combine(_ranges.Length, _ranges[0], _ranges[^1]);

    public override string ToString() => string.Join(" ", _ranges.Select(range => $"({range.From}, {range.To}]"));

    private int FirstEndingAtOrAfter(Instant instant)
    {
        var (low, high) = (0, _ranges.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_ranges[middle].To < instant)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
