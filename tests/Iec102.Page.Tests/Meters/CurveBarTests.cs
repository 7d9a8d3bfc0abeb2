using System.Globalization;
using Iec102.Contract;
using Iec102.Page.Meters;
using NodaTime;

namespace Iec102.Page.Tests.Meters;

/// <summary>Sums of a curve for days, weeks, months and years, and the time with which they are compared.</summary>
public class CurveBarTests
{
    private static readonly DateTimeZone Madrid = DateTimeZoneProviders.Tzdb["Europe/Madrid"];

    private static readonly CurvePeriod Autumn = CurvePeriod.Of(Zoom.Day, new LocalDate(2024, 10, 27));
    private static readonly CurvePeriod Spring = CurvePeriod.Of(Zoom.Day, new LocalDate(2024, 3, 31));

    [Fact]
    public void A_day_in_autumn_has_two_hours_at_two_and_one_in_spring_has_none()
    {
        var autumn = CurveBar.Of(Autumn, Madrid, Hours(Autumn), 0);
        autumn.Count.ShouldBe(25);
        autumn.Where(bar => bar.Start.Hour == 2).Select(bar => (bar.IsSecond, bar.Sum)).ShouldBe([(false, 3), (true, 4)]);

        var spring = CurveBar.Of(Spring, Madrid, Hours(Spring), 0);
        spring.Count.ShouldBe(23);
        spring.ShouldNotContain(bar => bar.Start.Hour == 2);
        spring.ShouldAllBe(bar => !bar.IsPartial && !bar.IsSecond);
    }

    [Fact]
    public void A_month_with_the_change_of_the_clock_is_complete_with_all_its_hours_and_partial_without_one()
    {
        var month = CurvePeriod.Of(Zoom.Month, new LocalDate(2024, 10, 15));
        var hours = Hours(month);
        hours.Count.ShouldBe(31 * 24 + 1);

        CurveBar.Of(month, Madrid, hours, 0).ShouldAllBe(bar => !bar.IsPartial);

        hours.RemoveAt(26 * 24 + 3);
        var day = CurveBar.Of(month, Madrid, hours, 0).Single(bar => bar.IsPartial);
        (day.Start.Day, day.Covered).ShouldBe((27, Duration.FromHours(24)));
    }

    [Fact]
    public void An_invalid_interval_is_not_in_the_sum_and_marks_it_partial()
    {
        var hours = Hours(Spring);
        hours[5] = hours[5] with { Quality = [0x80, 0, 0, 0, 0, 0, 0, 0] };
        var week = CurvePeriod.Of(Zoom.Month, Spring.From);

        var day = CurveBar.Of(week, Madrid, hours, 0)[^1];

        (day.Sum, day.IsPartial, day.HasInvalid).ShouldBe((Enumerable.Range(1, 23).Sum() - 6, true, true));
        var other = CurveBar.Of(week, Madrid, hours, 1)[^1];
        (other.Sum, other.IsPartial, other.HasInvalid).ShouldBe((23, false, false));
    }

    [Fact]
    public void What_was_never_read_has_no_sum_and_is_not_zero()
    {
        var bars = CurveBar.Of(CurvePeriod.Of(Zoom.Year, Spring.From), Madrid, [], 0);

        bars.Count.ShouldBe(12);
        bars.ShouldAllBe(bar => bar.Sum == null && bar.IsPartial);
    }

    [Fact]
    public void Quarters_of_an_hour_are_shown_in_a_day_and_summed_in_a_week()
    {
        var from = Madrid.AtStartOfDay(Spring.From).ToInstant();
        List<IntervalModel> quarters =
            [.. Enumerable.Range(1, 23 * 4).Select(at => Interval(from + Duration.FromMinutes(15 * at), 15, 2))];

        CurveBar.Of(Spring, Madrid, quarters, 0).Count.ShouldBe(92);
        var week = CurveBar.Of(CurvePeriod.Of(Zoom.Week, Spring.From), Madrid, quarters, 0);
        week.Count.ShouldBe(7 * 24 - 1);
        week[^1].Sum.ShouldBe(8);
    }

    [Fact]
    public void Revisions_are_counted()
    {
        List<IntervalModel> revised = [.. Hours(Spring).Select(hour => hour with { Revision = 1 })];

        CurveBar.Of(Spring, Madrid, revised, 0).ShouldAllBe(bar => bar.Revisions == 1);
    }

    [Fact]
    public void A_day_in_autumn_meets_the_hours_of_an_ordinary_day_by_their_time()
    {
        var bars = CurveBar.Of(Autumn, Madrid, Hours(Autumn), 0);
        var before = Autumn.ComparedWith(Comparison.Before)!;
        before.From.ShouldBe(new LocalDate(2024, 10, 26));

        var aligned = CurveBar.Align(Autumn, bars, before, CurveBar.Of(before, Madrid, Hours(before), 0));

        aligned[2]!.Start.Hour.ShouldBe(2);
        aligned[3].ShouldBeNull("the second hour at two has no counterpart");
        aligned[4]!.Start.Hour.ShouldBe(3);
        aligned[24]!.Start.Hour.ShouldBe(23);
    }

    [Theory]
    [InlineData(Comparison.SameDates, "2023-02-01", "2023-03-01")]
    [InlineData(Comparison.SameWeekdays, "2023-02-02", "2023-03-03")]
    [InlineData(Comparison.Before, "2024-01-01", "2024-02-01")]
    public void A_month_of_a_leap_year_is_compared_with_as_many_weekdays_or_with_the_same_dates(Comparison with, string from, string to)
    {
        var other = CurvePeriod.Of(Zoom.Month, new LocalDate(2024, 2, 10)).ComparedWith(with)!;

        (other.From.ToString("uuuu-MM-dd", null), other.To.ToString("uuuu-MM-dd", null)).ShouldBe((from, to));
    }

    [Fact]
    public void The_29th_of_February_has_no_counterpart_a_year_earlier()
    {
        var month = CurvePeriod.Of(Zoom.Month, new LocalDate(2024, 2, 1));
        var other = month.ComparedWith(Comparison.SameDates)!;

        var aligned = CurveBar.Align(
            month, CurveBar.Of(month, Madrid, [], 0), other, CurveBar.Of(other, Madrid, Hours(other), 0));

        aligned.Count.ShouldBe(29);
        aligned[27]!.Start.Date.ShouldBe(new LocalDate(2023, 2, 28));
        aligned[28].ShouldBeNull();
    }

    [Fact]
    public void Weeks_begin_on_Monday_and_periods_follow_each_other()
    {
        CurvePeriod.Of(Zoom.Week, new LocalDate(2024, 10, 27)).From.ShouldBe(new LocalDate(2024, 10, 21));
        CurvePeriod.Of(Zoom.Month, new LocalDate(2024, 1, 31)).Move(1).From.ShouldBe(new LocalDate(2024, 2, 1));
        CurvePeriod.Of(Zoom.Year, new LocalDate(2024, 1, 31)).Move(-1).From.ShouldBe(new LocalDate(2023, 1, 1));
    }

    /// <summary>Every hour of a period: A+ counts 1, 2, 3 ..., A- is 1.</summary>
    private static List<IntervalModel> Hours(CurvePeriod period)
    {
        var (from, to) = (Madrid.AtStartOfDay(period.From).ToInstant(), Madrid.AtStartOfDay(period.To).ToInstant());
        return [.. Enumerable.Range(1, (int)(to - from).TotalHours).Select(at => Interval(from + Duration.FromHours(at), 60, (uint)at))];
    }

    private static IntervalModel Interval(Instant end, int minutes, uint value) => new(
        end.InZone(Madrid).ToDateTimeOffset().ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture), minutes, value, 1, 0, 0, 0,
        0, null, null, [0, 0, 0, 0, 0, 0, null, null], 0);
}
