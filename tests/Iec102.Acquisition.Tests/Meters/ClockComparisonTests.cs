using Iec102.Acquisition.Meters;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

public sealed class ClockComparisonTests
{
    private static readonly DateTimeZone Madrid = DateTimeZoneProviders.Tzdb["Europe/Madrid"];
    private static readonly Instant Summer = Instant.FromUtc(2024, 7, 15, 10, 0, 30);
    private static readonly Instant Winter = Instant.FromUtc(2024, 1, 15, 10, 0, 30);

    [Fact]
    public void The_offset_counts_from_the_middle_of_the_round_trip()
    {
        var tag = CivilTime.ToTagB(Summer + Duration.FromSeconds(90), Madrid);

        var reading = ClockComparison.Compare(
            tag, Summer + Duration.FromSeconds(1), TimeSpan.FromSeconds(2), Madrid, SummerTimeHabit.SuBit);

        reading.ShouldNotBeNull().Offset.ShouldBe(Duration.FromSeconds(90));
        reading.Uncertainty.ShouldBe(Duration.FromSeconds(1));
    }

    [Fact]
    public void A_tag_that_is_no_date_cannot_be_compared() =>
        ClockComparison.Compare(TimeTagB.Read(new byte[7]), Summer, TimeSpan.Zero, Madrid, SummerTimeHabit.SuBit).ShouldBeNull();

    [Theory]
    [InlineData(SummerTimeHabit.SuBit)]
    [InlineData(SummerTimeHabit.Civil)]
    public void In_summer_the_habit_shows(SummerTimeHabit habit) =>
        ClockComparison.DetectHabit(CivilTime.ToTagB(Summer, Madrid, habit), Summer, Madrid, SummerTimeHabit.SuBit).ShouldBe(habit);

    [Fact]
    public void Standard_time_without_the_su_bit_reads_the_same_under_the_su_bit_habit() =>
        ClockComparison.DetectHabit(CivilTime.ToTagB(Summer, Madrid, SummerTimeHabit.AlwaysWinter), Summer, Madrid, SummerTimeHabit.SuBit)
            .ShouldBe(SummerTimeHabit.SuBit);

    [Fact]
    public void In_winter_the_known_habit_is_kept() =>
        ClockComparison.DetectHabit(CivilTime.ToTagB(Winter, Madrid), Winter, Madrid, SummerTimeHabit.Civil).ShouldBe(
            SummerTimeHabit.Civil);

    [Fact]
    public void A_clock_that_is_far_off_tells_nothing_about_the_habit() =>
        ClockComparison.DetectHabit(CivilTime.ToTagB(Summer - Duration.FromDays(3), Madrid), Summer, Madrid, SummerTimeHabit.AlwaysWinter)
            .ShouldBe(SummerTimeHabit.AlwaysWinter);
}
