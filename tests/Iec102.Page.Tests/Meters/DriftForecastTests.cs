using Iec102.Page.Meters;

namespace Iec102.Page.Tests.Meters;

/// <summary>When a clock that drifts will be a problem.</summary>
public class DriftForecastTests
{
    private static readonly DateTimeOffset Start = new(2024, 7, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(2, 60)]
    [InlineData(-2, 60)]
    public void A_steady_drift_reaches_the_limit_on_either_side(double perDay, double daysFromStart)
    {
        var forecast = DriftForecast.Of(Checks(0, perDay, days: 10), null, 120)!;

        forecast.SecondsPerDay.ShouldBe(perDay, 1e-9);
        (forecast.Alarm!.Value - Start).TotalDays.ShouldBe(daysFromStart, 1e-6);
        forecast.IsBeyond.ShouldBeFalse();
    }

    [Fact]
    public void A_slow_clock_that_gains_reaches_the_limit_ahead() =>
        (DriftForecast.Of(Checks(-60, 3, days: 10), null, 120)!.Alarm!.Value - Start).TotalDays.ShouldBe(60, 1e-6);

    [Fact]
    public void A_clock_beyond_the_limit_has_no_forecast() =>
        DriftForecast.Of(Checks(115, 1, days: 10), null, 120).ShouldBe(new DriftForecast(1, null, true), Nearly);

    [Fact]
    public void A_clock_that_hardly_drifts_never_gets_there() =>
        DriftForecast.Of(Checks(1, 0.01, days: 10), null, 120)!.Alarm.ShouldBeNull();

    [Fact]
    public void Checks_from_before_the_clock_was_set_do_not_count()
    {
        var after = Checks(0, 1, days: 10).Select(check => (check.At.AddDays(11), check.Seconds));
        var checks = Checks(100, 5, days: 10).Concat(after).ToList();

        DriftForecast.Of(checks, Start.AddDays(10.5), 120)!.SecondsPerDay.ShouldBe(1, 1e-9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.9)]
    public void From_less_than_a_day_nothing_is_concluded(double days) =>
        DriftForecast.Of(Checks(0, 1, days), null, 120).ShouldBeNull();

    private static IEqualityComparer<DriftForecast?> Nearly { get; } = EqualityComparer<DriftForecast?>.Create(
        (one, other) => one!.Alarm == other!.Alarm && one.IsBeyond == other.IsBeyond
            && Math.Abs(one.SecondsPerDay - other.SecondsPerDay) < 1e-9);

    private static List<(DateTimeOffset At, double Seconds)> Checks(double first, double perDay, double days) =>
        [.. Enumerable.Range(0, (int)(days * 10) + 1).Select(at => (Start.AddDays(at / 10.0), first + perDay * at / 10.0))];
}
