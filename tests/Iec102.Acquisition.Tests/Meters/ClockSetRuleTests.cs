using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

public class ClockSetRuleTests
{
    private static readonly DateTimeZone Madrid = DateTimeZoneProviders.Tzdb["Europe/Madrid"];
    private static readonly CurvePeriods Quarters = new(60, 15);
    private static readonly ClockSetRule Rule = new(new ClockSetConfiguration(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10)), Madrid);

    /// <summary>A moment well away from the ends of quarter hours, near which the clock is never set.</summary>
    private static readonly Instant Now = Instant.FromUtc(2024, 7, 15, 10, 7);

    [Theory]
    [InlineData(0, ClockVerdict.Leave)]
    [InlineData(4.9, ClockVerdict.Leave)]
    [InlineData(-4.9, ClockVerdict.Leave)]
    [InlineData(5, ClockVerdict.Set)]
    [InlineData(-5, ClockVerdict.Set)]
    [InlineData(90, ClockVerdict.Set)]
    [InlineData(-90, ClockVerdict.Set)]
    [InlineData(600, ClockVerdict.Set)]
    [InlineData(600.1, ClockVerdict.TooFar)]
    [InlineData(-86400, ClockVerdict.TooFar)]
    public void A_clock_is_set_when_it_is_off_by_no_less_than_min_and_no_more_than_max(double offset, ClockVerdict expected)
    {
        var judgement = Judge(offset, new CurvePeriods(60, 0), Instant.FromUtc(2024, 7, 15, 10, 30));
        judgement.Verdict.ShouldBe(expected);
        (judgement.Alarm is not null).ShouldBe(expected == ClockVerdict.TooFar);
    }

    [Fact]
    public void It_is_not_set_by_a_clock_that_may_be_wrong_itself()
    {
        var judgement = Rule.Judge(Reading(90), Quarters, hostIsSynchronised: false, lastAttempt: null, Now);
        judgement.Verdict.ShouldBe(ClockVerdict.HostUnsynchronised);
        judgement.Alarm.ShouldNotBeNull().ShouldContain("+90.0 s");
    }

    [Theory]
    [InlineData(4.9, ClockVerdict.Set)]
    [InlineData(5.1, ClockVerdict.TooUncertain)]
    public void It_is_not_set_when_the_difference_is_known_worse_than_min(double uncertainty, ClockVerdict expected) =>
        Rule.Judge(Reading(90, uncertainty), Quarters, true, null, Now).Verdict.ShouldBe(expected);

    [Fact]
    public void One_attempt_is_made_in_an_hour()
    {
        var last = Now - Duration.FromMinutes(59);
        var judgement = Rule.Judge(Reading(90), Quarters, true, last, Now);
        (judgement.Verdict, judgement.NotBefore).ShouldBe((ClockVerdict.Wait, last + Duration.FromHours(1)));
        Rule.Judge(Reading(90), Quarters, true, last - Duration.FromMinutes(1), Now).Verdict.ShouldBe(ClockVerdict.Set);
    }

    [Theory]
    [InlineData("10:15:00", 10)] // our own clock, at the end of an interval
    [InlineData("10:13:10", 10)] // our own clock, just before an end
    [InlineData("10:16:55", 10)] // our own clock, just after an end
    [InlineData("10:11:30", 90)] // the meter's clock, before an end
    [InlineData("10:18:20", -90)] // the meter's clock, after an end
    [InlineData("10:10:00", 500)] // the jump would go back across an end
    [InlineData("10:20:00", -500)] // the jump would skip an end
    public void Near_the_end_of_an_interval_it_waits_for_a_moment_that_is_clear_of_it(string time, double offset)
    {
        var now = Instant.FromUtc(2024, 7, 15, 0, 0) + Duration.FromTimeSpan(
            TimeSpan.Parse(time, System.Globalization.CultureInfo.InvariantCulture));
        var judgement = Judge(offset, Quarters, now);

        judgement.Verdict.ShouldBe(ClockVerdict.Wait);
        var later = judgement.NotBefore.ShouldNotBeNull();
        later.ShouldBeInRange(now + Duration.Epsilon, now + Duration.FromMinutes(15));
        Judge(offset, Quarters, later).Verdict.ShouldBe(ClockVerdict.Set);
        foreach (var clock in new[] { later, later + Duration.FromSeconds(offset), later + ClockSetRule.SendWithin })
            FromEnd(clock, minutes: 15).ShouldBeGreaterThanOrEqualTo(Duration.FromMinutes(2));
    }

    [Fact]
    public void The_shortest_period_of_the_meter_counts()
    {
        var now = Instant.FromUtc(2024, 7, 15, 10, 16);
        Judge(90, new CurvePeriods(60, 15), now).Verdict.ShouldBe(ClockVerdict.Wait);
        Judge(90, new CurvePeriods(60, 0), now).Verdict.ShouldBe(ClockVerdict.Set);
        Judge(90, null, now).Verdict.ShouldBe(ClockVerdict.Wait);
    }

    [Fact]
    public void Where_no_moment_is_clear_of_both_ends_it_is_not_set()
    {
        var judgement = Judge(90, new CurvePeriods(60, 5), Now);
        judgement.Verdict.ShouldBe(ClockVerdict.PeriodTooShort);
        judgement.Alarm.ShouldNotBeNull().ShouldContain("sync-clock");
    }

    private static Duration FromEnd(Instant clock, int minutes)
    {
        var period = TimeSpan.FromMinutes(minutes).Ticks;
        var since = clock.ToUnixTimeTicks() % period;
        return Duration.FromTicks(Math.Min(since, period - since));
    }

    private static ClockJudgement Judge(double offset, CurvePeriods? periods, Instant now) =>
        Rule.Judge(Reading(offset), periods, true, null, now);

    private static ClockReading Reading(double offset, double uncertainty = 0.1) =>
        new(default, Duration.FromSeconds(offset), Duration.FromSeconds(uncertainty), Now);
}
