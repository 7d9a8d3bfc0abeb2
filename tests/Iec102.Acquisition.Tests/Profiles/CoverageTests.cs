using FsCheck.Xunit;
using Iec102.Acquisition.Profiles;
using NodaTime;

namespace Iec102.Acquisition.Tests.Profiles;

public class CoverageTests
{
    private const int Hours = 64;
    private static readonly Instant Start = Instant.FromUtc(2024, 5, 1, 0, 0);
    private static readonly IntervalGrid Grid = IntervalGrid.Of(60);
    private static readonly TimeRange Everything = new(Start, At(Hours));

    /// <summary>The naive coverage, with one entry per interval, that the range-based one must agree with.</summary>
    private sealed class Model
    {
        public bool[] Recorded { get; } = new bool[Hours + 1];

        public int[] Attempts { get; } = new int[Hours + 1];

        public bool[] Reread { get; } = new bool[Hours + 1];

        public IntervalState State(int hour, int lostTo) =>
            Recorded[hour] ? IntervalState.Recorded
            : Attempts[hour] > 0 ? IntervalState.Absent
            : hour <= lostTo ? IntervalState.Lost
            : IntervalState.Missing;
    }

    [Property]
    public void Ranges_agree_with_a_model_that_keeps_each_interval(byte[] steps, byte lost)
    {
        var (coverage, model) = Play(steps);
        var lostTo = lost % Hours;
        var report = coverage.Report(Everything, At(lostTo), Grid);

        int Count(IntervalState state) => Enumerable.Range(1, Hours).Count(hour => model.State(hour, lostTo) == state);
        report.Expected.ShouldBe(Hours);
        report.Recorded.ShouldBe(Count(IntervalState.Recorded));
        report.Missing.ShouldBe(Count(IntervalState.Missing));
        report.Absent.ShouldBe(Count(IntervalState.Absent));
        report.Lost.ShouldBe(Count(IntervalState.Lost));
        Grid.Ends(Everything)
            .Where(coverage.Reread.Contains)
            .ShouldBe(Enumerable.Range(1, Hours).Where(hour => model.Reread[hour]).Select(At));
        Grid.Ends(Everything).Where(coverage.Missing(Everything, At(lostTo)).Contains)
            .ShouldBe(Enumerable.Range(1, Hours).Where(hour => model.State(hour, lostTo) == IntervalState.Missing).Select(At));
    }

    [Property]
    public void Gaps_and_what_is_recorded_cover_each_interval_exactly_once(byte[] steps, byte lost)
    {
        var (coverage, model) = Play(steps);
        var gaps = coverage.Report(Everything, At(lost % Hours), Grid).Gaps;

        for (var hour = 1; hour <= Hours; hour++)
        {
            var of = gaps.Where(gap => gap.Range.Contains(At(hour))).Select(gap => gap.State).ToList();
            of.ShouldBe(model.Recorded[hour] ? [] : [model.State(hour, lost % Hours)]);
        }
    }

    [Property]
    public void What_is_asked_again_are_the_absent_intervals_whose_time_has_come(byte[] steps)
    {
        var (coverage, model) = Play(steps);
        int[] waits = [1, 24, 7 * 24, 30 * 24];

        foreach (var hours in new[] { 0, 1, 24, 7 * 24, 30 * 24 })
        {
            var due = coverage.DueAgain(Everything, At(Hours) + Duration.FromHours(hours));
            Enumerable.Range(1, Hours).Where(hour => due.Contains(At(hour)))
                .ShouldBe(Enumerable.Range(1, Hours).Where(
                    hour => model.Attempts[hour] is > 0 and var attempts && waits[Math.Min(attempts, 4) - 1] <= hours));
        }
    }

    [Fact]
    public void Five_years_without_a_gap_are_one_range_whatever_the_order_in_which_they_came()
    {
        var ends = Grid.Ends(new TimeRange(Start, Start + Duration.FromDays(5 * 365))).Chunk(100).ToList();
        var oddFirst = ends.Where((_, i) => i % 2 == 1).Concat(ends.Where((_, i) => i % 2 == 0));
        var coverage = oddFirst.Aggregate(Coverage.Empty, (all, some) => all.Record(some, Grid));

        coverage.Recorded.Ranges.Length.ShouldBe(1);
        Grid.Count(coverage.Recorded).ShouldBe(5 * 365 * 24);
    }

    [Fact]
    public void An_interval_off_the_grid_is_not_counted_until_the_grid_has_it()
    {
        var odd = At(1) + Duration.FromMinutes(30);
        var coverage = Coverage.Empty.Record([At(1), odd, At(2)], Grid);
        coverage.Report(Everything, At(0), Grid).Recorded.ShouldBe(2);
        coverage.Holds(odd, Grid).ShouldBeTrue();
        coverage.Holds(odd + Duration.FromMinutes(1), Grid).ShouldBeFalse();

        var half = IntervalGrid.Of(30);
        coverage.Regrid(Everything, Grid, half).Report(Everything, At(0), half).Recorded.ShouldBe(3);
    }

    [Property]
    public void A_new_period_keeps_exactly_the_recorded_ends_that_are_on_the_new_grid(byte[] steps, byte from, byte length, bool finer)
    {
        var coverage = Play(steps).Coverage;
        var before = IntervalGrid.Of(finer ? 60 : 30);
        var recorded = before.Ends(Everything).Where(coverage.Recorded.Contains).ToList();
        var range = new TimeRange(At(from % Hours), At(from % Hours + length % 16 + 1));
        var after = before.With(range, finer ? 15 : 60);

        var regridded = coverage.Regrid(range, before, after);

        after.Ends(Everything).Where(regridded.Recorded.Contains).ShouldBe(recorded.Where(after.IsExpected));
        regridded.Held(Everything, after).ShouldBe(recorded);
    }

    [Theory]
    [InlineData("Europe/Madrid", "2024-05-01T12:00:00+02:00")]
    [InlineData("Atlantic/Canary", "2024-05-01T11:00:00+01:00")]
    public void A_gap_says_why_and_tells_times_of_the_meters_zone(string zone, string next)
    {
        var coverage = Coverage.Empty.LeaveOut(
            RangeSet.Of(new TimeRange(At(1), At(3))), At(9), Protocol.Application.CauseOfTransmission.PeriodNotAvailable, proof: true);

        coverage.Report(Everything, At(0), Grid, zone: DateTimeZoneProviders.Tzdb[zone])
            .Gaps.Single(gap => gap.State == IntervalState.Absent).Reason
            .ShouldBe($"refused by the meter (cause 18, integration period not available) once; asked again at {next}");
    }

    private static (Coverage Coverage, Model Model) Play(byte[] steps)
    {
        var (coverage, model) = (Coverage.Empty, new Model());
        foreach (var step in steps.Chunk(3).Where(step => step.Length == 3))
        {
            var from = step[1] % Hours;
            var hours = Enumerable.Range(from + 1, Math.Min(step[2] % 12 + 1, Hours - from)).ToList();
            var range = new TimeRange(At(from), At(hours[^1]));
            switch (step[0] % 4)
            {
                case 0:
                    coverage = coverage.Record([.. hours.Select(At)], Grid);
                    hours.ForEach(hour => (model.Recorded[hour], model.Attempts[hour], model.Reread[hour]) = (true, 0, false));
                    break;
                case 1:
                    coverage = coverage.LeaveOut(RangeSet.Of(range), At(Hours), 0, proof: true);
                    hours.ForEach(
                        hour => (model.Attempts[hour], model.Reread[hour]) = (model.Recorded[hour] ? 0 : model.Attempts[hour] + 1, false));
                    break;
                case 2:
                    coverage = coverage.LeaveOut(RangeSet.Of(range), At(Hours), 0, proof: false);
                    hours.ForEach(hour => model.Reread[hour] = false);
                    break;
                default:
                    coverage = coverage.AskAgain(range);
                    hours.ForEach(hour => model.Reread[hour] = true);
                    break;
            }
        }

        return (coverage, model);
    }

    private static Instant At(int hour) => Start + Duration.FromHours(hour);
}
