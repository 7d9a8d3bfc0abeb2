using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>Who gets the wire, and for how long.</summary>
public sealed class TurnTests : PortBench
{
    [Fact]
    public async Task An_operator_is_served_before_history_that_waited_longer()
    {
        Far.Add(1);
        Start();
        var meter = Meter("m1", 1);
        var session = await meter.LogIn();
        Far.Seen.Clear();

        for (byte record = 11; record < 14; record++)
            meter.Ask(meter.ReadSeries(record), session.Epoch, RequestClass.History);
        meter.Ask(meter.ReadClock, session.Epoch, RequestClass.OnDemand);
        await Advance(Seconds(5));

        meter.Ended.Skip(1).Select(ended => ended.Request.AnswerType).ShouldBe(
        [
            TypeIdentification.IncrementalTotals, TypeIdentification.CurrentTime,
            TypeIdentification.IncrementalTotals, TypeIdentification.IncrementalTotals,
        ]);
    }

    [Fact]
    public async Task A_request_that_tells_the_time_is_made_when_its_turn_has_come()
    {
        var far = Far.Add(1);
        Start();
        var meter = Meter("m1", 1);
        var session = await meter.LogIn();

        meter.Ask(meter.ReadSeries(), session.Epoch);
        var asked = meter.Ask(
            Request.SetClock(1, default), session.Epoch,
            clock: new ClockWriting(1, Duration.Zero, DateTimeZone.Utc, SummerTimeHabit.SuBit));
        await Advance(Seconds(5));

        var ended = meter.Ended[^1];
        ended.Request.ShouldBeSameAs(asked);
        ended.StartedAt.ShouldBeGreaterThanOrEqualTo(meter.Ended[^2].EndedAt);
        ended.Sent.ShouldNotBeNull().Asdu.ToArray().ShouldBe(far.Requests[^1]);
        far.Requests[^1].ShouldBe(Request.SetClock(1, CivilTime.ToTagB(ended.StartedAt, DateTimeZone.Utc)).Asdu.ToArray());
    }

    [Fact]
    public async Task Two_classes_that_always_want_the_wire_share_it_by_their_weights()
    {
        Far.OctetTime = Seconds(1 / 300.0);
        var far = Far.Add(1);
        far.SeriesLength = 5;
        far.DataLength = 150;
        Far.Add(2).DataLength = 200;
        Start();
        var history = Meter("history", 1);
        var live = Meter("live", 2);
        var one = await history.LogIn();
        var two = await live.LogIn();
        var begin = Moment;
        while (Moment - begin < Seconds(400))
        {
            // Each client always has one request on the wire or next in turn, and one more waiting.
            while (history.Unanswered < 2)
                history.Ask(history.ReadSeries(), one.Epoch, RequestClass.History);
            while (live.Unanswered < 2)
                live.Ask(live.ReadClock, two.Epoch, RequestClass.LiveValues);
            var before = history.Ended.Count + live.Ended.Count;
            await Until(() => history.Ended.Count + live.Ended.Count > before, Seconds(60));
        }

        double Time(Client client) => client.Ended.Skip(1).Sum(ended => (ended.EndedAt - ended.StartedAt).TotalSeconds);
        (Time(live) / Time(history)).ShouldBe(3, 0.15);
    }

    [Fact]
    public async Task A_meter_that_asks_one_thing_after_another_has_its_share_beside_a_client_whose_next_request_always_waits()
    {
        Far.OctetTime = Seconds(1 / 960.0);
        Far.Add(1).SeriesLength = 30;
        Far.Add(2).SeriesLength = 500;
        Start();
        var history = Meter("history", 1);
        var gateway = Meter("gateway", 2);
        var one = await history.LogIn();
        var two = await gateway.LogIn();
        var begin = Moment;
        while (Moment - begin < Seconds(1000))
        {
            while (gateway.Unanswered < 2)
                gateway.Ask(gateway.ReadSeries(), two.Epoch, RequestClass.Gateway);
            if (history.Unanswered == 0)
            {
                // What arrived before is stored first.
                await Advance(Seconds(0.1));
                history.Ask(history.ReadSeries(), one.Epoch, RequestClass.History);
            }

            var before = history.Ended.Count + gateway.Ended.Count;
            await Until(() => history.Ended.Count + gateway.Ended.Count > before, Seconds(100));
        }

        double Time(Client client) => client.Ended.Skip(1).Sum(ended => (ended.EndedAt - ended.StartedAt).TotalSeconds);
        (Time(history) / Time(gateway)).ShouldBe(2 / 8.0, 0.03);
    }

    [Fact]
    public async Task A_request_leaves_the_queue_when_its_timeout_passes()
    {
        Far.OctetTime = Seconds(1 / 960.0);
        Far.Add(1).SeriesLength = 200;
        Start();
        var meter = Meter("m1", 1);
        var session = await meter.LogIn();

        meter.Ask(meter.ReadSeries(), session.Epoch, RequestClass.History);
        await Advance(Seconds(0.1));
        var asked = Moment;
        var ended = await meter.Get(meter.ReadClock, session.Epoch, RequestClass.OnDemand, timeout: 2);

        ended.End.ShouldBe(ExchangeEnd.Expired);
        ended.Answers.ShouldBeEmpty();
        (Moment - asked).ShouldBe(Seconds(2));
        Far.Seen.ShouldNotContain(frame => frame.Type == TypeIdentification.ReadCurrentTime);
    }

    [Fact]
    public async Task An_exchange_is_given_up_on_the_wire_when_its_timeout_passes_and_hands_over_what_came()
    {
        Far.OctetTime = Seconds(1 / 960.0);
        var far = Far.Add(1);
        far.SeriesLength = 200;
        Start();
        var meter = Meter("m1", 1);
        var session = await meter.LogIn();

        var ended = await meter.Get(meter.ReadSeries(), session.Epoch, RequestClass.History, timeout: 3);

        ended.End.ShouldBe(ExchangeEnd.Expired);
        (ended.EndedAt - ended.StartedAt).ToTimeSpan().ShouldBe(Seconds(3));
        ended.Answers.Count.ShouldBeGreaterThan(10);
        ended.Answers.ShouldBe([.. Enumerable.Range(0, ended.Answers.Count).Select(number => far.ExpectedAnswer(ended.Request, number))]);
        ended.Error.ShouldNotBeNull();
        // The rest of the cut answer is still arriving, so the link has to start anew.
        (await meter.Get(meter.ReadClock, session.Epoch)).End.ShouldBe(ExchangeEnd.SessionLost);
    }

    [Fact]
    public async Task A_meter_that_was_unregistered_hears_nothing_more()
    {
        Far.OctetTime = Seconds(1 / 960.0);
        Far.Add(1).SeriesLength = 50;
        Start();
        var gone = Meter("gone", 1);
        var stays = Meter("stays", 1, point: 2);
        var session = await gone.LogIn();
        await stays.LogIn();

        gone.Ask(gone.ReadSeries(), session.Epoch);
        gone.Ask(gone.ReadClock, session.Epoch);
        stays.Ask(stays.ReadClock, session.Epoch);
        await Advance(Seconds(0.5));
        var heard = gone.Recorder.All<object>().Count;
        Port.Tell(new UnregisterMeter("gone"), gone.Recorder.Ref);
        await Advance(Seconds(60));

        gone.Recorder.All<object>().Count.ShouldBe(heard);
        stays.Ended[^1].End.ShouldBe(ExchangeEnd.Completed);
        Far.Seen.Count(frame => frame.Type == TypeIdentification.ReadCurrentTime).ShouldBe(1);
    }

    [Fact]
    public async Task The_rate_of_the_line_and_whether_others_wait_are_told_with_every_answer()
    {
        Far.Latency = TimeSpan.Zero;
        Far.OctetTime = Seconds(1 / 480.0);
        Far.Add(1).SeriesLength = 40;
        Start();
        var meter = Meter("m1", 1);
        meter.Ask(Request.Login(1, 7));
        meter.Ask(Request.Login(1, 7));
        await Advance(Seconds(10));
        meter.Ended[0].Rate.OthersWait.ShouldBeTrue();
        meter.Ended[1].Rate.OthersWait.ShouldBeFalse();

        var ended = await meter.Get(meter.ReadSeries(), meter.Ended[^1].Epoch, RequestClass.History);

        ended.Rate.OctetsPerSecond.ShouldBe(480, 5);
    }

    [Fact]
    public async Task A_slow_meter_has_the_time_that_it_needs_however_fast_its_neighbours_are()
    {
        Far.OctetTime = Seconds(11 / 9600.0);
        Far.DelayOfAnswer = answer => answer.Length > 1 && (answer[0] == 0x10 ? answer[2] : answer[5]) == 2 ? Seconds(2.5) : TimeSpan.Zero;
        Far.Add(1).SeriesLength = 24;
        Far.Add(2).SeriesLength = 24;
        Start();
        var (fast, slow) = (Meter("fast", 1), Meter("slow", 2));
        await slow.LogIn();
        await fast.LogIn();
        var day = Instant.FromUtc(2024, 7, 15, 0, 0);
        var request = Request.ReadIncrementalTotals(
            1, 11, 1, 8, CivilTime.ToTagA(day, DateTimeZone.Utc), CivilTime.ToTagA(day + Duration.FromDays(1), DateTimeZone.Utc));
        for (var i = 0; i < 10; i++)
            (await fast.Get(request, 1, RequestClass.History)).End.ShouldBe(ExchangeEnd.Completed);

        var ended = await slow.Get(request, 1, RequestClass.History);

        ended.End.ShouldBe(ExchangeEnd.Completed, "24 hours in 60 s; its neighbour takes 2 s for them");
        ended.Answers.Count.ShouldBe(24);
        ended.Rate.OctetsPerSecond.ShouldBeLessThan(30);
        fast.Ended[^1].Rate.OctetsPerSecond.ShouldBeGreaterThan(500);
    }

    [Fact]
    public async Task Before_another_meter_is_addressed_the_first_ones_second_answer_is_waited_for()
    {
        Far.Add(1);
        Far.Add(2);
        Start();
        var first = Meter("m1", 1);
        var second = Meter("m2", 2);
        var one = await first.LogIn();
        var two = await second.LogIn();
        // The data answer comes after the reply timeout: the poll is repeated, and the answer arrives twice.
        Far.DelayOfAnswer = answer => answer[0] == 0x68 ? Seconds(5.5) : TimeSpan.Zero;

        first.Ask(first.ReadClock, one.Epoch);
        second.Ask(second.ReadClock, two.Epoch);
        await Until(() => first.Ended.Count == 2, Seconds(30));
        var ended = Moment;
        Far.DelayOfAnswer = _ => TimeSpan.Zero;
        await Until(() => second.Ended.Count == 2, Seconds(30));

        first.Ended[1].IsCompleted.ShouldBeTrue();
        var addressed = Far.Seen.First(frame => frame.Link == 2 && frame.At >= ended).At;
        // The port waits for twice the slowest round trip that it has measured. The second answer comes even later: 5 s after the first,
        // because the poll was repeated after 5 s.
        (addressed - ended).ShouldBe(2 * Far.Latency);
        second.Ended[1].IsCompleted.ShouldBeTrue();
        second.Ended[1].Answers.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_pause_between_requests_is_kept_between_meters_too()
    {
        Far.Add(1);
        Far.Add(2);
        Start(Tcp with { Timing = new LinkTiming { InterRequestDelay = Seconds(0.3) } });
        var first = Meter("m1", 1);
        var second = Meter("m2", 2);

        first.Ask(Request.Login(1, 7));
        second.Ask(Request.Login(1, 7));
        await Advance(Seconds(10));

        var gaps = Far.Seen.Zip(Far.Seen.Skip(1), (a, b) => b.At - a.At);
        gaps.ShouldAllBe(gap => gap >= Seconds(0.3));
        second.Ended.Single().IsCompleted.ShouldBeTrue();
    }
}
