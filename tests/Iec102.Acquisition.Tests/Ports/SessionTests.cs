using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>Logins, epochs, and what an exchange hands over when it ends.</summary>
public sealed class SessionTests : PortBench
{
    [Fact]
    public async Task A_login_opens_the_line_resets_the_link_and_begins_a_session()
    {
        var far = Far.Add(1);
        Start();
        var meter = Meter("m1", 1);

        var ended = await meter.LogIn();

        ended.End.ShouldBe(ExchangeEnd.Completed);
        ended.Epoch.ShouldBe(1);
        ended.Error.ShouldBeNull();
        Lines.Opened.Count.ShouldBe(1);
        Far.Seen.Select(frame => frame.Control.Primary).ShouldBe(
            [PrimaryFunction.RequestLinkStatus, PrimaryFunction.ResetRemoteLink, PrimaryFunction.UserData, PrimaryFunction.RequestClass2]);
        far.Requests.ShouldHaveSingleItem()[0].ShouldBe((byte)TypeIdentification.Login);
    }

    [Fact]
    public async Task A_series_is_handed_over_whole_and_in_order_with_its_times()
    {
        var far = Far.Add(34572);
        Start();
        var meter = Meter("m1", 34572);
        var session = await meter.LogIn();
        await Advance(Seconds(5));

        var asked = Scheduler.Now;
        var ended = await meter.Get(meter.ReadSeries(), session.Epoch);

        ended.IsCompleted.ShouldBeTrue();
        ended.Cause.ShouldBe(default);
        ended.Answers.ShouldBe([.. Enumerable.Range(0, 3).Select(number => far.ExpectedAnswer(ended.Request, number))]);
        ended.StartedAt.ToDateTimeOffset().ShouldBe(asked);
        // One request and five polls: mirror, three data frames, mirror.
        (ended.EndedAt - ended.StartedAt).ToTimeSpan().ShouldBe(6 * Far.Latency);
        ended.LastRoundTrip.ShouldBe(Far.Latency);
    }

    [Fact]
    public async Task A_refusal_brings_its_cause_and_leaves_the_session_open()
    {
        var far = Far.Add(1);
        far.Refusal = type => type == TypeIdentification.ReadIncrementalTotals ? CauseOfTransmission.TypeNotAvailable : null;
        Start();
        var meter = Meter("m1", 1);
        var session = await meter.LogIn();

        var refused = await meter.Get(meter.ReadSeries(), session.Epoch);
        var next = await meter.Get(meter.ReadClock, session.Epoch);

        refused.End.ShouldBe(ExchangeEnd.Refused);
        refused.Cause.ShouldBe(CauseOfTransmission.TypeNotAvailable);
        refused.Error.ShouldNotBeNull().ShouldContain("cause 14");
        next.End.ShouldBe(ExchangeEnd.Completed);
    }

    [Fact]
    public async Task A_request_outside_a_session_is_never_sent()
    {
        Far.Add(1);
        Start();
        var meter = Meter("m1", 1);

        (await meter.Get(meter.ReadClock)).End.ShouldBe(ExchangeEnd.SessionLost);
        Far.Seen.ShouldBeEmpty();

        var session = await meter.LogIn();
        var sent = Far.Seen.Count;
        (await meter.Get(meter.ReadClock, session.Epoch + 1)).End.ShouldBe(ExchangeEnd.SessionLost);
        (await meter.Get(meter.ReadClock, session.Epoch - 1)).End.ShouldBe(ExchangeEnd.SessionLost);
        Far.Seen.Count.ShouldBe(sent);
    }

    [Fact]
    public async Task A_request_that_waited_while_its_link_was_restarted_has_lost_its_session()
    {
        Far.Add(1);
        Start();
        var first = Meter("m1", 1);
        var second = Meter("m2", 1, point: 2);
        var session = await first.LogIn();

        first.Ask(first.ReadSeries(), session.Epoch);
        first.Ask(first.ReadClock, session.Epoch);
        second.Ask(Request.Login(second.Point, 7), session.Epoch, RequestClass.OnDemand);
        await Advance(Seconds(10));

        second.Ended.Single().Epoch.ShouldBe(session.Epoch + 1);
        first.Ended.Skip(1).Select(ended => ended.End).ShouldBe([ExchangeEnd.Completed, ExchangeEnd.SessionLost]);
    }

    [Fact]
    public async Task A_login_that_replaces_the_links_own_epoch_restarts_the_link()
    {
        var far = Far.Add(1);
        Start();
        var meter = Meter("m1", 1);

        var session = await meter.LogIn();
        var next = await meter.LogIn(session.Epoch);

        next.Epoch.ShouldBe(session.Epoch + 1);
        far.Resets.ShouldBe(2);
    }

    [Fact]
    public async Task Two_points_behind_one_link_do_not_take_the_link_from_each_other()
    {
        var far = Far.Add(1);
        Start();
        var first = Meter("m1", 1, point: 1);
        var second = Meter("m2", 1, point: 2);

        var one = await first.LogIn();
        var two = await second.LogIn();

        two.Epoch.ShouldBe(one.Epoch);
        far.Resets.ShouldBe(1);
        (await first.Get(first.ReadClock, one.Epoch)).End.ShouldBe(ExchangeEnd.Completed);
        (await second.Get(second.ReadClock, two.Epoch)).End.ShouldBe(ExchangeEnd.Completed);

        // The first point loses its session and restarts the link; the second one then logs in without another restart.
        var again = await first.LogIn(one.Epoch);
        again.Epoch.ShouldBe(2);
        (await second.Get(second.ReadClock, two.Epoch)).End.ShouldBe(ExchangeEnd.SessionLost);
        (await second.LogIn(two.Epoch)).Epoch.ShouldBe(2);
        far.Resets.ShouldBe(2);
    }

    [Fact]
    public async Task A_link_that_was_not_used_for_two_minutes_is_restarted_by_any_login()
    {
        var far = Far.Add(1);
        Start();
        var first = Meter("m1", 1, point: 1);
        var second = Meter("m2", 1, point: 2);
        await first.LogIn();

        await Advance(Seconds(119));
        (await second.LogIn()).Epoch.ShouldBe(1);
        await Advance(Seconds(121));
        (await Meter("m3", 1, point: 3).LogIn()).Epoch.ShouldBe(2);
        far.Resets.ShouldBe(2);
    }

    [Fact]
    public async Task A_meter_that_hesitates_is_polled_until_it_answers()
    {
        var far = Far.Add(1);
        Start();
        var meter = Meter("m1", 1);
        var session = await meter.LogIn();
        far.Hesitations = 4;

        var ended = await meter.Get(meter.ReadClock, session.Epoch);

        ended.Answers.ShouldHaveSingleItem().ShouldBe(far.ExpectedAnswer(ended.Request));
    }

    [Fact]
    public async Task Meters_on_different_links_keep_their_sessions_side_by_side()
    {
        var meters = new ushort[] { 1, 2, 3 };
        foreach (var link in meters)
            Far.Add(link);
        Start();
        var clients = meters.Select(link => Meter($"m{link}", link)).ToList();

        foreach (var client in clients)
            (await client.LogIn()).Epoch.ShouldBe(1);
        foreach (var client in clients)
            (await client.Get(client.ReadClock, 1)).End.ShouldBe(ExchangeEnd.Completed);
    }
}
