using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>Meters that stop answering on a line that works.</summary>
public sealed class DemotionTests : PortBench
{
    private static readonly LinkTiming Timing = new() { ReplyTimeout = Seconds(2), Retries = 2 };

    private readonly PortSettings _serial = Tcp with { IsTcp = false, Timing = Timing };

    private IEnumerable<TimeSpan> Probes(ushort link, TimeSpan since) =>
        Far.Seen.Where(frame => frame.Link == link && frame.At > since && frame.Control.Primary == PrimaryFunction.RequestLinkStatus)
            .Select(frame => frame.At - since);

    private async Task<(ScriptedMeter Far, Client Client, TimeSpan At)> ADemotedMeter(ushort link = 1)
    {
        var far = Far.Add(link);
        Start(_serial);
        var meter = Meter($"m{link}", link);
        await meter.LogIn();
        far.IsOff = true;
        (await meter.Get(meter.ReadClock, 1)).End.ShouldBe(ExchangeEnd.NoAnswer);
        return (far, meter, Moment);
    }

    [Fact]
    public async Task A_meter_that_spends_its_budget_is_demoted_and_all_that_waits_for_it_fails()
    {
        var far = Far.Add(1);
        Start(_serial);
        var meter = Meter("m1", 1);
        var neighbour = Meter("m2", 1, point: 2);
        var session = await meter.LogIn();
        await neighbour.LogIn();
        far.IsOff = true;

        var begin = Moment;
        meter.Ask(meter.ReadSeries(), session.Epoch);
        meter.Ask(meter.ReadClock, session.Epoch);
        neighbour.Ask(neighbour.ReadClock, session.Epoch);
        await Until(() => neighbour.Ended.Count == 2, Seconds(30));

        (Moment - begin).ShouldBe(3 * Timing.ReplyTimeout);
        meter.Ended.Skip(1).Select(ended => ended.End).ShouldBe([ExchangeEnd.NoAnswer, ExchangeEnd.NoAnswer]);
        neighbour.Ended[1].End.ShouldBe(ExchangeEnd.NoAnswer);
        meter.LinkStates.ShouldBe([false]);
        neighbour.LinkStates.ShouldBe([false]);
        // The same octets were sent three times.
        var sent = Far.Seen.Where(frame => frame.At >= begin).ToList();
        sent.Count.ShouldBe(3);
        sent.ShouldAllBe(frame => frame.Octets.SequenceEqual(sent[0].Octets));
    }

    [Fact]
    public async Task A_demoted_meter_is_probed_at_intervals_that_double_from_ten_seconds_to_ten_minutes_and_now_and_then_twice()
    {
        var (_, meter, at) = await ADemotedMeter();

        await Advance(TimeSpan.FromHours(1));

        var probes = Probes(1, at).Select(time => Math.Round(time.TotalSeconds)).ToList();
        // Each interval counts from the end of the previous probe, which is 2 s after it was sent. The third and every fourth after it are
        // repeated at once, for a meter that only wakes up at a first frame.
        double[] intervals = [10, 20, 40, 0, 80, 160, 320, 600, 0, 600, 600];
        var expected = new List<double>();
        var due = 0.0;
        foreach (var interval in intervals)
        {
            due += interval;
            expected.Add(due);
            due += Timing.ReplyTimeout.TotalSeconds;
        }

        probes.Take(expected.Count).ShouldBe(expected);
        Far.Seen.Count(frame => frame.At > at).ShouldBe(probes.Count);
        meter.LinkStates.ShouldBe([false]);
    }

    [Fact]
    public async Task While_demoted_requests_fail_at_once()
    {
        var (_, meter, _) = await ADemotedMeter();
        var sent = Far.Seen.Count;
        var now = Moment;

        var ended = await meter.LogIn();

        ended.End.ShouldBe(ExchangeEnd.NoAnswer);
        Moment.ShouldBe(now);
        Far.Seen.Count.ShouldBe(sent);
    }

    [Fact]
    public async Task When_it_answers_a_probe_its_meters_are_told_and_it_is_asked_as_before()
    {
        var (far, meter, _) = await ADemotedMeter();
        await Advance(Seconds(15));
        far.IsOff = false;

        await Until(() => meter.LinkStates.Count == 2, Seconds(60));

        meter.LinkStates.ShouldBe([false, true]);
        (await meter.LogIn(1)).End.ShouldBe(ExchangeEnd.Completed);
    }

    [Fact]
    public async Task An_operators_request_probes_now_and_goes_on_when_the_meter_answers()
    {
        var (far, meter, _) = await ADemotedMeter();
        await Advance(Seconds(1));
        far.IsOff = false;
        var now = Moment;

        var ended = await meter.LogIn(1, RequestClass.OnDemand);

        ended.End.ShouldBe(ExchangeEnd.Completed);
        (Moment - now).ShouldBe(5 * Far.Latency);
        meter.LinkStates.ShouldBe([false, true]);
    }

    [Fact]
    public async Task An_operators_request_fails_after_one_unanswered_probe()
    {
        var (_, meter, _) = await ADemotedMeter();
        var now = Moment;
        var sent = Far.Seen.Count;

        var ended = await meter.LogIn(1, RequestClass.OnDemand);

        ended.End.ShouldBe(ExchangeEnd.NoAnswer);
        (Moment - now).ShouldBeInRange(Timing.ReplyTimeout, Timing.ReplyTimeout + Seconds(1));
        Far.Seen.Count.ShouldBe(sent + 1);
    }

    [Fact]
    public async Task An_operators_retry_probes_at_once()
    {
        var (far, meter, at) = await ADemotedMeter();
        await Advance(TimeSpan.FromMinutes(20));
        far.IsOff = false;
        var now = Moment;

        Port.Tell(new RetryNow(1), meter.Recorder.Ref);
        await Advance(Seconds(0.1));

        Probes(1, at).Last().ShouldBe(now - at);
        meter.LinkStates.ShouldBe([false, true]);
    }

    [Fact]
    public async Task A_meter_that_registers_on_a_demoted_link_is_told_so()
    {
        await ADemotedMeter();

        var other = Meter("other", 1, point: 2);
        await Settle();

        other.PortStates.ShouldBe([PortState.Open]);
        other.LinkStates.ShouldBe([false]);
    }

    [Fact]
    public async Task Requests_with_short_timeouts_demote_a_dead_meter_too_once_a_budget_of_frames_went_unanswered()
    {
        var far = Far.Add(1);
        Start(_serial);
        var meter = Meter("m1", 1);
        await meter.LogIn();
        far.IsOff = true;
        var begin = Moment;

        while (meter.LinkStates.Count == 0 && Moment - begin < Seconds(60))
            (await meter.LogIn(meter.Ended[^1].Epoch)).ToString().ShouldNotBeNull();

        // The budget of a request is three frames.
        Far.Seen.Count(frame => frame.At >= begin).ShouldBe(3);
    }

    [Fact]
    public async Task Requests_that_expire_before_the_budget_is_spent_add_up_to_it()
    {
        var far = Far.Add(1);
        Start(_serial);
        var meter = Meter("m1", 1);
        await meter.LogIn();
        far.IsOff = true;
        var begin = Moment;

        for (var i = 0; i < 5 && meter.LinkStates.Count == 0; i++)
            (await meter.Get(Request.Login(1, 7), 1, timeout: 1.5)).End.ShouldBe(ExchangeEnd.Expired);

        meter.LinkStates.ShouldBe([false]);
        Far.Seen.Count(frame => frame.At >= begin).ShouldBe(3);
    }

    [Fact]
    public async Task Dead_meters_leave_a_shared_line_to_the_living()
    {
        Far.OctetTime = Seconds(1 / 300.0);
        var far = Far.Add(2);
        far.SeriesLength = 20;
        far.DataLength = 240;
        Start(Tcp with { IsTcp = false });
        var dead = Meter("dead", 1);
        var living = Meter("living", 2);
        var session = await living.LogIn();
        var begin = Moment;
        dead.Ask(Request.Login(1, 7));

        while (Moment - begin < TimeSpan.FromMinutes(10))
            (await living.Get(living.ReadSeries(), session.Epoch, RequestClass.History)).IsCompleted.ShouldBeTrue();
        var first = Busy(living, begin);
        var later = Moment;
        while (Moment - later < TimeSpan.FromMinutes(60))
            await living.Get(living.ReadSeries(), session.Epoch, RequestClass.History);

        // Promise R5: 0.85 of the undisturbed rate in the first ten minutes, 0.97 afterwards.
        first.ShouldBeGreaterThan(0.85);
        Busy(living, later).ShouldBeGreaterThan(0.97);
        dead.LinkStates.ShouldBe([false]);

        double Busy(Client client, TimeSpan since) =>
            client.Ended.Where(ended => ended.StartedAt.ToDateTimeOffset() >= VirtualScheduler.Beginning + since)
            .Sum(ended => (ended.EndedAt - ended.StartedAt).TotalSeconds) / (Moment - since).TotalSeconds;
    }

    [Fact]
    public async Task Between_probes_of_many_dead_meters_the_living_have_their_turns()
    {
        Far.Add(99);
        Start(_serial);
        var living = Meter("living", 99);
        var session = await living.LogIn();
        foreach (var link in Enumerable.Range(1, 20))
            Meter($"dead{link}", (ushort)link).Ask(Request.Login(1, 7), timeout: 3600);
        await Until(() => Far.Seen.Select(frame => frame.Link).Distinct().Count() == 21, Seconds(300));
        await Advance(Seconds(20));

        var begin = Moment;
        var longest = TimeSpan.Zero;
        while (Moment - begin < Seconds(120))
        {
            var asked = Moment;
            (await living.Get(living.ReadClock, session.Epoch)).IsCompleted.ShouldBeTrue();
            longest = Moment - asked > longest ? Moment - asked : longest;
        }

        // At most the probe under way, the silence after it and the request itself.
        longest.ShouldBeLessThan(Timing.ReplyTimeout + Seconds(1));
    }
}
