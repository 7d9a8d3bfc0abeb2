using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>What is reported of a curve: how much of it is recorded, as a whole, of a range, and of each of the last civil days.</summary>
internal sealed class ProfileReports(ProfileSettings settings, MeterSight sight)
{
    /// <summary>Today and the seven days before.</summary>
    private const int DaysShown = 8;

    /// <summary>The coverage of a range, or of everything that is expected.</summary>
    /// <param name="state">What is known of the curve.</param>
    /// <param name="clockOffset">The meter's clock less ours; null when it is not known.</param>
    /// <param name="now">The moment.</param>
    /// <param name="range">The range; null for everything.</param>
    public CoverageReport Coverage(ProfileState state, Duration? clockOffset, Instant now, TimeRange? range) =>
        Report(state, Assumed(state, now), clockOffset, now, range);

    /// <summary>The curve as operators see it.</summary>
    public ProfileStatus Status(ProfileState state, Duration? clockOffset, Instant now)
    {
        var assumed = Assumed(state, now);
        var report = Report(state, assumed, clockOffset, now, range: null);
        var recorded = state.Coverage.Recorded;
        return new ProfileStatus(
            settings.Meter, settings.Curve, state.Unsupported is null ? CurveState.Ok : CurveState.Unsupported,
            recorded.IsEmpty ? null : recorded.Ranges[^1].To, report.Expected, report.Recorded, report.Missing, report.Absent, report.Lost)
        {
            MissingFrom = report.Gaps.FirstOrDefault(gap => gap.State == IntervalState.Missing)?.Range.From,
            UnsupportedSince = state.Unsupported?.At,
            NextTry = state.Unsupported?.At + ChunkPlanner.UnsupportedRest,
            Days =
            [
                .. Days(
                    assumed, report.Gaps, Today(now).PlusDays(1 - DaysShown), Today(now), settings.ExpectedEnd(now, clockOffset), now),
            ],
        };
    }

    /// <summary>How much of each civil day of a range is recorded; of what is still to come nothing is expected.</summary>
    public DaysReport Days(ProfileState state, Duration? clockOffset, Instant now, GetDays asked)
    {
        var range = new TimeRange(StartOf(asked.From), StartOf(asked.To));
        var (assumed, last) = (Assumed(state, now), LocalDate.Min(asked.To.PlusDays(-1), Today(now)));
        var gaps = Report(state, assumed, clockOffset, now, range).Gaps;
        var days = Days(assumed, gaps, asked.From, last, settings.ExpectedEnd(now, clockOffset), now).ToList();
        for (var day = LocalDate.Max(last.PlusDays(1), asked.From); day < asked.To; day = day.PlusDays(1))
            days.Add(new DayCoverage(day, 0, 0));
        return new DaysReport(days);
    }

    /// <summary>A meter that was never reached is expected to have what it would have if it were reached now.</summary>
    private ProfileState Assumed(ProfileState state, Instant now) =>
        state.Start is not null ? state : state.Apply(sight.StartOf(state, now));

    private CoverageReport Report(ProfileState state, ProfileState assumed, Duration? clockOffset, Instant now, TimeRange? range)
    {
        var expected = assumed.Expected(settings.ExpectedEnd(now, clockOffset));
        if (range is { } wanted)
            expected = new TimeRange(Instant.Max(expected.From, wanted.From), Instant.Min(expected.To, wanted.To));
        // Nothing is lost of a meter that was never reached.
        var lostTo = state.Start is not null ? state.LostTo(now, settings) : Instant.MinValue;
        return assumed.Coverage.Report(expected, lostTo, assumed.Grid, clockOffset, settings.Zone);
    }

    /// <summary>
    /// Of today what is expected so far counts; of a day that is over every interval, also one that is not ready yet: such a day is not
    /// complete, however much the meter's clock lags.
    /// </summary>
    private IEnumerable<DayCoverage> Days(
        ProfileState state, IReadOnlyList<CoverageGap> gaps, LocalDate first, LocalDate last, Instant expectedEnd, Instant now)
    {
        var today = Today(now);
        var recent = gaps.Where(gap => gap.Range.To > StartOf(first)).ToList();
        for (var day = first; day <= last; day = day.PlusDays(1))
        {
            var range = new TimeRange(
                Instant.Max(StartOf(day), state.Start!.Value), day == today ? expectedEnd : StartOf(day.PlusDays(1)));
            yield return new DayCoverage(
                day, state.Grid.Count(range), state.Grid.Count(state.Coverage.Recorded.Intersect(range)),
                Count(IntervalState.Absent, range), Count(IntervalState.Lost, range));
        }

        int Count(IntervalState kind, TimeRange range) => recent.Where(gap => gap.State == kind).Sum(gap => state.Grid.Count(
            new TimeRange(Instant.Max(gap.Range.From, range.From), Instant.Min(gap.Range.To, range.To))));
    }

    private LocalDate Today(Instant now) => now.InZone(settings.Zone).Date;

    private Instant StartOf(LocalDate day) => day.AtStartOfDayInZone(settings.Zone).ToInstant();
}
