using Iec102.Lines.Serial;

namespace Iec102.Lines.Tests;

public class IdleGapTests
{
    // At 1000 baud with 10 bits per character, a character takes 10 ms and the idle time is 33 ms.
    private readonly IdleGap _gap = new(new LineFormat(1000, 8, Parity.None, 1));

    [Fact]
    public void The_first_frame_waits_the_idle_time_from_the_opening_of_the_line() => Rest(at: 0).ShouldBe(33);

    [Fact]
    public void A_line_idle_for_33_bit_times_may_be_written_to()
    {
        Rest(at: 33).ShouldBe(0);
        Rest(at: 40).ShouldBe(-7);
    }

    [Fact]
    public void After_a_frame_its_own_wire_time_is_waited_for_too()
    {
        _gap.Sent(5, Milliseconds(100));
        Rest(at: 100).ShouldBe(50 + 33);
        Rest(at: 150).ShouldBe(33);
    }

    [Fact]
    public void A_frame_handed_over_while_another_is_sent_goes_after_it()
    {
        _gap.Sent(5, Milliseconds(100));
        _gap.Sent(5, Milliseconds(120));
        Rest(at: 120).ShouldBe(80 + 33);
    }

    [Fact]
    public void An_octet_received_starts_the_idle_time_again()
    {
        _gap.Received(Milliseconds(200));
        Rest(at: 210).ShouldBe(23);
    }

    [Fact]
    public void An_echo_of_what_is_being_sent_does_not_shorten_the_wait()
    {
        _gap.Sent(5, Milliseconds(100));
        _gap.Received(Milliseconds(120));
        Rest(at: 120).ShouldBe(30 + 33);
    }

    private double Rest(int at) => _gap.Rest(Milliseconds(at)).TotalMilliseconds;

    private static TimeSpan Milliseconds(int time) => TimeSpan.FromMilliseconds(time);
}
