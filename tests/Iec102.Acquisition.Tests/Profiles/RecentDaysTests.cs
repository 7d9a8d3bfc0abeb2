using Akka.Actor;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Tests.Profiles;

/// <summary>What a curve reports of today and of the seven days before.</summary>
public sealed class RecentDaysTests : ProfileBench
{
    private static readonly LocalDate Monday = new(2024, 6, 10);

    [Theory]
    [InlineData(2024, 3, 31, 60, 23)]
    [InlineData(2024, 10, 27, 60, 25)]
    [InlineData(2024, 3, 31, 15, 92)]
    [InlineData(2024, 10, 27, 15, 100)]
    [InlineData(2024, 7, 1, 60, 24)]
    [InlineData(2024, 7, 1, 15, 96)]
    public void A_day_has_the_intervals_of_its_hours(int year, int month, int day, int period, int intervals)
    {
        var range = Madrid.Day(year, month, day);
        var (grid, date) = (IntervalGrid.Of(period), new LocalDate(year, month, day));
        var state = Known(grid, range.From - Duration.FromDays(10), [.. grid.Ends(range)]);

        var days = Days(state, range.To + Duration.FromHours(6));

        days.Select(one => one.Day).ShouldBe(Enumerable.Range(-6, 8).Select(offset => date.PlusDays(offset)));
        days[6].ShouldBe(new DayCoverage(date, intervals, intervals));
        days[5].ShouldBe(new DayCoverage(date.PlusDays(-1), 24 * 60 / period, 0));
        Status(state, range.To + Duration.FromHours(6)).IsComplete(date).ShouldBeTrue();
    }

    [Fact]
    public void Of_a_day_with_the_beginning_of_the_curve_only_what_follows_is_expected_and_nothing_of_the_days_before()
    {
        var days = Days(Known(IntervalGrid.Of(60), Midnight(0) + Duration.FromHours(15), []), Midnight(2) + Duration.FromMinutes(90));

        days.Select(one => one.Expected).ShouldBe([0, 0, 0, 0, 0, 9, 24, 1]);
    }

    [Fact]
    public void What_is_absent_or_lost_counts_on_its_own_day()
    {
        var day = new TimeRange(Midnight(0), Midnight(1));
        var missing = new TimeRange(Midnight(1) - Duration.FromHours(3), Midnight(1));
        var state = Known(IntervalGrid.Of(60), Midnight(-3), [.. IntervalGrid.Of(60).Ends(day with { To = missing.From })]);
        state = state.Apply(
            new RangesLeftOut(RangeSet.Of(missing with { To = Midnight(1) + Duration.FromHours(2) }), Midnight(2), 0, true));
        Settings = Settings with { Depth = Duration.FromDays(2), IsDepthGiven = true };

        var days = Days(state, Midnight(2) + Duration.FromHours(1.5));

        days[5].ShouldBe(new DayCoverage(Monday, 24, 21, Absent: 3));
        days[6].ShouldBe(new DayCoverage(Monday.PlusDays(1), 24, 0, Absent: 2));
        days[6].Missing.ShouldBe(22);
        days[2].ShouldBe(new DayCoverage(Monday.PlusDays(-3), 24, 0, Lost: 24));
        days[5].IsComplete.ShouldBeTrue("the meter has nothing more to give");
        days[2].IsComplete.ShouldBeFalse();
    }

    [Fact]
    public void A_day_is_complete_only_when_it_is_over_and_its_last_interval_is_there()
    {
        var grid = IntervalGrid.Of(60);
        var state = Known(grid, Midnight(0), [.. grid.Ends(new TimeRange(Midnight(0), Midnight(1) - Duration.FromHours(1)))]);

        var before = Status(state, Midnight(1) - Duration.FromMinutes(30));
        before.Days[^1].ShouldBe(new DayCoverage(Monday, 23, 23));
        before.IsComplete(Monday).ShouldBeFalse("it is not over");
        Status(state, Midnight(1) + Duration.FromMinutes(1)).IsComplete(Monday).ShouldBeFalse("its last interval is not ready");
        Status(state, Midnight(1) + Duration.FromHours(1), Duration.FromHours(-2)).IsComplete(Monday)
            .ShouldBeFalse("the meter's clock lags");
        var all = state with { Coverage = state.Coverage.Record([Midnight(1)], grid) };
        Status(all, Midnight(1) + Duration.FromMinutes(1)).IsComplete(Monday).ShouldBeTrue();
    }

    [Fact]
    public void A_day_turns_without_an_answer_of_the_meter()
    {
        Settings = Settings with { From = Hour(Moment) - Duration.FromDays(2) };
        var profile = Start();
        var today = Moment.InZone(Madrid.Zone).Date;
        LiveState.ExpectMsg<ProfileStatus>().Days[^1].Day.ShouldBe(today);
        Settle(profile);

        Time.Advance(TimeSpan.FromHours(12));

        var days = LiveState.FishForMessage<ProfileStatus>(one => one.Days[^1].Day > today).Days;
        days.Select(one => one.Day).ShouldBe(Enumerable.Range(-6, 8).Select(offset => today.PlusDays(offset)));
        days[6].ShouldBe(new DayCoverage(today, 24, 0));
    }

    [Fact]
    public void Nothing_is_told_while_neither_the_coverage_nor_what_is_expected_changes()
    {
        var profile = Start();
        Record(profile, NextChunk(profile));
        profile.Tell(new IntervalsStored(Settings.PersistenceId, Writer.ExpectMsg<StoreIntervals>().SequenceNr));
        Settle(profile);
        LiveState.FishForMessage<ProfileStatus>(one => one.Recorded == 24);

        Time.Advance(TimeSpan.FromMinutes(30));
        Settle(profile);

        LiveState.ExpectNoMsg(Short);
    }

    private static ProfileState Known(IntervalGrid grid, Instant start, IReadOnlyList<Instant> recorded) => new()
    {
        Start = start,
        Grid = grid,
        Coverage = Iec102.Acquisition.Profiles.Coverage.Empty.Record(recorded, grid),
    };

    private ProfileStatus Status(ProfileState state, Instant now, Duration? clockOffset = null) =>
        new ProfileReports(Settings, new MeterSight(Settings)).Status(state, clockOffset, now);

    private ValueList<DayCoverage> Days(ProfileState state, Instant now) => Status(state, now).Days;

    private static Instant Midnight(int days) => Monday.PlusDays(days).AtStartOfDayInZone(Madrid.Zone).ToInstant();
}
