using Iec102.Protocol.Link;
using Iec102.Testing;
using Xunit.Abstractions;

namespace Iec102.Protocol.Tests;

/// <summary>Promise R3, second half: which errors the checks of a frame find, and which they cannot find.</summary>
public class FrameErrorTests(ITestOutputHelper output)
{
    [Fact]
    public void No_frame_with_one_wrong_bit_is_ever_taken_for_another_frame()
    {
        output.WriteLine(Captured.Note);
        var errors = 0;
        foreach (var frame in FrameReaderTests.Golden)
        {
            for (var bit = 0; bit < 8 * frame.Length; bit++, errors++)
            {
                var reader = new FrameReader();
                reader.Restart();
                FrameReaderTests.ReadAll(reader, Flip(frame, bit), FrameReaderTests.Fill)
                    .ShouldBeEmpty($"bit {bit} of {Octets.Hex(frame)}");
            }
        }

        output.WriteLine($"{errors} single-bit errors, none accepted");
        Promise.Report("R3", "one-bit errors", $"{errors} in {FrameReaderTests.Golden.Count} golden frames, 0 accepted");
    }

    [Fact]
    public void A_good_frame_behind_one_with_a_wrong_bit_is_found_within_255_and_6_octets()
    {
        var next = Octets.Of(Worked.Clock);
        foreach (var frame in FrameReaderTests.Golden)
        {
            for (var bit = 0; bit < 8 * frame.Length; bit++)
            {
                var reader = new FrameReader();
                FrameReaderTests.ReadAll(reader, Flip(frame, bit), next, new byte[255 + 6])
                    .ShouldBe([Worked.Clock], $"bit {bit} of {Octets.Hex(frame)}");
            }
        }
    }

    [Fact]
    public void A_frame_is_found_within_255_and_6_octets_after_any_start_that_is_none()
    {
        var frame = Octets.Of(Worked.Hour1);
        for (var length = 0; length < 256; length++)
        {
            byte[] falseStart = [0x68, (byte)length, (byte)length, 0x68];
            var reader = new FrameReader();
            FrameReaderTests.ReadAll(reader, falseStart, frame, new byte[255 + 6]).ShouldBe([Worked.Hour1], $"L = {length}");
        }
    }

    [Fact]
    public void The_share_of_two_bit_errors_that_the_sum_does_not_find_is_measured()
    {
        var (errors, accepted) = (0L, 0L);
        var reader = new FrameReader();
        foreach (var frame in Worked.All)
        {
            for (var first = 0; first < 8 * frame.Length; first++)
            {
                var damaged = Flip(frame, first);
                for (var second = first + 1; second < 8 * frame.Length; second++, errors++)
                {
                    damaged[second / 8] ^= (byte)(1 << second % 8);
                    if (IsTaken(reader, damaged))
                        accepted++;
                    damaged[second / 8] ^= (byte)(1 << second % 8);
                }
            }
        }

        var figure = $"{accepted} of {errors} accepted by the frame's own checks: {100.0 * accepted / errors:0.00} %";
        output.WriteLine(figure);
        Promise.Report("R3", "two-bit errors", figure);
        // Two bits of equal weight, one cleared and one set, leave a sum unchanged: at most one pair in sixteen.
        accepted.ShouldBeInRange(1, errors / 16);
    }

    [Fact]
    public void Two_errors_that_leave_the_sum_as_it_was_are_not_found_and_the_reader_does_not_pretend_so()
    {
        var damaged = Octets.Of(Worked.Clock);
        damaged[14] += 1;
        damaged[15] -= 1;
        FrameReaderTests.ReadAll(new FrameReader(), damaged).Count.ShouldBe(1);
    }

    private static byte[] Flip(byte[] frame, int bit)
    {
        var damaged = frame.ToArray();
        damaged[bit / 8] ^= (byte)(1 << bit % 8);
        return damaged;
    }

    private static bool IsTaken(FrameReader reader, ReadOnlySpan<byte> octets)
    {
        reader.Restart();
        return reader.TryRead(ref octets, out _);
    }
}
