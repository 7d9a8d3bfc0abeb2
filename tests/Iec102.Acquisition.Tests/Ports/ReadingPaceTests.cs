using Iec102.Acquisition.Ports;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>How fast a line is read.</summary>
public sealed class ReadingPaceTests
{
    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static TimeSpan TimeToRead(ReadingPace pace, int octets, bool answersOnly = false)
    {
        var now = Seconds(1000);
        var began = now;
        for (var read = 0; read < octets; read += 250)
        {
            if (answersOnly)
                pace.Sent();
            pace.Took(250, now);
            now = pace.FreeAt > now ? pace.FreeAt : now;
        }

        return now - began;
    }

    [Fact]
    public void What_nobody_asked_for_is_read_at_twice_the_speed_of_a_serial_line()
    {
        // 9600-8E1 carries 872.7 octets a second; the first 64 KiB come at once.
        var octets = (64 << 10) + 100_000;
        TimeToRead(new ReadingPace(Seconds(11 / 9600.0)), octets).TotalSeconds.ShouldBe(100_000 / (2 * 9600 / 11.0), 0.5);
    }

    [Fact]
    public void Where_the_speed_is_not_known_it_is_read_at_64_KiB_a_second() =>
        TimeToRead(new ReadingPace(TimeSpan.Zero), (64 << 10) * 11).TotalSeconds.ShouldBe(10, 0.1);

    [Fact]
    public void Answers_to_our_frames_are_read_as_they_come() =>
        TimeToRead(new ReadingPace(Seconds(11 / 9600.0)), 10_000_000, answersOnly: true).ShouldBe(TimeSpan.Zero);
}
