using Akka.Actor;
using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>Lines that are lost or cannot be opened, and ports that end.</summary>
public sealed class LineLossTests : PortBench
{
    private static readonly LinkTiming Timing = new() { ReplyTimeout = Seconds(2), Retries = 2 };

    private readonly PortSettings _tcp = Tcp with { Timing = Timing, ReconnectMin = Seconds(1), ReconnectMax = Seconds(60) };

    private static TimeSpan Pause(int attempt) => Backoff.Doubling(Seconds(1), Seconds(60), 0.2).After(attempt, "north");

    private async Task<Client> AMeterInASession(ushort link = 1)
    {
        var meter = Meter($"m{link}", link);
        (await meter.LogIn()).End.ShouldBe(ExchangeEnd.Completed);
        return meter;
    }

    [Fact]
    public async Task When_the_line_is_lost_the_running_request_brings_what_came_and_all_that_wait_fail()
    {
        Far.OctetTime = Seconds(1 / 960.0);
        var far = Far.Add(1);
        far.SeriesLength = 100;
        Start(_tcp);
        var meter = await AMeterInASession();
        var other = Meter("other", 2);

        var series = meter.Ask(meter.ReadSeries(), 1, RequestClass.History);
        await Advance(Seconds(2));
        meter.Ask(meter.ReadClock, 1);
        other.Ask(Request.Login(1, 7));
        await Settle();
        Lines.Current.Fail("The adapter was unplugged.");
        await Settle();

        var cut = meter.Ended[1];
        cut.Request.ShouldBeSameAs(series);
        cut.End.ShouldBe(ExchangeEnd.PortLost);
        cut.Error.ShouldBe("The adapter was unplugged.");
        cut.Answers.Count.ShouldBeGreaterThan(5);
        cut.Answers.ShouldBe([.. Enumerable.Range(0, cut.Answers.Count).Select(number => far.ExpectedAnswer(series, number))]);
        meter.Ended[2].End.ShouldBe(ExchangeEnd.PortLost);
        other.Ended.Single().End.ShouldBe(ExchangeEnd.PortLost);
        Lines.Current.IsClosed.ShouldBeTrue();
        var lost = new PortStateChanged(PortState.BackingOff, "The adapter was unplugged.") { Fault = LineFault.Lost };
        Recent(meter).ShouldBe(lost);
        Recent(other).ShouldBe(lost);
        Status.State.ShouldBe(PortState.BackingOff);
        Status.LastError.ShouldBe("The adapter was unplugged.");
    }

    private static PortStateChanged Recent(Client client) => client.Recorder.All<PortStateChanged>()[^1];

    [Fact]
    public async Task While_it_backs_off_requests_fail_at_once()
    {
        Far.Add(1);
        Start(_tcp);
        var meter = await AMeterInASession();
        Lines.Refusal = "Nobody there.";
        Lines.Current.Fail("Lost.");
        await Settle();
        var now = Moment;

        var ended = await meter.LogIn();

        ended.End.ShouldBe(ExchangeEnd.PortLost);
        ended.Error.ShouldBe("Lost.");
        Moment.ShouldBe(now);
    }

    [Fact]
    public async Task It_tries_again_after_growing_pauses_for_as_long_as_a_meter_is_registered()
    {
        Far.Add(1);
        Start(_tcp);
        var meter = await AMeterInASession();
        Lines.Refusal = "Nobody there.";
        Lines.Current.Fail("Lost.");
        await Settle();
        Lines.Attempts.Clear();
        var lost = Moment;

        await Advance(TimeSpan.FromMinutes(10));

        var due = lost;
        var expected = new List<TimeSpan>();
        for (var attempt = 0; (due += Pause(attempt)) <= Moment; attempt++)
            expected.Add(due);
        Lines.Attempts.ShouldBe(expected);
        expected.Count.ShouldBeGreaterThan(12);

        Port.Tell(new UnregisterMeter(meter.Name), meter.Recorder.Ref);
        await Advance(TimeSpan.FromMinutes(10));
        Lines.Attempts.Count.ShouldBe(expected.Count);
        Status.State.ShouldBe(PortState.Closed);
    }

    [Fact]
    public async Task When_the_line_comes_back_reading_goes_on_within_the_longest_pause()
    {
        Far.Add(1);
        Start(_tcp);
        var meter = await AMeterInASession();
        Lines.Refusal = "Nobody there.";
        Lines.Current.Fail("Lost.");
        await Advance(TimeSpan.FromHours(3));
        Lines.Refusal = null;
        var back = Moment;

        await Until(() => meter.PortStates[^1] == PortState.Open, TimeSpan.FromMinutes(5));

        // Promise R5: reconnect-max x 1.2 + 1 s.
        (Moment - back).ShouldBeLessThanOrEqualTo(Seconds(60 * 1.2 + 1));
        (await meter.Get(meter.ReadClock, 1)).End.ShouldBe(ExchangeEnd.SessionLost);
        (await meter.LogIn(1)).Epoch.ShouldBe(2);
        await Advance(Seconds(2));
        Status.Counters.Reconnects.ShouldBe(1);
    }

    [Fact]
    public async Task The_pauses_begin_anew_only_after_a_valid_frame_came_not_after_a_mere_connection()
    {
        Far.Add(1);
        Start(_tcp);
        var meter = await AMeterInASession();
        Lines.Current.Fail("Lost.");
        for (var attempt = 0; attempt < 4; attempt++)
        {
            var at = Moment;
            var opened = Lines.Opened.Count;
            await Until(() => Lines.Opened.Count > opened, Seconds(100));
            (Moment - at).ShouldBe(Pause(attempt));
            Lines.Current.Fail("The converter takes one client only.");
            await Settle();
        }

        await Until(() => Status.State == PortState.Open, Seconds(100));
        (await meter.LogIn(1)).End.ShouldBe(ExchangeEnd.Completed);
        Lines.Current.Fail("Lost.");
        await Settle();
        var last = Moment;
        await Until(() => Status.State == PortState.Open, Seconds(100));
        (Moment - last).ShouldBe(Pause(0));
    }

    [Fact]
    public async Task An_operators_retry_opens_a_port_that_is_backing_off()
    {
        Far.Add(1);
        Start(_tcp);
        var meter = await AMeterInASession();
        Lines.Refusal = "Nobody there.";
        Lines.Current.Fail("Lost.");
        await Advance(TimeSpan.FromMinutes(30));
        Lines.Refusal = null;
        var now = Moment;

        Port.Tell(new RetryNow(1), meter.Recorder.Ref);
        await Settle();

        Status.State.ShouldBe(PortState.Open);
        Moment.ShouldBe(now);
    }

    [Fact]
    public async Task A_line_that_cannot_be_opened_fails_those_that_wait_for_it()
    {
        Far.Add(1);
        Lines.TakesForever = true;
        Start(_tcp);
        var meter = Meter("m1", 1);
        meter.Ask(Request.Login(1, 7));
        await Advance(Seconds(30));
        meter.Ended.ShouldBeEmpty();
        meter.PortStates.ShouldBe([PortState.Closed, PortState.Opening]);

        Lines.EndOpening();
        await Advance(Seconds(1));

        meter.Ended.Single().IsCompleted.ShouldBeTrue();
        meter.PortStates.ShouldBe([PortState.Closed, PortState.Opening, PortState.Open]);
    }

    [Fact]
    public async Task A_request_that_waits_for_the_line_expires_like_any_other()
    {
        Lines.TakesForever = true;
        Start(_tcp);
        var meter = Meter("m1", 1);

        var ended = await meter.Get(Request.Login(1, 7), timeout: 20);

        ended.End.ShouldBe(ExchangeEnd.Expired);
        Lines.Attempts.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_line_that_opens_after_nobody_wants_it_any_more_is_closed_again()
    {
        Lines.TakesForever = true;
        Start(_tcp);
        var meter = Meter("m1", 1);
        meter.Ask(Request.Login(1, 7));
        await Settle();
        Port.Tell(new ReleasePort(), ActorRefs.NoSender);
        await Settle();
        meter.Ended.Single().End.ShouldBe(ExchangeEnd.PortLost);

        var late = Lines.EndOpening();
        await Settle();

        late.IsClosed.ShouldBeTrue();
        Status.State.ShouldBe(PortState.Closed);
    }

    [Fact]
    public async Task A_write_that_fails_is_a_line_that_is_lost()
    {
        Far.Add(1);
        Start(_tcp);
        var meter = await AMeterInASession();
        Lines.Current.WriteFailure = "Broken pipe.";

        var ended = await meter.Get(meter.ReadClock, 1);

        ended.End.ShouldBe(ExchangeEnd.PortLost);
        ended.Error.ShouldBe("Broken pipe.");
        Status.State.ShouldBe(PortState.BackingOff);
    }

    [Fact]
    public async Task A_demoted_meter_is_probed_as_soon_as_a_lost_line_is_back()
    {
        var far = Far.Add(1);
        Start(_tcp with { IsTcp = false });
        var meter = await AMeterInASession();
        far.IsOff = true;
        await meter.Get(meter.ReadClock, 1);
        await Advance(TimeSpan.FromMinutes(30));
        far.IsOff = false;
        Lines.Current.Fail("Unplugged.");
        await Advance(Pause(0) + Seconds(0.1));

        meter.LinkStates.ShouldBe([false, true]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_port_that_crashes_fails_its_requests_and_its_successor_knows_its_meters(bool isStopped)
    {
        Far.OctetTime = Seconds(1 / 960.0);
        Far.Add(1).SeriesLength = 100;
        Start(_tcp);
        var meter = await AMeterInASession();
        meter.Ask(meter.ReadSeries(), 1);
        await Advance(Seconds(1));

        // A node restarts the port through its supervisor, or stops and replaces it.
        if (isStopped)
        {
            await Port.GracefulStop(TimeSpan.FromSeconds(10));
            StartSuccessor(_tcp);
        }
        else
        {
            Port.Tell(new ExchangeRequest(default, "x", 1, null!, RequestClass.OnDemand, 0, Seconds(1)), meter.Recorder.Ref);
        }

        await Settle();
        meter.Ended[1].End.ShouldBe(ExchangeEnd.PortLost);
        Lines.Opened[0].IsClosed.ShouldBeTrue();
        meter.PortStates[^1].ShouldBe(PortState.Closed);
        (await meter.LogIn()).End.ShouldBe(ExchangeEnd.Completed);
        Lines.Current.Fail("Lost.");
        await Settle();
        meter.PortStates[^1].ShouldBe(PortState.BackingOff);
    }

    [Fact]
    public async Task A_port_that_is_stopped_closes_its_line_and_fails_its_requests()
    {
        Far.Add(1).IsOff = true;
        Start(_tcp);
        var meter = Meter("m1", 1);
        meter.Ask(Request.Login(1, 7));
        await Advance(Seconds(1));

        await Port.GracefulStop(TimeSpan.FromSeconds(10));

        await AwaitAssertAsync(() => meter.Ended.Single().End.ShouldBe(ExchangeEnd.PortLost), TimeSpan.FromSeconds(30));
        Lines.Current.IsClosed.ShouldBeTrue();
    }
}
