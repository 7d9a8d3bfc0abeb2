using FsCheck;
using FsCheck.Xunit;
using Iec102.Protocol.Link;
using Iec102.Testing;
using Xunit.Abstractions;

namespace Iec102.Protocol.Tests;

/// <summary>Promise R3, first half: frames are found however the stream is split and whatever junk it contains.</summary>
public class FrameReaderTests(ITestOutputHelper output)
{
    /// <summary>The worked examples and, where available, captured frames.</summary>
    internal static readonly IReadOnlyList<byte[]> Golden =
        [.. Worked.All.Concat(Captured.Frames.Select(frame => frame.Octets)).DistinctBy(octets => Octets.Hex(octets))];

    [Fact]
    public void Every_golden_frame_is_found_at_every_split()
    {
        output.WriteLine(Captured.Note);
        foreach (var frame in Golden)
        {
            for (var split = 0; split <= frame.Length; split++)
                ReadAll(new FrameReader(), frame[..split], frame[split..]).ShouldBe([Octets.Hex(frame)]);
        }
    }

    [Fact]
    public void Every_golden_frame_is_found_octet_by_octet()
    {
        var reader = new FrameReader();
        foreach (var frame in Golden)
            ReadAll(reader, [.. frame.Select(octet => new[] { octet })]).ShouldBe([Octets.Hex(frame)]);
        reader.JunkOctets.ShouldBe(0);
        reader.ChecksumErrors.ShouldBe(0);
    }

    [Fact]
    public void A_truncated_frame_is_no_frame_and_the_next_one_is_found()
    {
        foreach (var frame in Golden)
        {
            for (var length = 0; length < frame.Length; length++)
            {
                var reader = new FrameReader();
                ReadAll(reader, frame[..length]).ShouldBeEmpty();
                reader.InsideFrame.ShouldBe(length > 0);
                // A frame may stay hidden until as many octets have come as the truncated frame calls for.
                ReadAll(reader, frame, frame, Fill).ShouldContain(Octets.Hex(frame), $"truncated to {length}");
            }
        }
    }

    [Fact]
    public void When_a_new_request_goes_out_what_was_left_of_a_frame_is_junk()
    {
        var reader = new FrameReader();
        ReadAll(reader, Octets.Of(Worked.Hour1)[..30]).ShouldBeEmpty();
        reader.Restart();
        reader.InsideFrame.ShouldBeFalse();
        reader.JunkOctets.ShouldBe(30);
        ReadAll(reader, Octets.Of(Worked.Ack)).ShouldBe([Worked.Ack]);
    }

    [Theory]
    [InlineData("ff ff ff ff ff")]
    [InlineData("01 04 04 00 00 12 34 f7 21")]
    [InlineData("01 04 02 10 68 b5 0a")]
    [InlineData("10 10 10 10 10 10 10")]
    [InlineData("68 68 68 68 68 68 68")]
    [InlineData("68 3e 3e 68")]
    [InlineData("68 ff ff 68 08 01 00")]
    [InlineData("68 08 08 68 73 01 00 67 00 05 01 00 01 16")]
    [InlineData("16 16 16 e5 16")]
    public void Junk_before_a_frame_is_skipped(string junk)
    {
        foreach (var frame in Golden)
        {
            var reader = new FrameReader();
            var octets = Octets.Of(junk).Concat(frame).Concat(Fill).ToArray();
            ReadAll(reader, octets).ShouldContain(Octets.Hex(frame));
            reader.JunkOctets.ShouldBe(octets.Length - frame.Length);
        }
    }

    [Fact]
    public void Frames_one_right_after_the_other_are_all_found()
    {
        var reader = new FrameReader();
        ReadAll(reader, [.. Golden.SelectMany(frame => frame)]).ShouldBe(Golden.Select(frame => Octets.Hex(frame)));
        reader.JunkOctets.ShouldBe(0);
        reader.InsideFrame.ShouldBeFalse();
    }

    [Property(MaxTest = 200)]
    public void However_a_stream_of_frames_is_cut_the_same_frames_come_out(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var frames = Enumerable.Range(0, 30).Select(_ => Golden[random.Next(Golden.Count)]).ToArray();
        byte[] stream = [.. frames.SelectMany(frame => frame)];
        List<byte[]> chunks = [];
        for (var at = 0; at < stream.Length; at += chunks[^1].Length)
            chunks.Add(stream[at..Math.Min(stream.Length, at + random.Next(1, 300))]);
        ReadAll(new FrameReader(), [.. chunks]).ShouldBe(frames.Select(frame => Octets.Hex(frame)));
    }

    [Fact]
    public void A_single_character_counts_only_as_the_very_first_octet_after_a_request()
    {
        var reader = new FrameReader();
        ReadAll(reader, [0xE5]).ShouldBeEmpty();
        reader.Restart();
        ReadAll(reader, [0xE5]).ShouldBe(["e5"]);
        ReadAll(reader, [0xE5]).ShouldBeEmpty();
        reader.Restart();
        ReadAll(reader, [0xFF, 0xE5]).ShouldBeEmpty();
        reader.Restart();
        ReadAll(reader, Octets.Of("10 e5 01 00 e6 17")).ShouldBeEmpty("an E5 inside a damaged frame");
        reader.Restart();
        ReadAll(reader, Octets.Of(Worked.Ack), [0xE5]).ShouldBe([Worked.Ack]);
    }

    [Fact]
    public void A_single_character_is_an_acknowledgement_without_address()
    {
        var frame = Octets.Frame("e5");
        frame.Format.ShouldBe(FrameFormat.SingleCharacter);
        frame.Control.Secondary.ShouldBe(SecondaryFunction.Acknowledge);
        frame.Control.IsPrimary.ShouldBeFalse();
        frame.LinkAddress.ShouldBe((ushort)0);
        frame.Asdu.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void A_million_random_octets_do_no_harm()
    {
        var random = new Random(102);
        var reader = new FrameReader();
        var octets = new byte[1_000];
        long framed = 0;
        for (var i = 0; i < 1_000; i++)
        {
            random.NextBytes(octets);
            // Start octets are rare in noise; without these the checks after them would hardly ever run.
            for (var start = 0; start < 20; start++)
                octets[random.Next(octets.Length)] = random.Next(2) == 0 ? (byte)0x10 : (byte)0x68;
            framed += Framed(reader, octets);
        }

        output.WriteLine($"{framed} of 1000000 random octets looked like frames; {reader.ChecksumErrors} starts failed a checksum");
        (reader.JunkOctets + framed)
            .ShouldBeInRange(1_000_000 - Frame.MaxLength, 1_000_000, "every octet is accounted for, and one frame at most is kept");
        reader.ChecksumErrors.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Nothing_is_allocated_for_a_frame()
    {
        byte[] stream = [.. Golden.SelectMany(frame => frame)];
        var reader = new FrameReader();
        Framed(reader, stream);
        var before = GC.GetAllocatedBytesForCurrentThread();
        long octets = 0;
        for (var i = 0; i < 200; i++)
            octets += Framed(reader, stream);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        octets.ShouldBe(200L * stream.Length);
    }

    /// <summary>Octets that begin no frame, enough of them to complete any frame that has begun.</summary>
    internal static readonly byte[] Fill = new byte[Frame.MaxLength];

    internal static List<string> ReadAll(FrameReader reader, params byte[][] chunks)
    {
        List<string> frames = [];
        foreach (var chunk in chunks)
        {
            ReadOnlySpan<byte> octets = chunk;
            while (reader.TryRead(ref octets, out var frame))
                frames.Add(Octets.Hex(frame.Octets));
            octets.IsEmpty.ShouldBeTrue();
        }

        return frames;
    }

    private static long Framed(FrameReader reader, ReadOnlySpan<byte> octets)
    {
        long framed = 0;
        while (reader.TryRead(ref octets, out var frame))
            framed += frame.Octets.Length;
        return framed;
    }
}
