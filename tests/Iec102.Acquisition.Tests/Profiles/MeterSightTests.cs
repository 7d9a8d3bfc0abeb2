using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tests.Profiles;

/// <summary>What a meter never had is absent; lost is only what it had and no longer has.</summary>
public sealed class MeterSightTests
{
    /// <summary>Eight minutes before a full hour.</summary>
    private static readonly Instant Now = Instant.FromUtc(2024, 6, 14, 8, 52);

    private static readonly MeterSession Session = new(4711, SummerTimeHabit.SuBit, Duration.Zero);
    private static readonly ProfileSettings Settings = new(
        "m-1", Curve.Hourly, 1, Madrid.Zone, From: null, Duration.FromDays(180), Duration.FromMinutes(2));

    [Theory]
    [InlineData(Curve.Hourly)]
    [InlineData(Curve.QuarterHour)]
    public void Nothing_is_lost_on_the_day_of_the_installation(Curve curve)
    {
        var settings = Settings with { Curve = curve };
        var state = See(settings, ProfileState.Empty, Session, Now);

        for (var hours = 0; hours < 24; hours++)
            Report(settings, state, Now + Duration.FromHours(hours)).Lost.ShouldBe(0);
        Report(settings, state, Now + Duration.FromHours(26)).Lost.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void What_is_older_than_the_meter_keeps_when_it_is_first_seen_is_absent_also_when_the_fleet_file_begins_earlier_later()
    {
        var settings = Settings with { From = Now - Duration.FromDays(200) };
        var state = See(settings, ProfileState.Empty, Session, Now);
        var report = Report(settings, state, Now);
        // 181 days, since the depth is counted in days, and what has begun of this one.
        (report.Absent, report.Missing, report.Lost).ShouldBe((19 * 24, 181 * 24, 0));
        report.Gaps[0].Reason.ShouldBe("older than the meter keeps, and never found in it");

        var earlier = settings with { From = Now - Duration.FromDays(300) };
        state = Apply(state, new MeterSight(earlier).BeginEarlier(state, Now));
        report = Report(earlier, state, Now);
        (report.Absent, report.Missing, report.Lost).ShouldBe((119 * 24, 181 * 24, 0));

        // What is not read before it falls out of the memory was there, and is lost.
        report = Report(earlier, state, Now + Duration.FromDays(3));
        (report.Absent, report.Lost).ShouldBe((119 * 24, 3 * 24));
    }

    [Theory]
    [InlineData(400, 400 * 24, 0)]
    [InlineData(40, 180 * 24, 139 * 24)]
    [InlineData(6, 180 * 24, 0)] // not believed: no meter keeps so little
    public void The_depth_that_the_meter_tells_replaces_the_usual_one(int days, int expected, int absent)
    {
        var state = See(Settings, ProfileState.Empty, Session, Now);

        state = See(Settings, state, Session with { Kept = new KeptCurve(60, days) }, Now);

        var report = Report(Settings, state, Now);
        (report.Expected, report.Absent, report.Lost).ShouldBe((expected, absent, 0));
        See(Settings, state, Session, Now).ShouldBe(state, "It is remembered.");
        ProfileFormat.Read(ProfileFormat.Write(state.SetUp), "su1").ShouldBe(state.SetUp);
    }

    [Fact]
    public void The_depth_of_the_fleet_file_wins_and_that_of_another_period_is_not_meant()
    {
        var given = Settings with { IsDepthGiven = true };
        var told = Session with { Kept = new KeptCurve(60, 40) };
        Report(given, See(given, ProfileState.Empty, told, Now), Now).Expected.ShouldBe(180 * 24);

        var quarters = Settings with { Curve = Curve.QuarterHour };
        Report(quarters, See(quarters, ProfileState.Empty, told, Now), Now).Expected.ShouldBe(180 * 96 + 3);
    }

    [Fact]
    public void Type_129_tells_the_depth()
    {
        var asdu = new byte[255];
        var length = new PointParameters(5, 1, 1, new Masked<uint>(0), 60, 40).Write(
            asdu, new AsduHeader(TypeIdentification.PointParameters, 1, (CauseOfTransmission)5, 1, 0));

        var setUp = MeterSetUp.Of([new ConfigurationRead("m-1", 4711, Now, asdu[..length])]);

        setUp.Kept.ShouldBe(new KeptCurve(60, 40));
    }

    [Fact]
    public void A_gap_says_that_a_clock_that_is_40_minutes_off_proves_nothing()
    {
        var state = See(Settings, ProfileState.Empty, Session, Now);

        string Reason(double minutes) => state.Coverage.Report(
            state.Expected(Now), state.LostTo(Now, Settings), state.Grid, Duration.FromMinutes(minutes)).Gaps[^1].Reason;

        Reason(15).ShouldBe("not read yet");
        Reason(-40).ShouldContain("while the meter's clock is 40 min off (more than 15)");
    }

    private static ProfileState See(ProfileSettings settings, ProfileState state, MeterSession session, Instant now) =>
        Apply(state, new MeterSight(settings).See(state, session, now));

    private static ProfileState Apply(ProfileState state, IReadOnlyList<IProfileEvent> events) =>
        events.Aggregate(state, (before, one) => before.Apply(one));

    private static CoverageReport Report(ProfileSettings settings, ProfileState state, Instant now) =>
        state.Coverage.Report(state.Expected(settings.ExpectedEnd(now, Duration.Zero)), state.LostTo(now, settings), state.Grid);
}
