using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Iec102.Acquisition.Ports;
using Iec102.Fleet;
using Iec102.Lines;
using Iec102.Lines.Serial;
using Iec102.Lines.Tcp;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>The small classes behind a port, each by itself.</summary>
public sealed class PurePartsTests
{
    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    [Fact]
    public void Reconnection_pauses_double_from_the_least_to_the_greatest_with_at_most_a_fifth_more()
    {
        double[] bases = [1, 2, 4, 8, 16, 32, 60, 60, 60];
        for (var attempt = 0; attempt < bases.Length; attempt++)
        {
            var pause = ReconnectDelay.Before("north", attempt, Seconds(1), Seconds(60)).TotalSeconds;
            pause.ShouldBeInRange(bases[attempt], bases[attempt] * 1.2);
        }
    }

    [Fact]
    public void Ports_lost_together_do_not_come_back_together()
    {
        var pauses = Enumerable.Range(0, 100).Select(port => ReconnectDelay.Before($"p{port}", 5, Seconds(1), Seconds(60))).ToList();

        pauses.Distinct().Count().ShouldBeGreaterThan(90);
        (pauses.Max() - pauses.Min()).ShouldBeGreaterThan(Seconds(3));
        ReconnectDelay.Before("p7", 5, Seconds(1), Seconds(60)).ShouldBe(pauses[7]);
    }

    [Property]
    public Property However_often_it_fails_the_pause_stays_within_its_bounds() => Prop.ForAll(
        Gen.Choose(0, 100_000).ToArbitrary(),
        attempt => ReconnectDelay.Before("north", attempt, Seconds(2), Seconds(30)) is var pause && pause >= Seconds(2) && pause <= Seconds(36));

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
        // A short exchange, slow because of its pauses, hardly matters beside a long one.
        rate.Add(9000, Seconds(10));
        rate.Add(10, Seconds(0.2));
        rate.OctetsPerSecond.ShouldBeInRange(800, 900);
        for (var i = 0; i < 30; i++)
            rate.Add(100, Seconds(1));
        rate.OctetsPerSecond.ShouldBe(100, 2);
    }

    [Fact]
    public void A_serial_line_is_never_half_open()
    {
        var watch = new HalfOpenWatch(isTcp: false);
        watch.LineOpened(TimeSpan.Zero);
        watch.CondemnsAfterBudget(1, anotherAnswers: false).ShouldBeFalse();
        watch.CondemnsAfterTimeout(2).ShouldBeFalse();
        watch.CondemnsAfterProbe(anotherAnswers: false, Seconds(10_000)).ShouldBeFalse();
    }

    [Fact]
    public void An_octet_clears_a_suspected_line()
    {
        var watch = new HalfOpenWatch(isTcp: true);
        watch.LineOpened(TimeSpan.Zero);
        watch.CondemnsAfterBudget(1, anotherAnswers: true).ShouldBeFalse();
        watch.CondemnsAfterTimeout(1).ShouldBeFalse();
        watch.CondemnsAfterTimeout(2).ShouldBeTrue();
        watch.OctetsArrived(Seconds(1));
        watch.CondemnsAfterTimeout(2).ShouldBeFalse();
    }

    [Fact]
    public void A_probe_condemns_a_line_only_after_ten_silent_minutes()
    {
        var watch = new HalfOpenWatch(isTcp: true);
        watch.LineOpened(TimeSpan.Zero);
        watch.CondemnsAfterProbe(anotherAnswers: false, Seconds(599)).ShouldBeFalse();
        watch.CondemnsAfterProbe(anotherAnswers: true, Seconds(600)).ShouldBeFalse();
        watch.CondemnsAfterProbe(anotherAnswers: false, Seconds(600)).ShouldBeTrue();
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
        (timing.ReplyTimeout, timing.Retries, timing.InterRequestDelay, timing.InterCharacterTimeout).ShouldBe((Seconds(3), 2, Seconds(0.1), Seconds(0.5)));
        timing.CharacterTime.TotalSeconds.ShouldBe(11 / 9600.0, 1e-6);
        PortSettings.Of(new PortConfiguration { Id = "t", Tcp = new TcpLineOptions("h", 1) }).Kind.ShouldBe("tcp");
    }
}
