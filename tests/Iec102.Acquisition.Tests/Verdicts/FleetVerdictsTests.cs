using System.Collections.Immutable;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Verdicts;
using NodaTime;

namespace Iec102.Acquisition.Tests.Verdicts;

public sealed class FleetVerdictsTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 3, 2, 10, 0);
    private static readonly Instant Earlier = Now - Duration.FromHours(5);
    private static readonly Instant Next = Now + Duration.FromMinutes(3);
    private static readonly MeterStatus Good =
        new("m-1", "p-1", 5, 1, MeterState.Online, 7, Now, null, Duration.FromSeconds(1)) { Since = Earlier };

    private static readonly PortStatus Open = Port("p-1", PortState.Open);

    private readonly Dictionary<string, LivePort> _ports = [];
    private readonly Dictionary<string, LiveMeter> _meters = [];

    [Fact]
    public void A_meter_that_is_read_is_ok_since_it_answers()
    {
        Add(Open).Add(Good, Curve(missing: 0));

        Of("m-1").ShouldBe(new Verdict(VerdictKind.Ok, Earlier));
        Verdicts().OfPort("p-1").Kind.ShouldBe(VerdictKind.Ok);
        Verdicts().Problems.ShouldBeEmpty();
    }

    [Fact]
    public void Five_meters_on_a_dead_port_are_one_problem_with_the_age_of_the_port()
    {
        Add(Port("p-1", PortState.BackingOff) with { DownSince = Earlier, NextTry = Next, LastError = "refused" });
        foreach (var id in (string[])["m-1", "m-2", "m-3", "m-4", "m-5"])
            Add(Good with { Id = id, State = MeterState.Offline, LastError = "refused", Since = Now });

        var problem = Verdicts().Problems.ShouldHaveSingleItem();

        (problem.Port, problem.Meter, problem.LastError).ShouldBe(("p-1", null, "refused"));
        problem.Meters.ShouldBe(["m-1", "m-2", "m-3", "m-4", "m-5"]);
        var verdict = problem.Verdict;
        (verdict.Kind, verdict.Cause, verdict.Since, verdict.NextTry).ShouldBe((VerdictKind.Down, VerdictCause.LineDown, Earlier, Next));
        verdict.Advice!.En.ShouldStartWith("Check the converter at 192.0.2.1:4001");
        verdict.Advice.Es.ShouldStartWith("Revise el conversor en 192.0.2.1:4001");
        Of("m-3").ShouldBe(verdict with { Blame = "p-1" });
    }

    [Fact]
    public void A_problem_that_is_known_to_be_older_is_so_for_its_port_and_the_meters_behind_it_alone()
    {
        Add(Port("p-1", PortState.BackingOff) with { DownSince = Now }).Add(Open with { Id = "p-2" });
        Add(Good with { State = MeterState.Offline, LastError = "refused", Since = Now })
            .Add(Good with { Id = "m-2", Port = "p-2", ClockOffset = Duration.FromMinutes(40), ClockOffSince = Now })
            .Add(Good with { Id = "m-3", Port = "p-2" });

        var known = Verdicts().WithSince(problem => problem.Meter is null ? Earlier : null);

        known.Problems.Select(problem => problem.Verdict.Since).ShouldBe([Earlier, Now]);
        (known.OfPort("p-1").Since, known.OfMeter("m-1").Since, known.OfMeter("m-2").Since).ShouldBe((Earlier, Earlier, Now));
        known.OfMeter("m-1").ShouldBe(Of("m-1") with { Since = Earlier });
        known.OfMeter("m-3").ShouldBe(Of("m-3"));
    }

    [Fact]
    public void What_a_paused_port_keeps_from_being_read_is_off_until_the_end_of_the_pause_and_no_problem()
    {
        Add(Port("p-1", PortState.Paused) with { Pause = new PortPause(Earlier, Next, "ana") })
            .Add(Good with { State = MeterState.Offline });

        var port = Verdicts().OfPort("p-1");

        (port.Kind, port.Cause, port.Since, port.NextTry).ShouldBe((VerdictKind.Off, VerdictCause.Paused, Earlier, Next));
        port.Advice!.En.ShouldStartWith("ana has paused the port");
        Of("m-1").ShouldBe(port with { Blame = "p-1" });
        Verdicts().Problems.ShouldBeEmpty();
    }

    [Fact]
    public void A_call_that_fails_is_no_matter_of_a_converter()
    {
        Add(Port("p-1", PortState.BackingOff) with { DownSince = Earlier, IsDialled = true })
            .Add(Good with { State = MeterState.Offline });

        var advice = Verdicts().Problems.ShouldHaveSingleItem().Verdict.Advice!;

        advice.En.ShouldBe(
            "Check what the error names: the modem of the server and its line or SIM, the number, or the modem at the meter.");
        advice.Es.ShouldStartWith("Revise lo que nombra el error: el módem del servidor");
    }

    [Theory]
    [InlineData(PortState.Opening, 0, true)]
    [InlineData(PortState.Open, 59, true)]
    [InlineData(PortState.Open, 60, false)]
    public void A_line_that_is_tried_again_is_down_until_it_stays_open(PortState state, int seconds, bool isDown)
    {
        Add(Port("p-1", state) with { DownSince = Earlier, EnteredAt = Now - Duration.FromSeconds(seconds) });

        Verdicts().OfPort("p-1").Kind.ShouldBe(isDown ? VerdictKind.Down : VerdictKind.Ok);
    }

    [Fact]
    public void Damaged_answers_are_a_cause_of_their_own_of_a_meter_and_of_a_port()
    {
        var damaged = Good with { State = MeterState.Demoted, Fault = LineFault.Damaged, LastError = "Damaged.", Since = Earlier };
        Add(Open).Add(damaged).Add(Good with { Id = "m-2" });
        Of("m-1").Cause.ShouldBe(VerdictCause.DamagedAnswers);
        Of("m-1").Advice!.En.ShouldStartWith("Check the baud rate, data bits and parity of port p-1");

        Add(Good with { Id = "m-2", State = MeterState.Demoted, LastError = "Silent.", Since = Earlier });

        var problem = Verdicts().Problems.ShouldHaveSingleItem();
        (problem.Port, problem.Verdict.Cause).ShouldBe(("p-1", VerdictCause.DamagedAnswers));
    }

    [Fact]
    public void A_port_is_to_blame_when_none_of_its_meters_answers_but_not_for_one_that_is_silent_alone()
    {
        var silent = Good with { State = MeterState.Demoted, LastError = "Link 5 did not answer.", Since = Earlier, NextTry = Next };
        Add(Open).Add(silent).Add(Good with { Id = "m-2" });
        Of("m-1").ShouldSatisfyAllConditions(
            one => one.Kind.ShouldBe(VerdictKind.Down), one => one.Cause.ShouldBe(VerdictCause.NoAnswer),
            one => one.Since.ShouldBe(Earlier), one => one.NextTry.ShouldBe(Next), one => one.Blame.ShouldBeNull(),
            one => one.Advice!.En.ShouldContain("link-address = 5"));

        Add(silent with { Id = "m-2", Since = Now });

        var problem = Verdicts().Problems.ShouldHaveSingleItem();
        (problem.Meter, problem.Verdict.Cause, problem.Verdict.Since).ShouldBe((null, VerdictCause.NoAnswer, Now));
        problem.Meters.ShouldBe(["m-1", "m-2"]);

        Add(silent with { Fault = LineFault.Damaged }).Add(silent with { Id = "m-2", Fault = LineFault.Damaged });
        Verdicts().Problems.ShouldHaveSingleItem().Verdict.Cause.ShouldBe(VerdictCause.DamagedAnswers);
        Add(Good with { Id = "m-2" });
        Of("m-1").Cause.ShouldBe(VerdictCause.DamagedAnswers);
        Add(silent).Add(silent with { Id = "m-2", Since = Now });

        Add(Good with { Id = "m-3", State = MeterState.Disabled });
        Verdicts().Problems.ShouldHaveSingleItem().Meters.ShouldBe(["m-1", "m-2"], "A meter that is off is no sign of life.");
    }

    [Theory]
    [InlineData(MeterState.Refused, VerdictCause.Password, "Corrija password en")]
    [InlineData(MeterState.WrongMeter, VerdictCause.WrongMeter, "Si el contador ha sido sustituido, declárelo en su página (o POST")]
    public void A_meter_that_may_not_be_read_is_down_until_somebody_acts(MeterState state, VerdictCause cause, string advice)
    {
        Add(Open).Add(Good with { State = state, LastError = "no", Since = Earlier, NextTry = Next });

        var verdict = Of("m-1");

        (verdict.Kind, verdict.Cause, verdict.Since, verdict.NextTry).ShouldBe((VerdictKind.Down, cause, Earlier, Next));
        verdict.Advice!.Es.ShouldStartWith(advice);
    }

    [Fact]
    public void A_failure_counts_only_once_it_lasts()
    {
        var failing = Good with { State = MeterState.Offline, LastError = "Link 5 did not finish type 183 in the time given." };
        Add(Open).Add(failing with { Since = Now - Duration.FromSeconds(119) }, Curve(missing: 0));
        Of("m-1").Kind.ShouldBe(VerdictKind.Ok);

        Add(failing with { Since = Now - Duration.FromSeconds(120) }, Curve(missing: 0));
        Of("m-1").Cause.ShouldBe(VerdictCause.NoAnswer);
    }

    [Fact]
    public void A_clock_that_is_off_needs_attention_though_everything_is_read()
    {
        Add(Open).Add(
            Good with { ClockOffset = Duration.FromMinutes(40), ClockOffSince = Earlier, NextClockCheck = Next }, Curve(missing: 0));

        var verdict = Of("m-1");

        (verdict.Kind, verdict.Cause, verdict.Since, verdict.NextTry).ShouldBe((VerdictKind.Attention, VerdictCause.Clock, Earlier, Next));
        verdict.Advice!.En.ShouldContain("cannot be taken for absent");
    }

    [Fact]
    public void A_meter_that_was_never_reached_is_not_ok()
    {
        Add(Open).Add(Good with { State = MeterState.Offline, LastSeen = null, Since = null });

        Of("m-1").Kind.ShouldBe(VerdictKind.CatchingUp);
    }

    [Fact]
    public void A_curve_that_becomes_complete_is_catching_up_with_the_time_that_takes_and_one_that_does_not_move_has_gaps()
    {
        var meter = new LiveMeter("m-1") { Status = Good };
        var begin = Now - Duration.FromMinutes(30);
        for (var minute = 0; minute <= 30; minute++)
            meter = meter.With(Curve(missing: 4000 - 100 * minute), begin + Duration.FromMinutes(minute));
        _meters["m-1"] = meter;
        Add(Open);

        // 3000 in 30 min, and 1000 are left.
        Of("m-1").ShouldBe(new Verdict(VerdictKind.CatchingUp, Earlier) { Remaining = Duration.FromMinutes(10) });

        var later = FleetVerdicts.Of(Ports(), Meters(), Now + Duration.FromHours(1)).OfMeter("m-1");
        (later.Kind, later.Cause, later.Since).ShouldBe((VerdictKind.Attention, VerdictCause.Gaps, Now));
    }

    [Fact]
    public void After_our_clock_was_set_back_the_speed_of_catching_up_is_measured_anew()
    {
        var (set, oneMinute) = (Now - Duration.FromHours(1), Duration.FromMinutes(1));
        var meter = new LiveMeter("m-1").With(Curve(missing: 4000), Now - oneMinute).With(Curve(missing: 3000), Now);

        meter = meter.With(Curve(missing: 2900), set).With(Curve(missing: 2800), set + oneMinute);

        meter.RemainingOf(Curve(missing: 2800).Curve).ShouldBe(oneMinute * 28);
    }

    [Fact]
    public void The_intervals_of_the_last_two_hours_may_be_missing()
    {
        Add(Open).Add(Good, Curve(missing: 8) with { MissingFrom = Now - Duration.FromHours(2) });

        Of("m-1").Kind.ShouldBe(VerdictKind.Ok);
    }

    [Fact]
    public void A_refused_curve_and_current_values_that_are_not_renewed_need_attention()
    {
        Add(Open).Add(Good, Curve(missing: 0) with { State = CurveState.Unsupported, UnsupportedSince = Earlier, NextTry = Next });
        var refused = Of("m-1");
        (refused.Kind, refused.Cause, refused.Since, refused.NextTry)
            .ShouldBe((VerdictKind.Attention, VerdictCause.Unsupported, Earlier, Next));
        refused.Advice!.En.ShouldContain("profiles.hourly.enabled = false");

        _meters["m-1"] = new LiveMeter("m-1") { Status = Good }
            .With(new CurrentValuesRead("m-1", Duration.FromMinutes(1), []), Now - Duration.FromMinutes(3));
        var stale = Of("m-1");
        (stale.Kind, stale.Cause, stale.Since).ShouldBe((VerdictKind.Attention, VerdictCause.Stale, Now));
    }

    [Fact]
    public void What_another_node_runs_is_judged_by_the_moment_at_which_it_was_as_it_is_shown()
    {
        var meter = new LiveMeter("m-1") { Status = Good }
            .With(new CurrentValuesRead("m-1", Duration.FromMinutes(1), []), Now - Duration.FromMinutes(3));
        Add(Open);

        _meters["m-1"] = meter with { Sight = new Sight("b", Now - Duration.FromSeconds(10)) };
        Of("m-1").Kind.ShouldBe(VerdictKind.Ok);
        _meters["m-1"] = meter with { Sight = new Sight("b", Now) };
        Of("m-1").Cause.ShouldBe(VerdictCause.Stale);
        _meters["m-1"] = meter with { Sight = new Sight("b", Earlier, IsLost: true) };
        (Of("m-1").Kind, Of("m-1").Cause, Of("m-1").Since).ShouldBe((VerdictKind.Unknown, VerdictCause.NodeLost, Earlier));
    }

    [Fact]
    public void What_is_off_is_off_and_a_meter_whose_record_the_databases_do_not_give_is_down()
    {
        Add(Port("p-1", PortState.Disabled)).Add(Good with { State = MeterState.Disabled });
        (Verdicts().OfPort("p-1").Kind, Of("m-1").Kind, Of("m-9").Kind).ShouldBe((VerdictKind.Off, VerdictKind.Off, VerdictKind.Unknown));

        Add(Open).Add(Good with { State = MeterState.Offline, LastError = "waiting", WaitsForStorage = true });
        (Of("m-1").Kind, Of("m-1").Cause).ShouldBe((VerdictKind.Down, VerdictCause.Storage));
    }

    private static PortStatus Port(string id, PortState state) =>
        new(id, "tcp", "192.0.2.1:4001", state, Earlier, null, new PortCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));

    private static ProfileStatus Curve(int missing) =>
        new("m-1", Iec102.Fleet.Curve.Hourly, CurveState.Ok, Now, 5000, 5000 - missing, missing, 0, 0)
        {
            MissingFrom = missing > 0 ? Earlier : null,
        };

    private FleetVerdictsTests Add(PortStatus port)
    {
        _ports[port.Id] = new LivePort(port.Id) { Status = port };
        return this;
    }

    private FleetVerdictsTests Add(MeterStatus meter, params ProfileStatus[] curves)
    {
        _meters[meter.Id] = curves.Aggregate(new LiveMeter(meter.Id) { Status = meter }, (live, curve) => live.With(curve, Now));
        return this;
    }

    private LivePorts Ports() => new(_ports.ToImmutableSortedDictionary(StringComparer.Ordinal));

    private LiveMeters Meters() => new(_meters.ToImmutableSortedDictionary(StringComparer.Ordinal));

    private FleetVerdicts Verdicts() => FleetVerdicts.Of(Ports(), Meters(), Now);

    private Verdict Of(string meter) => Verdicts().OfMeter(meter);
}
