using Iec102.Acquisition.Ports;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>When an open line is given up although it has not failed.</summary>
public sealed class LineWatchTests
{
    private const int Budget = 4;

    private readonly Reception _reception = new(_ => { });

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private LineWatch Watch(bool reopensWhenSilent)
    {
        var watch = new LineWatch(reopensWhenSilent, Budget, _reception);
        watch.LineOpened(TimeSpan.Zero);
        return watch;
    }

    [Fact]
    public void A_serial_line_is_not_given_up_for_silence_but_for_what_comes_in_place_of_frames()
    {
        var watch = Watch(reopensWhenSilent: false);
        watch.Unanswered(1, isProbe: false, anotherAnswers: false, Seconds(1));
        watch.TimedOut(2);
        watch.Unanswered(1, isProbe: true, anotherAnswers: false, Seconds(10_000));
        watch.GivenUp.ShouldBeNull();

        _reception.OnDropped("ERROR\r\n"u8);
        _reception.EndPiece();
        watch.Unanswered(1, isProbe: false, anotherAnswers: false, Seconds(1));
        watch.GivenUp.ShouldBe(new GivenUpLine(
            "No valid frame came from link 1, nor from another; the far end sent the text \"ERROR\".", LineFault.Text, IsLost: false));
    }

    [Fact]
    public void A_valid_frame_clears_a_suspected_line()
    {
        var watch = Watch(reopensWhenSilent: true);
        watch.Unanswered(1, isProbe: false, anotherAnswers: true, Seconds(1));
        watch.TimedOut(1);
        watch.GivenUp.ShouldBeNull();
        watch.FarEndSpoke(Seconds(1));
        watch.TimedOut(2);
        watch.GivenUp.ShouldBeNull();

        watch.Unanswered(1, isProbe: false, anotherAnswers: true, Seconds(1));
        watch.TimedOut(2);
        watch.GivenUp.ShouldNotBeNull();
    }

    [Fact]
    public void Probes_condemn_a_line_after_a_budget_of_them_once_then_only_after_ten_silent_minutes()
    {
        var watch = Watch(reopensWhenSilent: true);
        for (var probe = 1; probe < Budget; probe++)
            watch.Unanswered(1, isProbe: true, anotherAnswers: false, Seconds(probe));
        watch.GivenUp.ShouldBeNull();
        watch.Unanswered(1, isProbe: true, anotherAnswers: false, Seconds(Budget));
        watch.GivenUp.ShouldNotBeNull();

        watch.LineOpened(Seconds(100));
        for (var probe = 0; probe < 100; probe++)
            watch.Unanswered(1, isProbe: true, anotherAnswers: false, Seconds(699));
        watch.Unanswered(1, isProbe: true, anotherAnswers: true, Seconds(700));
        watch.GivenUp.ShouldBeNull();
        watch.Unanswered(1, isProbe: true, anotherAnswers: false, Seconds(700));
        watch.GivenUp.ShouldNotBeNull();
    }
}
