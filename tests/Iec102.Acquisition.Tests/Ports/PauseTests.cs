using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using NodaTime;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>What operators do with a port: give its line to somebody else for a while, and have it opened again at once.</summary>
public sealed class PauseTests : PortBench
{
    private static readonly LinkTiming Timing = new() { ReplyTimeout = Seconds(2), Retries = 2 };

    private readonly PortSettings _tcp = Tcp with { Timing = Timing, ReconnectMin = Seconds(1), ReconnectMax = Seconds(600) };

    private Recorder? _operator;

    [Fact]
    public async Task A_pause_ends_the_sessions_closes_the_line_and_says_until_when_and_for_whom()
    {
        Far.Add(1);
        Start(_tcp);
        var meter = Meter("a", 1);
        await meter.LogIn();
        var begin = Scheduler.Time.Now();

        var answer = await Tell(new PausePort(Duration.FromMinutes(30), "ana"));

        Far.Seen.Select(frame => frame.Type).OfType<TypeIdentification>().Last().ShouldBe(TypeIdentification.EndSession);
        Lines.Current.IsClosed.ShouldBeTrue();
        var pause = new PortPause(begin, begin + Duration.FromMinutes(30), "ana");
        answer.Pause.ShouldBe(pause);
        (Status.State, Status.Pause, Status.LastError, Status.DownSince).ShouldBe((PortState.Paused, pause, null, null));
        var told = meter.Recorder.All<PortStateChanged>()[^1];
        told.ShouldBe(new PortStateChanged(PortState.Paused, pause.Sentence));
        told.Error!.ShouldContain("ana");
    }

    [Fact]
    public async Task While_it_is_paused_requests_fail_at_once_and_nothing_is_opened_for_them_nor_for_probes()
    {
        var far = Far.Add(1);
        Start(_tcp);
        var meter = Meter("a", 1);
        await meter.LogIn();
        far.IsOff = true;
        await meter.Get(meter.ReadClock, 1);
        await Tell(new PausePort(Duration.FromMinutes(30), "ana"));
        var (now, opened) = (Moment, Lines.Opened.Count);

        var ended = await meter.LogIn(1);

        (ended.End, Moment).ShouldBe((ExchangeEnd.PortLost, now));
        ended.Error!.ShouldContain("ana");
        await Advance(TimeSpan.FromMinutes(29));
        Lines.Opened.Count.ShouldBe(opened);
        Status.State.ShouldBe(PortState.Paused);
    }

    [Fact]
    public async Task A_pause_ends_by_itself_and_the_line_is_opened_when_it_is_needed()
    {
        Far.Add(1);
        Start(_tcp);
        var meter = Meter("a", 1);
        await Tell(new PausePort(Duration.FromMinutes(5), "ana"));

        await Advance(TimeSpan.FromMinutes(5) + Seconds(1));

        (Status.State, Status.Pause).ShouldBe((PortState.Closed, null));
        meter.PortStates.ShouldBe([PortState.Closed, PortState.Paused, PortState.Closed]);
        (await meter.LogIn()).End.ShouldBe(ExchangeEnd.Completed);
    }

    [Fact]
    public async Task An_operator_can_end_a_pause_and_a_second_one_changes_only_its_end()
    {
        Far.Add(1);
        Start(_tcp);
        var first = (await Tell(new PausePort(Duration.FromMinutes(5), "ana"))).Pause!;
        await Advance(TimeSpan.FromMinutes(4));

        var second = (await Tell(new PausePort(Duration.FromMinutes(60), "luis"))).Pause!;

        (second.Since, second.By).ShouldBe((first.Since, "luis"));
        await Advance(TimeSpan.FromMinutes(59));
        Status.State.ShouldBe(PortState.Paused);
        (await Tell(new ResumePort())).Pause.ShouldBeNull();
        (Status.State, Status.Pause).ShouldBe((PortState.Closed, null));
    }

    [Theory]
    [InlineData(PortState.Closed)]
    [InlineData(PortState.Opening)]
    [InlineData(PortState.BackingOff)]
    public async Task Without_a_line_the_pause_begins_at_once_and_a_line_that_opens_too_late_is_closed(PortState state)
    {
        Far.Add(1);
        Lines.TakesForever = state == PortState.Opening;
        Lines.Refusal = state == PortState.BackingOff ? "Nobody there." : null;
        Start(_tcp);
        var meter = Meter("a", 1);
        if (state != PortState.Closed)
            meter.Ask(Request.Login(1, 7));
        await Settle();
        Status.State.ShouldBe(state);

        await Tell(new PausePort(Duration.FromMinutes(30), "ana"));

        (Status.State, Status.DownSince).ShouldBe((PortState.Paused, null));
        meter.Unanswered.ShouldBe(0);
        var attempts = Lines.Attempts.Count;
        await Advance(TimeSpan.FromMinutes(29));
        Lines.Attempts.Count.ShouldBe(attempts);
        Lines.Opened.ShouldAllBe(line => line.IsClosed);
    }

    [Fact]
    public async Task The_actor_of_the_same_port_that_is_started_again_keeps_to_the_pause()
    {
        Far.Add(1);
        Start(_tcp);
        await Tell(new PausePort(Duration.FromMinutes(30), "ana"));
        await Release();
        await Settle();

        StartSuccessor(_tcp);
        var meter = Meter("a", 1);
        meter.Ask(Request.Login(1, 7));
        await Advance(TimeSpan.FromMinutes(29));

        (Status.State, Status.Pause?.By).ShouldBe((PortState.Paused, "ana"));
        meter.PortStates.ShouldBe([PortState.Paused]);
        Lines.Opened.ShouldBeEmpty();
        await Advance(TimeSpan.FromMinutes(2));
        Status.State.ShouldBe(PortState.Closed);
    }

    [Fact]
    public async Task A_line_that_is_lost_while_its_sessions_are_ended_is_paused_and_not_opened_again()
    {
        Far.Add(1).IsOff = false;
        Far.Latency = Seconds(1);
        Start(_tcp);
        await Meter("a", 1).LogIn();
        Port.Tell(new PausePort(Duration.FromMinutes(30), "ana"), Record("operator").Ref);
        await Settle();
        Status.State.ShouldBe(PortState.Open);

        Lines.Current.Fail("Lost.");
        await Settle();

        Status.State.ShouldBe(PortState.Paused);
    }

    [Fact]
    public async Task A_reconnection_closes_the_line_and_opens_another_at_once()
    {
        Far.Add(1);
        Start(_tcp);
        var meter = Meter("a", 1);
        await meter.LogIn();

        await Tell(new ReconnectPort());

        Lines.Opened.Count.ShouldBe(2);
        Lines.Opened[0].IsClosed.ShouldBeTrue();
        (Status.State, Status.LastError, Status.Counters.FailedConnects).ShouldBe((PortState.Open, null, 0));
        (await meter.Get(meter.ReadClock, 1)).End.ShouldBe(ExchangeEnd.SessionLost);
        (await meter.LogIn(1)).End.ShouldBe(ExchangeEnd.Completed);
    }

    [Fact]
    public async Task A_reconnection_does_not_wait_for_the_next_attempt_but_for_the_end_of_a_pause()
    {
        Far.Add(1);
        Lines.Refusal = "Nobody there.";
        Start(_tcp);
        var meter = Meter("a", 1);
        meter.Ask(Request.Login(1, 7));
        await Advance(TimeSpan.FromHours(1));
        Status.State.ShouldBe(PortState.BackingOff);
        Lines.Refusal = null;

        await Tell(new ReconnectPort());
        Status.State.ShouldBe(PortState.Open);

        await Tell(new PausePort(Duration.FromMinutes(30), "ana"));
        (await Tell(new ReconnectPort())).Pause.ShouldNotBeNull();
        Status.State.ShouldBe(PortState.Paused);
    }

    private async Task<PortOperated> Tell(object command)
    {
        _operator ??= Record("operator");
        var before = _operator.All<PortOperated>().Count;
        Port.Tell(command, _operator.Ref);
        await Settle();
        await Advance(Seconds(0.5));
        return _operator.All<PortOperated>().Skip(before).ShouldHaveSingleItem();
    }
}
