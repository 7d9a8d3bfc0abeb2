using Iec102.Acquisition.Gateway;
using Iec102.Acquisition.Meters;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;

namespace Iec102.Acquisition.Tests.Gateway;

/// <summary>What a client may not do, and what it costs the others when it tries, stalls or vanishes.</summary>
public sealed class GatewayLimitTests : GatewayBench
{
    private static readonly byte[] ReadOnlyTypes =
        [100, 101, 102, 103, 122, 123, 133, 134, 141, 144, 147, 150, 156, 162, 180, 182, 184, 185, 189, 190];

    [Fact]
    public async Task A_request_that_nobody_answers_is_withdrawn_so_that_it_does_not_reach_the_meter_later()
    {
        await Start(Gateway with { IdleTimeout = TimeSpan.FromHours(1) });
        await LogIn();
        await PassedOn(Clock);

        await Advance(TimeSpan.FromMinutes(20));

        Report.Counters.Unanswered.ShouldBe(1);
        Meter.All<Withdraw>().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_wrong_key_is_answered_as_a_meter_does_when_the_listener_says_so_and_reaches_nobody()
    {
        await Start();
        var login = Request.Login(Point, Key + 1);
        await Answers(() => Client.Ask(login), Ack);
        var tried = Listener.All<LoginTried>().ShouldHaveSingleItem();
        (tried.KeyFits, tried.Meter, tried.Client.Host).ShouldBe((false, "m-1", "192.0.2.7"));
        Judge(TimeSpan.FromSeconds(4));
        await Answers(() => Client.Poll());
        await Advance(TimeSpan.FromSeconds(1));
        Client.TakeHeard().ShouldBe([NoData]);
        await Advance(TimeSpan.FromSeconds(2.5));
        await Answers(() => Client.Poll());
        await Advance(TimeSpan.FromSeconds(0.5));
        Client.TakeHeard().ShouldBe([Mirror(login, 0x47)]);
        await Advance(TimeSpan.FromSeconds(1));
        (Report.Counters.WrongKeys, Report.Counters.Refused).ShouldBe((1, 1));
        Report.Meters.ShouldBeEmpty();

        await Answers(() => Client.Ask(Clock), Ack);
        await Answers(() => Client.Poll(), Mirror(Clock, 0x47));
        Meter.All<object>().ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_logins_sent_without_waiting_one_is_judged_and_the_others_are_not_accepted()
    {
        await Start(Gateway, TheMeter, Another("m-2", link: 2));
        await Answers(() => Client.Ask(Request.Login(Point, Key + 1)), Ack);
        for (uint key = 0; key < 500; key++)
        {
            await Answers(() => Client.Ask(Request.Login(Point, key)), NotAccepted);
            // Neither a reset nor another link makes room for a second one.
            await Answers(() => Client.SendFixed(PrimaryFunction.ResetRemoteLink), Ack);
            await Answers(() => Client.Ask(Request.Login(Point, key), 2), ClientEnd.Says(SecondaryFunction.NotAccepted, 2));
        }

        Judge(TimeSpan.FromSeconds(4));
        await Advance(TimeSpan.FromSeconds(3.9));
        await Answers(() => Client.Ask(Request.Login(Point, Key)), NotAccepted);
        Listener.All<LoginTried>().ShouldHaveSingleItem().KeyFits.ShouldBeFalse();

        await Advance(TimeSpan.FromSeconds(0.2));
        await LogIn();
        Listener.All<LoginTried>().Count.ShouldBe(2);
        await Advance(TimeSpan.FromSeconds(1));
        (Report.Counters.WrongKeys, Report.Counters.Refused).ShouldBe((1, 1001));
    }

    [Fact]
    public async Task A_wrong_key_after_a_right_one_ends_the_session()
    {
        await Start();
        await LogIn();
        var wrong = Request.Login(Point, Key + 1);
        await Answers(() => Client.Ask(wrong), Ack);
        Judge(TimeSpan.Zero);
        await Answers(() => Client.Poll(), Mirror(wrong, 0x47));
        await Answers(() => Client.Ask(Clock), Ack);
        await Answers(() => Client.Poll(), Mirror(Clock, 0x47));
    }

    [Fact]
    public async Task A_login_without_a_whole_key_is_a_wrong_one()
    {
        await Start();
        byte[] shortKey = [183, 1, 6, 1, 0, 0, (byte)Key, 0];
        await Answers(() => Client.Ask(shortKey), Ack);
        Listener.All<LoginTried>().ShouldHaveSingleItem().KeyFits.ShouldBeFalse();
    }

    [Fact]
    public async Task Keys_of_the_gateway_take_the_place_of_the_meters_own()
    {
        await Start(Gateway with { Keys = [new Secret(100), new Secret(200)] });
        foreach (var (key, fits) in new[] { (Key, false), (100u, true), (200u, true), (0u, false) })
        {
            await Answers(() => Client.Ask(Request.Login(Point, key)), Ack);
            Listener.All<LoginTried>()[^1].KeyFits.ShouldBe(fits);
            Judge(TimeSpan.Zero);
            await Settle();
        }
    }

    [Fact]
    public async Task Read_only_passes_exactly_the_types_that_read_and_mirrors_all_others_with_cause_14()
    {
        await Start();
        await LogIn();
        var passed = new List<byte>();
        for (var type = 0; type <= byte.MaxValue; type++)
        {
            if (type is 183 or 187)
                continue;
            byte[] asdu = [(byte)type, 1, 6, 1, 0, 11, 1, 2, 3];
            await Answers(() => Client.Ask(asdu), Ack);
            var heard = await Heard(() => Client.Poll());
            if (heard.Count == 0)
                passed.Add((byte)type);
            else
                heard.ShouldBe([ClientEnd.DataFrame([(byte)type, 1, 14, 1, 0, 11, 1, 2, 3])]);
        }

        passed.ShouldBe(ReadOnlyTypes);
        await Advance(TimeSpan.FromSeconds(2));
        Report.Counters.Refused.ShouldBe(256 - 2 - ReadOnlyTypes.Length);
    }

    [Fact]
    public async Task Full_access_passes_the_rest_too_octet_for_octet()
    {
        await Start(Gateway with { Mode = GatewayMode.Full });
        await LogIn();
        byte[] closeBilling = [137, 1, 6, 1, 0, 134, 9, 8, 7];
        await Answers(() => Client.Ask(closeBilling), Ack);
        var exchange = Asked.ShouldHaveSingleItem();
        exchange.Request.Asdu.ToArray().ShouldBe(closeBilling);
        exchange.Request.Pattern.ShouldBe(ConversationPattern.Unknown);
    }

    [Fact]
    public async Task The_key_in_type_129_is_zeroed_and_nothing_else_of_any_answer()
    {
        await Start();
        await LogIn();
        var exchange = await PassedOn(Request.ReadPointParameters(Point));
        byte[] parameters = [129, 1, 5, 1, 0, 0, 1, 0, 1, 1, 0, 0xaa, 0xbb, 0xcc, 0xdd, 60, 40, 0];
        byte[] without = [129, 1, 5, 1, 0, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 60, 40, 0];
        Arrives(exchange, parameters);
        Ends(exchange);
        await Settle();
        await Answers(() => Client.Poll(), ClientEnd.DataFrame(without));

        byte[] configuration = [142, 1, 5, 1, 0, 0, .. Enumerable.Range(0, 246).Select(octet => (byte)octet)];
        exchange = await PassedOn(Request.ReadConfiguration(Point));
        Arrives(exchange, configuration);
        Ends(exchange);
        await Settle();
        await Answers(() => Client.Poll(), ClientEnd.DataFrame(configuration));
    }

    [Fact]
    public async Task A_client_that_fetches_nothing_loses_its_answer_and_the_exchange_goes_on_without_it()
    {
        const int largest = 250;
        await Start();
        await LogIn();
        var exchange = await PassedOn(Month);
        byte[] data = [11, 1, 5, 1, 0, 11, .. new byte[largest - 6]];
        for (var octets = 0; octets <= 1024 * 1024; octets += largest)
            Arrives(exchange, data);
        await Settle();
        Meter.All<Withdraw>().Count.ShouldBe(1);
        await Answers(() => Client.Poll());
        await Advance(TimeSpan.FromSeconds(2));
        Client.TakeHeard().ShouldBeEmpty();
        Report.Counters.Overflows.ShouldBe(1);
        await Answers(() => Client.SendFixed(PrimaryFunction.RequestLinkStatus), ClientEnd.Says(SecondaryFunction.LinkStatus));
    }

    [Fact]
    public async Task A_client_that_abandons_its_answers_waits_as_long_as_they_have_used_the_line()
    {
        await Start();
        await LogIn();
        await Streams(await PassedOn(Month), seconds: 40, isFetched: true);

        // It goes on without the rest: its next requests are taken, but only the last of them is passed on, and only in 40 s.
        for (byte record = 11; record < 200; record++)
            await Answers(() => Client.Ask(Request.ReadIncrementalTotals(Point, record, 1, 8, default, default)), Ack);
        Meter.All<Withdraw>().Count.ShouldBe(1);
        await Advance(TimeSpan.FromSeconds(39.5));
        Asked.Count.ShouldBe(1);
        await Advance(TimeSpan.FromSeconds(1));
        Asked.Count.ShouldBe(2);
        Asked[1].Request.Header.RecordAddress.ShouldBe((byte)199);
        Listener.All<ClientNotice.Abandoned>().ShouldHaveSingleItem().Pause.ShouldBe(TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task A_complete_answer_that_is_not_fetched_counts_too_but_not_the_mirror_at_its_end()
    {
        await Start();
        await LogIn();
        var month = await PassedOn(Month);
        await Streams(month, seconds: 5, isFetched: true);
        Arrives(month, MirrorAsdu(Month, 10));
        Ends(month);
        await Settle();
        month = await PassedOn(Month);
        await Streams(month, seconds: 5, isFetched: false);
        Ends(month);
        await Advance(TimeSpan.FromSeconds(100));

        await Answers(() => Client.Ask(Month), Ack);
        await Advance(TimeSpan.FromSeconds(4.5));
        Asked.Count.ShouldBe(2);
        await Advance(TimeSpan.FromSeconds(1));
        Asked.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_client_that_vanishes_with_an_answer_under_way_makes_the_next_connection_of_its_host_wait()
    {
        await Start();
        await LogIn();
        await Streams(await PassedOn(Month), seconds: 20, isFetched: true);
        await Ended(Client.Vanish);
        var report = Listener.All<ClientReport>()[^1];
        (report.Host, report.PausedUntil - Scheduler.MonotonicClock).ShouldBe(("192.0.2.7", TimeSpan.FromSeconds(20)));

        PausedUntil = report.PausedUntil;
        await StartAnother();
        await LogIn();
        await Answers(() => Client.Ask(Clock), Ack);
        await Advance(TimeSpan.FromSeconds(19.5));
        Asked.Count.ShouldBe(1);
        await Advance(TimeSpan.FromSeconds(1));
        Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_answer_of_which_nothing_is_fetched_for_30_s_is_dropped_while_more_arrives()
    {
        await Start();
        await LogIn();
        var month = await PassedOn(Month);
        await Streams(month, seconds: 30, isFetched: false);
        Meter.All<Withdraw>().ShouldBeEmpty();
        await Advance(TimeSpan.FromSeconds(1));
        await Streams(month, seconds: 0, isFetched: false);
        Meter.All<Withdraw>().Count.ShouldBe(1);
        Listener.All<ClientNotice.AnswersDropped>().ShouldHaveSingleItem().Limit.ShouldBe("30 s");
    }

    [Fact]
    public async Task A_client_that_takes_nothing_from_its_line_is_disconnected()
    {
        await Start();
        Client.IsStuck = true;
        var status = Convert.FromHexString("104901004a16");
        byte[] chunk = [.. Enumerable.Repeat(status, 80).SelectMany(frame => frame)];
        await Ended(() =>
        {
            for (var octets = 0; octets <= 1024 * 1024 + 2 * chunk.Length; octets += chunk.Length)
                Client.Send(chunk);
        });
        Client.IsClosed.ShouldBeTrue();
        Report.Counters.Overflows.ShouldBe(1);
    }

    [Fact]
    public async Task Random_octets_and_resets_without_end_reach_nobody_and_the_client_is_answered_as_before()
    {
        const int chunks = 2_000, length = 500, resetsInAChunk = 20;
        await Start();
        await LogIn();
        var random = new Random(1);
        var reset = Convert.FromHexString("104001004116");
        byte[] resets = [.. Enumerable.Repeat(reset, resetsInAChunk).SelectMany(frame => frame)];
        var heard = Client.HeardCount;
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            var junk = new byte[length];
            random.NextBytes(junk);
            Client.Send(junk);
            Client.Send(resets);
            // No more is read ahead than the session has taken.
            if (chunk % 16 == 0)
                await Settle();
        }

        await Advance(TimeSpan.FromSeconds(2));

        // A reset that arrives inside what looks like a frame is lost with it.
        (Client.HeardCount - heard).ShouldBeInRange(chunks * resetsInAChunk / 2, chunks * resetsInAChunk);
        Report.Counters.JunkOctets.ShouldBeGreaterThan(chunks * length / 2);
        Meter.All<object>().ShouldBeEmpty();
        Port.All<object>().ShouldBeEmpty();
        Listener.All<LoginTried>().Count.ShouldBe(1);
        await Advance(TimeSpan.FromSeconds(2));
        await Answers(() => Client.SendFixed(PrimaryFunction.RequestLinkStatus), ClientEnd.Says(SecondaryFunction.LinkStatus));
        await Answers(() => Client.SendFixed(PrimaryFunction.ResetRemoteLink), Ack);
        await PassedOn(Clock);
    }

    [Fact]
    public async Task A_silent_client_is_disconnected_after_the_idle_timeout_and_a_frame_counts_as_life()
    {
        await Start(Gateway with { IdleTimeout = TimeSpan.FromSeconds(60) });
        await Advance(TimeSpan.FromSeconds(50));
        await Answers(() => Client.SendFixed(PrimaryFunction.RequestLinkStatus), ClientEnd.Says(SecondaryFunction.LinkStatus));
        await Advance(TimeSpan.FromSeconds(59));
        Client.Send([0xff, 0xff]);
        await Settle();
        Client.IsClosed.ShouldBeFalse();
        await Ended(() => Scheduler.RunNext(Scheduler.MonotonicClock + TimeSpan.FromSeconds(1.1)));
        Client.IsClosed.ShouldBeTrue();
        Report.Counters.TimedOut.ShouldBe(1);
    }

    [Fact]
    public async Task A_client_that_vanishes_leaves_the_queue_and_nothing_of_it_stays()
    {
        await Start();
        await LogIn();
        var exchange = await PassedOn(Month);
        Arrives(exchange, MirrorAsdu(Month, 7));
        await Settle();
        await Ended(Client.Vanish);
        Meter.All<Withdraw>().ShouldHaveSingleItem().ShouldBe(new Withdraw(exchange.Id, exchange.Client));
        Report.Counters.Requests.ShouldBe(1);
        Report.Meters.ShouldBe(["m-1"]);
    }

    /// <summary>Plays a meter that sends a frame each second, and a client that fetches each of them or none.</summary>
    private async Task Streams(PassOn request, int seconds, bool isFetched)
    {
        byte[] data = [11, 1, 5, 1, 0, 11, .. new byte[60]];
        for (var second = 0; second <= seconds; second++)
        {
            Arrives(request, data);
            await Settle();
            if (isFetched)
                await Answers(() => Client.Poll(), ClientEnd.DataFrame(data));
            if (second < seconds)
                await Advance(TimeSpan.FromSeconds(1));
        }
    }
}
