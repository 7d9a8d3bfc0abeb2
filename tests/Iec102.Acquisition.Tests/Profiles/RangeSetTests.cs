using FsCheck.Xunit;
using Iec102.Acquisition.Profiles;
using NodaTime;

namespace Iec102.Acquisition.Tests.Profiles;

public class RangeSetTests
{
    [Property]
    public void Union_except_and_intersect_agree_with_sets_of_minutes(byte[] left, byte[] right)
    {
        var (a, b) = (RangesOf(left), RangesOf(right));
        var (setA, setB) = (RangeSet.Of(a), RangeSet.Of(b));

        Minutes(setA).ShouldBe(Minutes(a));
        Minutes(setA.Union(setB)).ShouldBe(Minutes(a).Union(Minutes(b)).Order());
        Minutes(setA.Except(setB)).ShouldBe(Minutes(a).Except(Minutes(b)).Order());
        Minutes(setA.Intersect(setB)).ShouldBe(Minutes(a).Intersect(Minutes(b)).Order());
    }

    [Property]
    public void A_set_knows_what_it_contains(byte[] ranges, byte at)
    {
        var expected = Minutes(RangesOf(ranges)).Contains(at);

        RangeSet.Of(RangesOf(ranges)).Contains(Instant.FromUnixTimeSeconds(60 * at)).ShouldBe(expected);
    }

    [Property]
    public void Ranges_neither_overlap_nor_touch_nor_are_empty(byte[] left, byte[] right)
    {
        var (a, b) = (RangeSet.Of(RangesOf(left)), RangeSet.Of(RangesOf(right)));
        foreach (var set in new[] { a, a.Union(b), a.Except(b), a.Intersect(b) })
        {
            set.Ranges.ShouldAllBe(range => range.From < range.To);
            set.Ranges.Zip(set.Ranges.Skip(1)).ShouldAllBe(pair => pair.First.To < pair.Second.From);
        }
    }

    private static List<TimeRange> RangesOf(byte[] octets) =>
        octets.Chunk(2).Where(pair => pair.Length == 2).Select(pair => Range(pair[0], pair[0] + pair[1] % 8)).ToList();

    private static TimeRange Range(int from, int to) => new(Instant.FromUnixTimeSeconds(60 * from), Instant.FromUnixTimeSeconds(60 * to));

    private static List<int> Minutes(RangeSet set) => Minutes(set.Ranges);

    private static List<int> Minutes(IEnumerable<TimeRange> ranges) => ranges
        .SelectMany(
            range => Enumerable.Range(0, (int)range.Length.TotalMinutes).Select(i => (int)(range.From.ToUnixTimeSeconds() / 60) + 1 + i))
        .Distinct().Order().ToList();
}
