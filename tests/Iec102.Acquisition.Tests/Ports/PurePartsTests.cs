using Iec102.Acquisition.Ports;
using Iec102.Fleet;
using Iec102.Lines;
using Iec102.Lines.Serial;
using Iec102.Lines.Tcp;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>The small classes inside a port, each tested on its own.</summary>
public sealed class PurePartsTests
{
    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    [Fact]
    public void A_line_is_opened_again_after_pauses_that_grow_until_a_valid_frame_comes()
    {
        var reconnection = new Reconnection(
            new PortSettings { Id = "north", IsTcp = true, ReconnectMin = Seconds(1), ReconnectMax = Seconds(60) });
        reconnection.Opened().ShouldBeTrue();
        foreach (var least in new double[] { 1, 2, 4 })
        {
            var (pause, _) = reconnection.Lost("gone", Seconds(100));
            pause.TotalSeconds.ShouldBeInRange(least, least * 1.2);
            reconnection.At.ShouldBe(Seconds(100) + pause);
            // That a connection was accepted does not prove that the line works, so the pauses keep growing.
            reconnection.Opened().ShouldBeFalse();
        }

        reconnection.Count.ShouldBe(3);
        reconnection.Proven().ShouldBe(3);
        reconnection.Proven().ShouldBe(0);
        reconnection.Lost("gone", Seconds(200)).Pause.TotalSeconds.ShouldBeInRange(1, 1.2);
    }

    [Fact]
    public void A_lost_line_is_news_once_for_each_error_until_a_valid_frame_comes()
    {
        var reconnection = new Reconnection(new PortSettings { Id = "north", IsTcp = true });
        var errors = new[] { "gone", "gone", "refused", "refused", "gone" };
        errors.Select(error => reconnection.Lost(error, Seconds(1)).IsNews).ShouldBe([true, false, true, false, false]);
        reconnection.GivenUp("silent").ShouldBeTrue();
        reconnection.Lost("silent", Seconds(2)).IsNews.ShouldBeFalse();
        reconnection.Proven();
        reconnection.Lost("silent", Seconds(3)).IsNews.ShouldBeTrue();
    }

    [Fact]
    public void A_far_end_that_gives_another_reason_each_time_is_news_eight_times_and_then_only_counted()
    {
        var reconnection = new Reconnection(new PortSettings { Id = "north", IsTcp = true });
        Enumerable.Range(0, 1000).Count(call => reconnection.Lost($"session {call}", Seconds(1)).IsNews).ShouldBe(8);
        reconnection.Proven().ShouldBe(1000);
    }

    [Fact]
    public void A_line_that_could_not_be_opened_several_times_counts_as_reopened_once_and_an_operator_need_not_wait()
    {
        var reconnection = new Reconnection(new PortSettings { Id = "north", IsTcp = true });
        reconnection.Lost("refused", Seconds(1));
        reconnection.Lost("refused", Seconds(3));
        reconnection.Hasten(Seconds(4));
        reconnection.At.ShouldBe(Seconds(4));
        reconnection.Opened();
        reconnection.Opened();
        reconnection.Count.ShouldBe(1);
    }

    [Fact]
    public void The_status_has_the_last_error_in_every_state_and_counters_at_most_once_a_second()
    {
        var settings = new PortSettings { Id = "north", IsTcp = true };
        var report = new PortReport(settings, "192.0.2.1:40000", startedAt: Seconds(0));
        var exchanges = new PortExchanges(settings, new NoHost());
        var reconnection = new Reconnection(settings);
        report.DueAt.ShouldBeNull();
        report.Count();
        report.Take(exchanges, reconnection, Seconds(5), At(5)).State.ShouldBe(PortState.Closed);
        report.DueAt.ShouldBeNull();
        report.Count();
        report.DueAt.ShouldBe(Seconds(6));

        reconnection.Lost("gone", Seconds(10));
        report.Enter(PortState.BackingOff, "gone", LineFault.Lost, At(10));
        var wait = reconnection.At - Seconds(10);
        report.Take(exchanges, reconnection, Seconds(10), At(10)).NextTry.ShouldBe(At(10) + Duration.FromTimeSpan(wait));
        reconnection.Opened();
        report.Enter(PortState.Opening, error: null, LineFault.None, At(20));
        var status = report.Take(exchanges, reconnection, Seconds(20), At(20));
        (status.State, status.LastError, status.LastErrorAt, status.NextTry).ShouldBe((PortState.Opening, "gone", At(10), null));
        (status.Fault, status.Failures, status.Counters.Reconnects).ShouldBe((LineFault.Lost, 1, 1));
        report.DueAt.ShouldBeNull();

        // The error stays as the last one; the fault is over once the far end speaks.
        report.Recovered();
        reconnection.Proven();
        status = report.Take(exchanges, reconnection, Seconds(21), At(21));
        (status.Fault, status.Failures, status.LastError).ShouldBe((LineFault.None, 0, "gone"));
    }

    [Fact]
    public void A_port_is_down_since_its_line_was_lost_whatever_is_tried_meanwhile_and_failed_attempts_are_counted()
    {
        var settings = new PortSettings { Id = "north", IsTcp = true };
        var report = new PortReport(settings, "192.0.2.1:40000", startedAt: Seconds(0));
        var (exchanges, reconnection) = (new PortExchanges(settings, new NoHost()), new Reconnection(settings));
        Enter(PortState.Opening, 0);
        Enter(PortState.Open, 1);
        report.Recovered();
        Enter(PortState.BackingOff, 100);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Enter(PortState.Opening, 110 + 10 * attempt);
            Enter(PortState.BackingOff, 111 + 10 * attempt);
        }

        // A converter that accepts and closes at once: it has not worked meanwhile.
        Enter(PortState.Opening, 150);
        Enter(PortState.Open, 151);
        Enter(PortState.BackingOff, 152);

        var status = Take(153);
        (status.Since, status.DownSince, status.Counters.FailedConnects).ShouldBe((At(100), At(100), 3));

        Enter(PortState.Opening, 160);
        Enter(PortState.Open, 161);
        report.Recovered();
        (Take(162).Since, Take(162).DownSince).ShouldBe((At(161), null));
        Enter(PortState.BackingOff, 170);
        Take(170).DownSince.ShouldBe(At(170));

        void Enter(PortState state, int at) =>
            report.Enter(state, state == PortState.BackingOff ? "gone" : null, LineFault.Lost, At(at));

        PortStatus Take(int at) => report.Take(exchanges, reconnection, Seconds(at), At(at));
    }

    [Fact]
    public void Every_request_ends_once_whether_it_is_answered_or_dropped()
    {
        var host = new NoHost();
        var exchanges = new PortExchanges(new PortSettings { Id = "north", IsTcp = true }, host);
        exchanges.Accept(Login(1, "a", id: 1), Seconds(0));
        exchanges.Accept(Login(2, "a", id: 2), Seconds(0));
        exchanges.Accept(Login(3, "b", id: 1), Seconds(0));
        exchanges.Accept(Login(4, "b", id: 2), Seconds(0));
        exchanges.LineOpened(Seconds(0));
        exchanges.Advance(Seconds(0));

        // Request 1 is already on the wire: when its client is forgotten it is dropped, once, and its end is reported to nobody.
        exchanges.Forget("a", Seconds(0), new RequestId(1));
        exchanges.Forget("a", Seconds(0));
        host.Dropped.ShouldBe([1, 2]);
        exchanges.LineClosed("gone", Seconds(1));
        host.Replied.ShouldBe([3, 4]);
        host.Dropped.ShouldBe([1, 2]);
    }

    private static QueuedRequest Login(long number, string client, long id)
    {
        var login = Request.Login(1, 7);
        return new QueuedRequest(
            number, new ExchangeRequest(new RequestId(id), client, 1, login, RequestClass.LiveValues, 0, Seconds(60)), Seconds(60));
    }

    private static Instant At(int seconds) => Instant.FromUnixTimeSeconds(seconds);

    private sealed class NoHost : IExchangeHost
    {
        public List<long> Replied { get; } = [];

        public List<long> Dropped { get; } = [];

        public Instant Now => Instant.FromUnixTimeSeconds(0);

        public void Reply(long number, ExchangeEnded ended) => Replied.Add(number);

        public void Drop(long number) => Dropped.Add(number);

        public bool IsShared(ushort linkAddress) => false;

        public void LinkChanged(LinkStateChanged changed, TimeSpan? nextProbe)
        {
        }

        public void LinkProbed(ushort linkAddress, TimeSpan nextProbe)
        {
        }

        public void Transmit(ReadOnlyMemory<byte> frame)
        {
        }

        public void Stream(QueuedRequest queued, ReadOnlySpan<byte> asdu)
        {
        }

        public void Trace(bool sent, ReadOnlySpan<byte> octets)
        {
        }
    }

    [Fact]
    public void The_rate_is_guessed_from_the_line_until_it_has_been_measured()
    {
        var format = new LineFormat(19200, 8, Parity.Even, 1);
        new RateMeter(format.CharacterTime).OctetsPerSecond.ShouldBe(19200 / 11.0, 0.1);
        new RateMeter(TimeSpan.Zero).OctetsPerSecond.ShouldBe(960);
    }

    [Fact]
    public void The_rate_follows_the_line_and_long_exchanges_count_for_more()
    {
        var rate = new RateMeter(TimeSpan.Zero);
        rate.Add(500, Seconds(1));
        rate.OctetsPerSecond.ShouldBe(500, 0.001);
        // A short exchange that is slow because of its pauses hardly counts beside a long one.
        rate.Add(9000, Seconds(10));
        rate.Add(10, Seconds(0.2));
        rate.OctetsPerSecond.ShouldBeInRange(800, 900);
        for (var i = 0; i < 30; i++)
            rate.Add(100, Seconds(1));
        rate.OctetsPerSecond.ShouldBe(100, 2);
    }

    [Fact]
    public void The_settings_of_a_configured_port_are_taken_over()
    {
        var configuration = new PortConfiguration
        {
            Id = "com1",
            Serial = new SerialLineOptions("/dev/ttyS0", new LineFormat(9600, 8, Parity.Even, 1)),
            HoldIdle = null,
            Timing = new PortTiming
            {
                ReplyTimeout = Seconds(3),
                Retries = 2,
                InterRequestDelay = Seconds(0.1),
                InterCharacterTimeout = Seconds(0.5),
                ReconnectMin = Seconds(4),
                ReconnectMax = Seconds(40),
            },
        };

        var settings = PortSettings.Of(configuration);

        settings.Id.ShouldBe("com1");
        settings.Kind.ShouldBe("serial");
        settings.IsTcp.ShouldBeFalse();
        settings.Hold.ShouldBeNull();
        (settings.ReconnectMin, settings.ReconnectMax).ShouldBe((Seconds(4), Seconds(40)));
        var timing = settings.Timing;
        (timing.ReplyTimeout, timing.Retries, timing.InterRequestDelay, timing.InterCharacterTimeout).ShouldBe(
            (Seconds(3), 2, Seconds(0.1), Seconds(0.5)));
        timing.CharacterTime.TotalSeconds.ShouldBe(11 / 9600.0, 1e-6);
        PortSettings.Of(new PortConfiguration { Id = "t", Tcp = new TcpLineOptions("h", 1) }).Kind.ShouldBe("tcp");
    }
}
