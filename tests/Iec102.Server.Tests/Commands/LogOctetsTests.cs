using Iec102.Server.Commands.Common;

namespace Iec102.Server.Tests.Commands;

/// <summary>The octets of three frames, as logs of different programs have them.</summary>
public sealed class LogOctetsTests
{
    private const string First = "10 49 01 00 4a 16";
    private const string Second = "68 09 09 68 53 01 00 67 00 06 01 00 0b cd 16";
    private const string All = $"{First} {Second} {First}";

    [Theory]
    [InlineData("hexdump", """
        00000000  10 49 01 00 4a 16 68 09  09 68 53 01 00 67 00 06  |.I..J.h..hS..g..|
        00000010  01 00 0b cd 16 10 49 01  00 4a 16                 |......I..J.|
        0000001b
        """)]
    [InlineData("xxd", """
        00000000: 1049 0100 4a16 6809 0968 5301 0067 0006  .I..J.h..hS..g..
        00000010: 0100 0bcd 1610 4901 004a 16              ......I..J.
        """)]
    [InlineData("od", """
        000000 10 49 01 00 4a 16 68 09 09 68 53 01 00 67 00 06
        000010 01 00 0b cd 16 10 49 01 00 4a 16
        00001b
        """)]
    [InlineData("Wireshark, a dump for each frame", """
        0000   10 49 01 00 4a 16                                 .I..J.
        0000   68 09 09 68 53 01 00 67 00 06 01 00 0b cd 16      h..hS..g.......
        0000   10 49 01 00 4a 16                                 .I..J.
        """)]
    [InlineData("our trace", """
        2026-11-29T15:00:00.123+01:00 line -> C 49 FC9 link 1 | request link status [10 49 01 00 4a 16]
        2026-11-29T15:00:00.456+01:00 line <- C 53 FC3 | 103 read clock, cause 6 [68 09 09 68 53 01 00 67 00 06 01 00 0b cd 16]
        2026-11-29T15:00:01.000+01:00 line -> C 73 FC3 FCB=1 link 1 | 123 read increments, 2024-07-15 00:01 S .. 2024-07-15 02:00 S
        2026-11-29T15:00:01.123+01:00 client 127.0.0.1:50000 -> C 49 FC9 link 1 | request link status [10 49 01 00 4a 16]
        """)]
    [InlineData("escapes", """
        TX \x10\x49\x01\x00\x4a\x16
        RX \x68\x09\x09\x68\x53\x01\x00\x67\x00\x06\x01\x00\x0b\xcd\x16 TX \x10\x49\x01\x00\x4a\x16
        """)]
    [InlineData("Python", """
        12:00:01 sent b'\x10I\x01\x00J\x16'
        12:00:02 received b"h\t\thS\x01\x00g\x00\x06\x01\x00\x0b\xcd\x16"
        DEBUG:serial:write(bytearray(b'\x10I\x01\x00J\x16'))
        """)]
    [InlineData("brackets, arrows, time stamps", """
        29/11/2026 12:00:01.250 [12] COM3 --> <10><49><01><00><4A><16> (6 bytes)
        [2026-11-29 12:00:01,500] 192.0.2.10:4001 <- [68,09,09,68,53,01,00,67,00,06,01,00,0B,CD,16]
        1764417601.75 TX: {0x10, 0x49, 0x01, 0x00, 0x4A, 0x16}
        """)]
    [InlineData("a frame in pieces", """
        12:00:01.000 RX 10
        12:00:01.010 RX 49 01 00 4a
        12:00:01.020 RX 16
        12:00:01.500 port 12: timeout after 20 ms, 3 retries
        12:00:02.000 RX 68 09 09
        12:00:02.010 RX 68 53 01 00 67 00 06 01 00 0b
        12:00:02.020 RX cd 16
        12:00:03.000 count 12: 10 49 01 00 4a 16 (16 left)
        """)]
    public void Only_the_octets_are_taken(string program, string text) =>
        Hex(LogOctets.Read(text)).ShouldBe(All, program);

    [Fact]
    public void A_masked_frame_is_whole_again_with_zeros_for_its_secret() =>
        Hex(LogOctets.Read("2026-11-29T15:00:00Z line -> 183 login [68 0d 0d 68 73 01 00 b7 01 06 01 00 00 ** ** ** ** ** 16]"))
            .ShouldBe("68 0d 0d 68 73 01 00 b7 01 06 01 00 00 00 00 00 00 33 16");

    [Fact]
    public void The_numbers_beside_the_frames_of_a_support_file_are_no_octets() =>
        Hex(LogOctets.Read("""
            iec102 0.2.0.0, port north, 2026-11-29T17:07:00.976+01:00

            {
              "serialNumber": 44140000,
              "meterNumber": "48304838"
            }

            2026-11-29T17:07:00.970+01:00 -> C 49 FC9 link 1 | request link status [10 49 01 00 4a 16]
            """)).ShouldBe(First);

    [Fact]
    public async Task A_literal_that_was_cut_off_is_read_up_to_where_it_ends() =>
        // The limit only ends a search that would go on for hours.
        (await Task.Run(() => LogOctets.Read("12:00:01 sent b'" + string.Concat(Enumerable.Repeat(@"\x10", 60))))
            .WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe([.. Enumerable.Repeat((byte)0x10, 60)]);

    [Fact]
    public async Task Decode_explains_a_dump_and_says_when_a_text_has_no_octets()
    {
        var dump = await Cli.RunAsync("decode -", "000000 10 49 01 00 4a 16\n000006\n");
        dump.Lines[0].ShouldBe("Frame 1, 6 octets: C 49 FC9 link 1 | request link status");
        dump.Lines.Count(line => line.StartsWith("Frame", StringComparison.Ordinal) || line.StartsWith("Not", StringComparison.Ordinal))
            .ShouldBe(1);

        (await Cli.RunAsync("decode -", "2026-11-29 12:00:01 the line was lost")).Sentence.ShouldBe("No octets were found in the text.");
    }

    private static string Hex(byte[] octets) => string.Join(' ', octets.Select(octet => $"{octet:x2}"));
}
