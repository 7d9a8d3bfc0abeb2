using Akka.Actor;
using Iec102.Acquisition.Gateway;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;

namespace Iec102.Acquisition.Tests.Gateway;

/// <summary>What a client of the gateway receives, and which of its requests reach the port.</summary>
public sealed class GatewaySessionTests : GatewayBench
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Link_status_reset_login_and_end_of_session_end_here()
    {
        await Start();
        await Answers(() => Client.SendFixed(PrimaryFunction.RequestLinkStatus), ClientEnd.Says(SecondaryFunction.LinkStatus));
        await Answers(() => Client.SendFixed(PrimaryFunction.ResetRemoteLink), Ack);
        await LogIn();
        var end = Request.EndSession(Point);
        await Answers(() => Client.Ask(end), Ack);
        await Answers(() => Client.Poll(), Mirror(end, 0x07));
        await Answers(() => Client.Poll(), NoData);

        // The session existed only between client and gateway: after its end the client's requests are refused, and the meter's actor never
        // learned of any of this.
        await Answers(() => Client.Ask(Clock), Ack);
        await Answers(() => Client.Poll(), Mirror(Clock, 0x47));
        Meter.All<object>().ShouldBeEmpty();
        Report.Counters.Refused.ShouldBe(0);
        await Advance(Second);
        Report.Counters.Refused.ShouldBe(1);
    }

    [Fact]
    public async Task A_request_goes_to_the_meters_actor_octet_for_octet()
    {
        await Start();
        await LogIn();
        var request = await PassedOn(Clock);
        (request.Client, request.MaxHold, request.LostEpoch).ShouldBe(("client 192.0.2.7:50001", Gateway.MaxHold, null));
        request.Request.Asdu.ToArray().ShouldBe(Clock.Asdu.ToArray());
    }

    [Fact]
    public async Task Answers_are_given_octet_for_octet_while_the_exchange_still_runs()
    {
        await Start();
        await LogIn();
        var exchange = await PassedOn(Month);
        byte[] first = [11, 1, 5, 1, 0, 11, 1, 0xd2, 4, 0, 0, 0, 0, 0x81, 0x2f, 7, 0x18];
        Arrives(exchange, MirrorAsdu(Month, 7));
        Arrives(exchange, first);
        await Settle();
        await Answers(() => Client.Poll(), Mirror(Month, 7));
        await Answers(() => Client.Poll(), ClientEnd.DataFrame(first));
        await Answers(() => Client.Poll());

        Arrives(exchange, MirrorAsdu(Month, 10));
        await Settle();
        Client.TakeHeard().ShouldBe([Mirror(Month, 10)]);
        Ends(exchange);
        await Answers(() => Client.Poll(), NoData);
    }

    [Fact]
    public async Task A_refusal_of_the_meter_is_passed_on_as_it_is()
    {
        await Start();
        await LogIn();
        var exchange = await PassedOn(Month);
        Arrives(exchange, MirrorAsdu(Month, 18));
        Ends(exchange, ExchangeEnd.Refused);
        await Settle();
        await Answers(() => Client.Poll(), Mirror(Month, 18));
        await Answers(() => Client.Poll(), NoData);
    }

    [Fact]
    public async Task A_poll_is_held_for_the_answer_hold_and_then_gets_no_data()
    {
        await Start();
        await LogIn();
        var exchange = await PassedOn(Clock);
        await Answers(() => Client.Poll());
        await Advance(Second - TimeSpan.FromMilliseconds(1));
        Client.TakeHeard().ShouldBeEmpty();
        await Advance(TimeSpan.FromMilliseconds(1));
        Client.TakeHeard().ShouldBe([NoData]);

        await Answers(() => Client.Poll());
        Arrives(exchange, ClockAnswer);
        await Settle();
        Client.TakeHeard().ShouldBe([ClientEnd.DataFrame(ClockAnswer)]);
        await Advance(Second);
        Client.TakeHeard().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_repeat_of_a_held_poll_gets_one_answer_with_it()
    {
        await Start();
        await LogIn();
        var exchange = await PassedOn(Clock);
        byte[] poll = [];
        await Answers(() => poll = Client.Poll());
        await Advance(Second / 2);
        await Answers(() => Client.Send(poll));
        Arrives(exchange, ClockAnswer);
        Ends(exchange);
        await Settle();
        Client.TakeHeard().ShouldBe([ClientEnd.DataFrame(ClockAnswer)]);
        await Answers(() => Client.Send(poll), ClientEnd.DataFrame(ClockAnswer));
    }

    [Theory]
    [InlineData(ExchangeEnd.NoAnswer)]
    [InlineData(ExchangeEnd.OutOfStep)]
    [InlineData(ExchangeEnd.NotAccepted)]
    [InlineData(ExchangeEnd.Expired)]
    [InlineData(ExchangeEnd.PortLost)]
    public async Task What_fails_on_the_line_is_silence_and_never_a_cause(ExchangeEnd end)
    {
        await Start();
        await LogIn();
        var exchange = await PassedOn(Month);
        await Answers(() => Client.Poll());
        Arrives(exchange, MirrorAsdu(Month, 7));
        await Settle();
        Client.TakeHeard().ShouldBe([Mirror(Month, 7)]);
        byte[] poll = [];
        await Answers(() => poll = Client.Poll());
        Ends(exchange, end);
        await Advance(Second * 10);
        await Answers(() => Client.Send(poll));
        await Answers(() => Client.Poll());
        Client.TakeHeard().ShouldBeEmpty();
        Report.Counters.Unanswered.ShouldBe(1);

        // A client that resets the link and logs in again is served.
        await Answers(() => Client.SendFixed(PrimaryFunction.ResetRemoteLink), Ack);
        await LogIn();
        await PassedOn(Clock);
    }

    [Fact]
    public async Task No_session_with_the_meter_is_silence_too()
    {
        await Start();
        await LogIn();
        await Answers(() => Client.Ask(Clock), Ack);
        await Answers(() => Client.Poll());
        Session.Tell(new NotPassedOn(Asked[^1].Id, "the meter refused the login"));
        await Advance(Second * 2);
        Client.TakeHeard().ShouldBeEmpty();
        Report.Counters.Unanswered.ShouldBe(1);
    }

    [Fact]
    public async Task A_request_whose_session_was_lost_goes_once_more_and_names_the_lost_session()
    {
        await Start();
        await LogIn();
        Ends(await PassedOn(Clock), ExchangeEnd.SessionLost, epoch: 3);
        await Settle();
        var again = Asked[^1];
        (Asked.Count, again.LostEpoch).ShouldBe((2, 3));
        Arrives(again, ClockAnswer);
        Ends(again);
        await Answers(() => Client.Poll(), ClientEnd.DataFrame(ClockAnswer));

        Ends(await PassedOn(Clock), ExchangeEnd.SessionLost, epoch: 4);
        await Settle();
        Ends(Asked[^1], ExchangeEnd.SessionLost, epoch: 5);
        await Settle();
        Asked.Select(request => request.LostEpoch).ShouldBe([null, 3, null, 4]);
        await Answers(() => Client.Poll());
    }

    [Fact]
    public async Task A_request_that_the_meters_actor_does_not_pass_on_in_two_minutes_is_silence()
    {
        await Start();
        await LogIn();
        var request = await PassedOn(Clock);
        await IsSilentAfter(TimeSpan.FromMinutes(2));
        Meter.All<Withdraw>().ShouldHaveSingleItem().ShouldBe(new Withdraw(request.Id, request.Client));
    }

    [Fact]
    public async Task A_request_that_the_port_does_not_answer_is_silence_after_its_turn_the_exchange_and_the_ports_last_word()
    {
        await Start();
        await LogIn();
        var request = await PassedOn(Clock);
        await Advance(TimeSpan.FromMinutes(1));
        IsAtPort(request);
        await IsSilentAfter(TimeSpan.FromMinutes(5) + Gateway.MaxHold + TimeSpan.FromSeconds(30));
        Port.All<DropRequest>().ShouldHaveSingleItem().ShouldBe(new DropRequest(request.Client, request.Id));
        Meter.All<Withdraw>().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_goes_once_more_waits_for_the_meters_actor_again()
    {
        await Start();
        await LogIn();
        var request = await PassedOn(Clock);
        IsAtPort(request);
        Ends(request, ExchangeEnd.SessionLost, epoch: 3);
        await Settle();
        await IsSilentAfter(TimeSpan.FromMinutes(2));
        Meter.All<Withdraw>().ShouldHaveSingleItem();
        Port.All<DropRequest>().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_new_request_takes_the_place_of_the_one_before()
    {
        await Start();
        await LogIn();
        var old = await PassedOn(Month);
        Arrives(old, MirrorAsdu(Month, 7));
        await Answers(() => Client.Ask(Clock), Ack);
        Meter.All<Withdraw>().ShouldHaveSingleItem().ShouldBe(new Withdraw(old.Id, old.Client));
        await Advance(TimeSpan.FromSeconds(1));
        var exchange = Asked[^1];
        exchange.Request.Asdu.ToArray().ShouldBe(Clock.Asdu.ToArray());
        Arrives(old, MirrorAsdu(Month, 10));
        Ends(old);
        Arrives(exchange, ClockAnswer);
        await Settle();
        await Answers(() => Client.Poll(), ClientEnd.DataFrame(ClockAnswer));
    }

    [Fact]
    public async Task A_reset_drops_what_was_asked_before_it()
    {
        await Start();
        await LogIn();
        var old = await PassedOn(Month);
        Arrives(old, MirrorAsdu(Month, 7));
        await Answers(() => Client.SendFixed(PrimaryFunction.ResetRemoteLink), Ack);
        Meter.All<Withdraw>().Count.ShouldBe(1);
        Arrives(old, MirrorAsdu(Month, 10));
        await Answers(() => Client.Poll(), NoData);
    }

    [Fact]
    public async Task Addresses_that_are_not_configured_and_disabled_meters_are_silent()
    {
        await Start(null, TheMeter, Disabled(Another("m-2", link: 2)));
        await Answers(() => Client.SendFixed(PrimaryFunction.RequestLinkStatus, link: 2));
        await Answers(() => Client.SendFixed(PrimaryFunction.ResetRemoteLink, link: 9));
        await Answers(() => Client.SendFixed(PrimaryFunction.RequestLinkStatus, link: 0xffff));
        await Answers(() => Client.Ask(Request.Login(Point, Key), link: 2));
    }

    [Fact]
    public async Task Of_a_link_with_a_disabled_point_the_other_answers_and_a_point_that_nobody_has_is_refused_as_a_meter_does()
    {
        await Start(null, TheMeter, Disabled(Another("m-2", point: 2)));
        await LogIn();
        await Answers(() => Client.Ask(Request.Login(2, Key)));
        var elsewhere = Request.ReadCurrentTime(3);
        await Answers(() => Client.Ask(elsewhere), Ack);
        await Answers(() => Client.Poll(), Mirror(elsewhere, 16));
        Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Frames_with_errors_are_dropped_and_the_next_good_one_is_heard()
    {
        await Start();
        var damaged = Convert.FromHexString("104901004b16");
        await Answers(() => Client.Send([0xff, 0xff, .. damaged, 0x68, 0x09, 0x08, 0x68]));
        await Answers(() => Client.SendFixed(PrimaryFunction.RequestLinkStatus), ClientEnd.Says(SecondaryFunction.LinkStatus));
        await Advance(Second);
        Report.Counters.ChecksumErrors.ShouldBe(1);
        Report.Counters.JunkOctets.ShouldBe(12);
        Report.Counters.FramesReceived.ShouldBe(1);
    }

    [Fact]
    public async Task A_frame_that_stops_in_the_middle_is_forgotten_after_the_inter_character_timeout()
    {
        await Start();
        await Answers(() => Client.Send([0x68, 0xff, 0xff, 0x68, 0x73]));
        await Advance(Second * 2);
        await Answers(() => Client.SendFixed(PrimaryFunction.RequestLinkStatus), ClientEnd.Says(SecondaryFunction.LinkStatus));
    }

    [Fact]
    public async Task A_changed_fleet_touches_only_the_links_it_names()
    {
        await Start(null, TheMeter, Another("m-2", link: 2));
        await LogIn();
        Session.Tell(new ServeMeters([TheMeter, Another("m-3", link: 3)]));
        await Settle();
        await Answers(() => Client.SendFixed(PrimaryFunction.RequestLinkStatus, link: 2));
        await Answers(() => Client.SendFixed(PrimaryFunction.RequestLinkStatus, link: 3), ClientEnd.Says(SecondaryFunction.LinkStatus, 3));
        var exchange = await PassedOn(Clock);

        Session.Tell(new ServeMeters([TheMeter with { Meter = TheMeter.Meter with { Password = new Secret(8) } }]));
        await Settle();
        Arrives(exchange, ClockAnswer);
        await Answers(() => Client.Poll());
        await Answers(() => Client.SendFixed(PrimaryFunction.ResetRemoteLink), Ack);
        await Answers(() => Client.Ask(Clock), Ack);
        await Answers(() => Client.Poll(), Mirror(Clock, 0x47));
    }

    [Fact]
    public async Task The_trace_shows_the_frames_of_the_client_with_its_key_masked()
    {
        await Start();
        var watcher = Record("watcher");
        Session.Tell(new WatchFrames(watcher.Ref));
        await LogIn();
        await Settle();
        var seen = watcher.All<FrameSeen>();
        seen.Select(frame => frame.Sent).ShouldBe([false, true, false, true]);
        seen.ShouldAllBe(frame => frame.Client == "192.0.2.7:50001");
        seen[0].Frame.ShouldContain("183");
        seen[0].Frame.ShouldContain("**");
    }

    private async Task IsSilentAfter(TimeSpan longest)
    {
        await Keep(longest - Second);
        Report.Counters.Unanswered.ShouldBe(0);
        await Keep(Second * 2);
        Report.Counters.Unanswered.ShouldBe(1);
        Client.TakeHeard();
        await Answers(() => Client.Poll());

        async Task Keep(TimeSpan time)
        {
            // The client polls every minute, or it would be disconnected as idle.
            for (; time > TimeSpan.Zero; time -= TimeSpan.FromMinutes(1))
            {
                Client.Poll();
                await Advance(time < TimeSpan.FromMinutes(1) ? time : TimeSpan.FromMinutes(1));
            }
        }
    }
}
