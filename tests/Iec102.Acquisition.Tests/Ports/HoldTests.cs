using Akka.Actor;
using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>Lines and sessions that are given up after the hold time or on request.</summary>
public sealed class HoldTests : PortBench
{
    private static readonly LinkTiming Timing = new() { ReplyTimeout = Seconds(2), Retries = 2 };

    private readonly PortSettings _held = Tcp with { Hold = Seconds(60), Timing = Timing };

    private IEnumerable<(ushort Link, ushort Point)> SessionsEnded =>
        Far.Seen.Where(frame => frame.Type == TypeIdentification.EndSession).Select(frame => (frame.Link, frame.Point!.Value));

    [Fact]
    public async Task After_the_hold_every_session_is_ended_and_the_line_closed()
    {
        Far.Add(1);
        Far.Add(2);
        Start(_held);
        var clients = new[] { Meter("a", 1, 1), Meter("b", 1, 2), Meter("c", 2, 1) };
        foreach (var client in clients)
            await client.LogIn();

        await Advance(Seconds(59.9));
        SessionsEnded.ShouldBeEmpty();
        Lines.Current.IsClosed.ShouldBeFalse();
        await Advance(Seconds(1));

        SessionsEnded.ShouldBe([((ushort)1, (ushort)1), ((ushort)1, (ushort)2), ((ushort)2, (ushort)1)]);
        Lines.Current.IsClosed.ShouldBeTrue();
        Status.State.ShouldBe(PortState.Closed);
        clients.Select(client => client.PortStates[^1]).ShouldAllBe(state => state == PortState.Closed);
        // Nothing is sent until somebody asks again.
        var seen = Far.Seen.Count;
        await Advance(TimeSpan.FromHours(2));
        (Far.Seen.Count, Lines.Opened.Count).ShouldBe((seen, 1));
        (await clients[0].Get(clients[0].ReadClock, 1)).End.ShouldBe(ExchangeEnd.SessionLost);
        (await clients[0].LogIn(1)).Epoch.ShouldBe(2);
        Lines.Opened.Count.ShouldBe(2);
        Status.Counters.Reconnects.ShouldBe(0);
    }

    [Fact]
    public async Task Every_request_keeps_the_line_for_another_hold()
    {
        Far.Add(1);
        Start(_held);
        var meter = Meter("a", 1);
        await meter.LogIn();

        for (var i = 0; i < 10; i++)
        {
            await Advance(Seconds(50));
            (await meter.Get(meter.ReadClock, 1)).End.ShouldBe(ExchangeEnd.Completed);
        }

        Lines.Opened.Count.ShouldBe(1);
        SessionsEnded.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_hold_the_line_stays_for_two_seconds_so_that_one_session_serves_what_is_asked_one_after_another()
    {
        Far.Add(1);
        Start(Tcp with { Hold = TimeSpan.Zero, Timing = Timing });
        var meter = Meter("a", 1);
        var epoch = (await meter.LogIn()).Epoch;
        await Advance(Seconds(0.5));

        (await meter.Get(meter.ReadClock, epoch)).End.ShouldBe(ExchangeEnd.Completed);
        await Advance(Seconds(3));

        Lines.Current.IsClosed.ShouldBeTrue();
        Lines.Opened.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public async Task A_meter_that_stays_silent_costs_a_connection_for_each_probe_and_these_become_rare(int hold)
    {
        Far.Add(1).IsOff = true;
        Start(Tcp with { Hold = Seconds(hold), Timing = Timing });
        await Meter("a", 1).LogIn();

        await Advance(TimeSpan.FromHours(1));

        Lines.Opened.Count.ShouldBeInRange(5, 20);
    }

    [Fact]
    public async Task With_hold_always_line_and_sessions_stay()
    {
        Far.Add(1);
        Start(Tcp);
        var meter = Meter("a", 1);
        await meter.LogIn();

        await Advance(TimeSpan.FromHours(24));

        Lines.Current.IsClosed.ShouldBeFalse();
        (await meter.Get(meter.ReadClock, 1)).End.ShouldBe(ExchangeEnd.Completed);
    }

    [Fact]
    public async Task A_session_that_its_meter_ended_itself_is_not_ended_again()
    {
        Far.Add(1);
        Start(_held);
        var meter = Meter("a", 1);
        await meter.LogIn();
        (await meter.Get(Request.EndSession(1), 1)).End.ShouldBe(ExchangeEnd.Completed);

        await Advance(Seconds(70));

        SessionsEnded.Count().ShouldBe(1);
        Lines.Current.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_meter_that_does_not_answer_the_end_of_its_session_holds_the_port_for_one_reply_timeout_only()
    {
        var off = Far.Add(1);
        Far.Add(2);
        Start(_held);
        await Meter("a", 1).LogIn();
        await Meter("b", 2).LogIn();
        off.IsOff = true;

        await Advance(Seconds(59.9));
        var begin = Moment;
        await Until(() => Status.State == PortState.Closed, Seconds(30));

        (Moment - begin).ShouldBeLessThan(Seconds(0.2) + Timing.ReplyTimeout + Seconds(0.1));
        SessionsEnded.Select(session => session.Link).ShouldBe([(ushort)1, (ushort)2]);
    }

    [Fact]
    public async Task Who_asks_while_the_sessions_are_being_ended_has_the_line_opened_again()
    {
        Far.Add(1).IsOff = false;
        Far.Latency = Seconds(1);
        Start(_held);
        var meter = Meter("a", 1);
        await meter.LogIn();
        await Advance(Seconds(60.5));
        SessionsEnded.Count().ShouldBe(1);

        var ended = await meter.LogIn(1);

        ended.End.ShouldBe(ExchangeEnd.Completed);
        Lines.Opened.Count.ShouldBe(2);
        Lines.Opened[0].IsClosed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_demoted_meter_is_probed_even_after_the_line_was_closed()
    {
        var far = Far.Add(1);
        Start(_held with { IsTcp = false });
        var meter = Meter("a", 1);
        await meter.LogIn();
        far.IsOff = true;
        await meter.Get(meter.ReadClock, 1);
        await Until(() => Status.State == PortState.Closed, Seconds(200));
        far.IsOff = false;

        await Until(() => meter.LinkStates.Count == 2, TimeSpan.FromMinutes(11));

        meter.LinkStates.ShouldBe([false, true]);
    }

    [Fact]
    public async Task Released_it_cuts_the_running_exchange_at_its_next_frame_ends_the_sessions_and_says_so()
    {
        Far.OctetTime = Seconds(1 / 960.0);
        var far = Far.Add(1);
        far.SeriesLength = 100;
        Start(Tcp);
        var meter = Meter("a", 1, 1);
        var other = Meter("b", 1, 2);
        await meter.LogIn();
        await other.LogIn();
        meter.Ask(meter.ReadSeries(), 1, RequestClass.History);
        meter.Ask(meter.ReadClock, 1);
        await Advance(Seconds(2));

        var begin = Moment;
        var releaser = await Release();
        await Settle();
        meter.Ended[^1].End.ShouldBe(ExchangeEnd.PortLost);
        (await other.LogIn(1)).End.ShouldBe(ExchangeEnd.PortLost);
        await Until(() => releaser.All<Terminated>().Count == 1, Seconds(10));

        (Moment - begin).ShouldBeLessThan(Seconds(0.5));
        var cut = meter.Ended.Single(ended => ended.Request.Pattern == ConversationPattern.ReadSeries);
        cut.End.ShouldBe(ExchangeEnd.PortLost);
        cut.Answers.ShouldBe([.. Enumerable.Range(0, cut.Answers.Count).Select(number => far.ExpectedAnswer(cut.Request, number))]);
        cut.Answers.Count.ShouldBeGreaterThan(5);
        SessionsEnded.ShouldBe([((ushort)1, (ushort)1), ((ushort)1, (ushort)2)]);
        far.Requests.TakeLast(2).ShouldAllBe(request => request[0] == (byte)TypeIdentification.EndSession);
        Lines.Current.IsClosed.ShouldBeTrue();
        Status.State.ShouldBe(PortState.Closed);
    }

    [Fact]
    public async Task Released_while_its_meter_is_silent_it_is_closed_after_one_reply_timeout()
    {
        var far = Far.Add(1);
        Start(Tcp with { Timing = Timing });
        var meter = Meter("a", 1);
        await meter.LogIn();
        far.IsOff = true;
        meter.Ask(meter.ReadClock, 1);
        await Advance(Seconds(0.5));

        var begin = Moment;
        var releaser = await Release();
        await Until(() => releaser.All<Terminated>().Count == 1, Seconds(10));

        (Moment - begin).ShouldBe(Timing.ReplyTimeout);
        meter.Ended[^1].End.ShouldBe(ExchangeEnd.PortLost);
    }

    [Theory]
    [InlineData(PortState.Closed)]
    [InlineData(PortState.Opening)]
    [InlineData(PortState.BackingOff)]
    public async Task Released_without_a_line_it_stops_at_once_and_opens_none(PortState state)
    {
        Far.Add(1);
        Lines.TakesForever = state == PortState.Opening;
        Lines.Refusal = state == PortState.BackingOff ? "Nobody there." : null;
        Start(Tcp);
        var meter = Meter("a", 1);
        if (state != PortState.Closed)
            meter.Ask(Request.Login(1, 7));
        await Settle();
        Status.State.ShouldBe(state);

        var releaser = await Release();
        await Settle();

        releaser.All<Terminated>().Count.ShouldBe(1);
        var attempts = Lines.Attempts.Count;
        await Advance(TimeSpan.FromMinutes(10));
        Lines.Attempts.Count.ShouldBe(attempts);
    }
}
