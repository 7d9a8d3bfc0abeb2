using Iec102.Acquisition.Ports;
using NodaTime;

namespace Iec102.Acquisition.Tests.Ports;

public sealed class FrameRecorderTests
{
    private static readonly Instant Begin = Instant.FromUtc(2026, 11, 29, 12, 0);

    private readonly FrameRecorder _recorder = new();

    [Fact]
    public void The_last_frames_are_kept_in_order_with_time_and_direction_whatever_their_length()
    {
        for (var number = 0; number < 5000; number++)
            _recorder.Add(Begin + Duration.FromSeconds(number), sent: number % 2 == 0, Octets(number));

        var frames = _recorder.Read();

        frames.Count.ShouldBeInRange(100, 300);
        for (var i = 0; i < frames.Count; i++)
        {
            var number = 5000 - frames.Count + i;
            (frames[i].At, frames[i].Sent, frames[i].Octets).ShouldBe(
                (Begin + Duration.FromSeconds(number), number % 2 == 0, string.Join(' ', Octets(number).Select(octet => $"{octet:x2}"))));
        }
    }

    [Fact]
    public void Nothing_is_there_before_the_first_and_what_is_too_long_is_cut()
    {
        _recorder.Read().ShouldBeEmpty();

        _recorder.Add(Begin, sent: false, Enumerable.Repeat((byte)0xFF, 100_000).ToArray());

        _recorder.Read().ShouldHaveSingleItem().Octets.Length.ShouldBe(3 * 1024 - 1);
    }

    [Fact]
    public void The_key_of_a_login_is_masked_and_its_checksum_with_it()
    {
        _recorder.Add(Begin, sent: true, Convert.FromHexString("680d0d68730100b70106010000" + "4e61bc00" + "9e16"));

        var frame = _recorder.Read().ShouldHaveSingleItem();

        frame.Octets.ShouldBe("68 0d 0d 68 73 01 00 b7 01 06 01 00 00 ** ** ** ** ** 16");
        frame.Frame.ShouldNotContain("4e 61");
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        var octets = new byte[60];
        _recorder.Add(Begin, sent: true, octets);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
            _recorder.Add(Begin, sent: true, octets);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    /// <summary>A frame to a link address, or noise: one octet as often as the number says.</summary>
    private static byte[] Octets(int number)
    {
        if (number % 3 > 0)
            return [.. Enumerable.Repeat((byte)0xFF, 1 + number % 97)];
        var (low, high) = ((byte)number, (byte)(number >> 8));
        return [0x10, 0x49, low, high, (byte)(0x49 + low + high), 0x16];
    }
}
