using FsCheck.Xunit;
using Iec102.Acquisition.Profiles;
using NodaTime;

namespace Iec102.Acquisition.Tests.Profiles;

public class IntervalGridTests
{
    private static readonly int[] Periods = [5, 10, 15, 30, 60];
    private static readonly Instant Origin = Instant.FromUtc(2024, 1, 1, 0, 0);

    [Theory]
    [InlineData(2024, 3, 31, 23, 92)]
    [InlineData(2024, 10, 27, 25, 100)]
    [InlineData(2024, 2, 29, 24, 96)]
    [InlineData(2024, 12, 31, 24, 96)]
    public void A_day_has_as_many_intervals_as_it_has_hours_and_quarters(int year, int month, int day, int hours, int quarters)
    {
        var range = Madrid.Day(year, month, day);

        IntervalGrid.Of(60).Count(range).ShouldBe(hours);
        IntervalGrid.Of(15).Count(range).ShouldBe(quarters);
        IntervalGrid.Of(60).Ends(range).Count().ShouldBe(hours);
    }

    [Fact]
    public void A_range_excludes_its_begin_and_includes_its_end()
    {
        var grid = IntervalGrid.Of(60);

        grid.Ends(Minutes(0, 120)).ShouldBe([At(60), At(120)]);
        grid.Ends(Minutes(59, 119)).ShouldBe([At(60)]);
        grid.Count(Minutes(60, 60)).ShouldBe(0);
    }

    [Fact]
    public void Ends_are_multiples_of_the_period_in_standard_time_where_that_is_half_an_hour_from_utc()
    {
        var kolkata = DateTimeZoneProviders.Tzdb["Asia/Kolkata"];
        var grid = IntervalGrid.Of(60, IntervalGrid.PhaseOf(kolkata, Origin));

        grid.IsExpected(Instant.FromUtc(2024, 1, 1, 5, 30)).ShouldBeTrue();
        grid.IsExpected(Instant.FromUtc(2024, 1, 1, 5, 0)).ShouldBeFalse();
    }

    [Property]
    public void A_piecewise_grid_agrees_with_a_list_of_its_ends(byte[] changes, ushort from, byte length)
    {
        var grid = Build(changes, out var naive);
        var range = Minutes(from % 4000, from % 4000 + 4 * length);
        var expected = naive.Where(end => range.Contains(At(end))).Select(At).ToList();

        grid.Count(range).ShouldBe(expected.Count);
        grid.Ends(range).ShouldBe(expected);
    }

    [Property]
    public void Floor_previous_next_and_advance_agree_with_a_list_of_the_ends(byte[] changes, ushort at, byte steps)
    {
        var grid = Build(changes, out var naive);
        var minute = at % 4000;

        grid.Floor(At(minute)).ShouldBe(At(naive.Last(end => end <= minute)));
        grid.Previous(At(minute)).ShouldBe(At(naive.Last(end => end < minute)));
        grid.Next(At(minute)).ShouldBe(At(naive.First(end => end > minute)));
        grid.Advance(At(minute), steps % 32 + 1).ShouldBe(At(naive.Where(end => end > minute).ElementAt(steps % 32)));
        grid.IsExpected(At(minute)).ShouldBe(naive.Contains(minute));
    }

    /// <summary>Builds a grid with some changes of period, and lists the minutes at which its intervals end.</summary>
    private static IntervalGrid Build(byte[] changes, out List<int> ends)
    {
        var grid = IntervalGrid.Of(60);
        var periods = Enumerable.Repeat(60, 10_000).ToArray();
        foreach (var change in changes.Chunk(3).Where(change => change.Length == 3))
        {
            var (from, length, period) = (change[0] * 15, change[1] * 15 + 15, Periods[change[2] % Periods.Length]);
            var to = length > 3000 ? int.MaxValue : from + length;
            grid = grid.With(new TimeRange(At(from), to == int.MaxValue ? Instant.MaxValue : At(to)), period);
            for (var minute = from + 1; minute <= Math.Min(to, 4999); minute++)
                periods[minute + 5000] = period;
        }

        // Beyond the end of the model the last period continues, as it does in the grid.
        ends = Enumerable.Range(-4999, 14_000).Where(minute => minute % PeriodAt(minute) == 0).ToList();
        return grid;

        int PeriodAt(int minute) => minute <= 4999 ? periods[minute + 5000] : periods[9999];
    }

    private static Instant At(int minute) => Origin + Duration.FromMinutes(minute);

    private static TimeRange Minutes(int from, int to) => new(At(from), At(to));
}
