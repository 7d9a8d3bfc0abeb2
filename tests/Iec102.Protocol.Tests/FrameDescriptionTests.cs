using Iec102.Protocol.Application;
using Iec102.Protocol.Description;
using Iec102.Protocol.Link;
using Iec102.Testing;

namespace Iec102.Protocol.Tests;

public class FrameDescriptionTests
{
    private const string LoginOfDistinctiveKey = "68 0d 0d 68 73 01 00 b7 01 06 01 00 00 d1 c2 b3 a4 1d 16";

    /// <summary>A frame of a type whose layout is not known.</summary>
    private const string HolidayChange = "68 0a 0a 68 73 01 00 95 01 06 01 00 86 c5 5c 16";

    [Theory]
    [InlineData(Worked.ReadIncrements,
        "C 73 FC3 FCB=1 link 1 | 123 read increments, cause 6 activation, point 1, record 11, objects 1..8, "
        + "2024-07-15 00:01 S .. 2024-07-15 02:00 S")]
    [InlineData(Worked.ReadBlocks,
        "C 73 FC3 FCB=1 link 1 | 190 read increment blocks, cause 6 activation, point 1, record 11, object 10, "
        + "2024-07-15 00:01 S .. 2024-07-15 02:00 S")]
    [InlineData(Worked.Hour1, "C 08 FC8 link 1 | 11 increments, cause 5 request, point 1, record 11, 8 objects, 2024-07-15 01:00 S")]
    [InlineData(Worked.Blocks,
        "C 08 FC8 link 1 | 140 increment blocks, cause 5 request, point 1, record 11, 2 blocks, 2024-07-15 01:00 S .. 2024-07-15 02:00 S")]
    [InlineData(Worked.Login, "C 73 FC3 FCB=1 link 1 | 183 login, cause 6 activation, point 1, record 0, key **")]
    [InlineData(Worked.LoginRefused, "C 08 FC8 link 1 | 183 login, cause 7 activation confirmation, negative, point 1, record 0, key **")]
    [InlineData(Worked.IncrementsRefused,
        "C 08 FC8 link 1 | 123 read increments, cause 18 integration period not available, point 1, record 11, objects 1..8, "
        + "2024-07-15 00:01 S .. 2024-07-15 02:00 S")]
    [InlineData(Worked.ReadClock, "C 73 FC3 FCB=1 link 1 | 103 read current time, cause 5 request, point 1, record 0")]
    [InlineData(Worked.Clock, "C 08 FC8 link 1 | 72 current time, cause 5 request, point 1, record 0, 2024-03-27 10:15:30.250 W")]
    [InlineData(Worked.SetClock, "C 73 FC3 FCB=1 link 1 | 181 set clock, cause 6 activation, point 1, record 0, 2024-03-27 10:15:30.250 W")]
    [InlineData(Worked.EndSession, "C 53 FC3 FCB=0 link 1 | 187 end session, cause 6 activation, point 1, record 0")]
    [InlineData(Worked.Identification,
        "C 08 FC8 link 1 | 71 device identification, cause 5 request, point 1, record 0, "
        + "manufacturer 66, serial number 12345678, standard 2002-04")]
    [InlineData(Worked.ReadInstantaneous,
        "C 73 FC3 FCB=1 link 1 | 162 read instantaneous values, cause 5 request, point 1, record 0, objects 192, 193, 194")]
    [InlineData(Worked.Instantaneous,
        "C 08 FC8 link 1 | 163 instantaneous values, cause 5 request, point 1, record 0, "
        + "objects 192 at 2024-07-15 10:15 S, 193 at 2024-07-15 10:15 S, 194 at 2024-07-15 10:15 S")]
    [InlineData(Worked.Events,
        "C 08 FC8 link 1 | 1 events, cause 5 request, point 1, record 52, 2 events, "
        + "2024-07-15 08:30:12.500 S .. 2024-07-20 13:05:07.040 S")]
    [InlineData(Worked.Poll0, "C 5B FC11 FCB=0 link 1 | request class 2 data")]
    [InlineData(Worked.RequestLinkStatus, "C 49 FC9 link 1 | request link status")]
    [InlineData(Worked.AckBufferFull, "C 10 FC0 DFC=1 link 1 | ACK")]
    [InlineData("e5", "E5 single character ACK")]
    public void A_frame_fits_in_one_line(string hex, string line) => FrameDescription.Summarize(Octets.Of(hex)).ShouldBe(line);

    [Fact]
    public void Totals_are_explained_field_by_field()
    {
        Lines(FrameDescription.Explain(Octets.Of(Worked.Hour1)))[..18].ShouldBe([
            "0 [68] start: variable frame",
            "1 [3e 3e] length: L = 62, twice",
            "3 [68] start: again",
            "4 [08] control: FC8 user data, from the meter, ACD = 0, DFC = 0",
            "5 [01 00] link address: 1",
            "7 [0b] type: 11 increments",
            "8 [08] variable structure: N = 8",
            "9 [05] cause: 5 request",
            "10 [01 00] point: 1",
            "12 [0b] record: 11 load curve 1",
            "13 [01 d2 04 00 00 00] object 1: A+, active import: 1234 kWh, good",
            "19 [02 00 00 00 00 00] object 2: A-, active export: 0 kWh, good",
            "25 [03 38 00 00 00 00] object 3: reactive quadrant 1: 56 kvarh, good",
            "31 [04 00 00 00 00 00] object 4: reactive quadrant 2: 0 kvarh, good",
            "37 [05 00 00 00 00 00] object 5: reactive quadrant 3: 0 kvarh, good",
            "43 [06 07 00 00 00 00] object 6: reactive quadrant 4: 7 kvarh, good",
            "49 [07 00 00 00 00 80] object 7: reserve 7: 0, invalid (IV)",
            "55 [08 00 00 00 00 80] object 8: reserve 8: 0, invalid (IV)",
        ]);
        Lines(FrameDescription.Explain(Octets.Of(Worked.Hour1)))[18..].ShouldBe([
            "61 [00 81 2f 07 18] time: 2024-07-15 01:00, summer time, Monday",
            "66 [35] checksum: correct",
            "67 [16] end: ",
        ]);
    }

    [Fact]
    public void Blocks_name_each_total_they_hold()
    {
        var lines = Lines(FrameDescription.Explain(Octets.Of(Worked.Blocks)));
        lines.ShouldContain("13 [0a] block 1: object 10, block of totals 1 to 6");
        lines.ShouldContain("50 [9c 04 00 00 00] block 2, object 1: A+, active import: 1180 kWh, good");
        lines.ShouldContain("75 [09 00 00 00 00] block 2, object 6: reactive quadrant 4: 9 kvarh, good");
        lines.ShouldContain("80 [00 82 2f 07 18] time: 2024-07-15 02:00, summer time, Monday");
    }

    [Fact]
    public void Instantaneous_values_are_explained_with_units_and_senses()
    {
        var lines = Lines(FrameDescription.Explain(Octets.Of(Worked.Instantaneous)));
        lines.ShouldContain("13 [c0] object: 192, instantaneous totals");
        lines.ShouldContain("14 [62 e7 03 00] A+, active import: 255842 kWh");
        lines.ShouldContain("44 [78 00 00 28 00 00 b5 03] powers, total: 120 kW import, 40 kvar in quadrant 1 or 2, power factor 0.949");
        lines.ShouldContain("82 [19 00 00 06 09 00 00] phase I: 2.5 A, 231.0 V");
    }

    [Fact]
    public void Requests_are_explained()
    {
        var totals = Lines(FrameDescription.Explain(Octets.Of(Worked.ReadIncrements)));
        totals.ShouldContain("4 [73] control: FC3 user data, from the master, FCB = 1, FCV = 1");
        totals.ShouldContain("13 [01] first object: 1, A+, active import");
        totals.ShouldContain("14 [08] last object: 8, reserve 8");
        totals.ShouldContain("15 [01 80 2f 07 18] from: 2024-07-15 00:01, summer time, Monday");
        Lines(FrameDescription.Explain(Octets.Of(Worked.ReadBlocks))).ShouldContain("13 [0a] block object: 10, block of totals 1 to 6");
        Lines(FrameDescription.Explain(Octets.Of(Worked.ReadInstantaneous))).ShouldContain("14 [c1] object: 193, powers");
        Lines(FrameDescription.Explain(Octets.Of(Worked.Identification))).ShouldContain("15 [4e 61 bc 00] serial number: 12345678");
        Lines(FrameDescription.Explain(Octets.Of(Worked.SetClock)))
            .ShouldContain("13 [fa 78 0f 0a 7b 03 18] time: 2024-03-27 10:15:30.250, winter time, Wednesday");
    }

    [Fact]
    public void Types_whose_values_are_not_read_here_show_header_and_octets() =>
        Lines(FrameDescription.Explain(Octets.Of(HolidayChange)))[5..].ShouldBe([
            "7 [95] type: 149 change holidays",
            "8 [01] variable structure: N = 1",
            "9 [06] cause: 6 activation",
            "10 [01 00] point: 1",
            "12 [86] record: 134 tariff of contract 1",
            "13 [c5] data: not decoded",
            "14 [5c] checksum: correct",
            "15 [16] end: ",
        ]);

    [Fact]
    public void Every_octet_of_every_frame_is_in_exactly_one_field()
    {
        foreach (var octets in FrameReaderTests.Golden.Append([.. Worked.All.SelectMany(frame => frame)]))
            OctetsOf(FrameDescription.Explain(octets, showSecrets: true)).ShouldBe(Octets.Hex(octets));
    }

    [Fact]
    public void Whatever_is_damaged_or_random_is_explained_to_the_last_octet()
    {
        var random = new Random(9);
        foreach (var frame in Worked.All)
        {
            for (var i = 0; i < 40; i++)
            {
                var octets = frame.ToArray();
                octets[random.Next(octets.Length)] ^= (byte)(1 << random.Next(8));
                octets = i % 2 == 0 ? octets[..random.Next(1, octets.Length)] : [.. octets, .. frame];
                OctetsOf(FrameDescription.Explain(octets, showSecrets: true)).ShouldBe(Octets.Hex(octets));
                FrameDescription.Summarize(octets).ShouldNotBeEmpty();
            }
        }

        for (var i = 0; i < 1_000; i++)
        {
            var octets = new byte[random.Next(1, 300)];
            random.NextBytes(octets);
            octets[0] = i % 2 == 0 ? (byte)0x68 : (byte)0x10;
            OctetsOf(FrameDescription.Explain(octets, showSecrets: true)).ShouldBe(Octets.Hex(octets));
        }
    }

    [Theory]
    [InlineData("68 15 14 68 73 01 00", "the length octets differ: 15 and 14")]
    [InlineData("68 15 15 67 73 01 00", "the second start octet is 67 but should be 68")]
    [InlineData("68 15 15 68 73 01 00 7b 01", "L calls for 27 octets, here are 9")]
    [InlineData("68 08 08 68 73 01 00 7b 01 06 01 00 00 16", "L = 8 is too short: control, address and ASDU header take 9")]
    [InlineData("68 15", "a variable frame begins with 68 L L 68, here are only 2 octets")]
    [InlineData("10 5b 01 00 5d 16", "the checksum is 5d but should be 5c")]
    [InlineData("10 5b 01 00 5c 17", "the end octet is 17 but should be 16")]
    [InlineData("10 5b 01", "a fixed frame has 6 octets, here are 3")]
    [InlineData("68 10 10 68 08 01 00 48 01 05 01 00 00 fa 78 0f 0a 7b 03 18 7a 16", "the checksum is 7a but should be 79")]
    [InlineData("ff ff ff", "no start octet, 10 or 68")]
    public void What_fails_a_check_says_which(string hex, string fault)
    {
        FrameDescription.Explain(Octets.Of(hex))[0].Meaning.ShouldBe(fault);
        FrameDescription.Summarize(Octets.Of(hex)).ShouldBe($"{Octets.Of(hex).Length} octets, {fault}");
    }

    [Fact]
    public void A_frame_with_a_wrong_checksum_is_still_explained() =>
        Lines(FrameDescription.Explain(Octets.Of("68 10 10 68 08 01 00 48 01 05 01 00 00 fa 78 0f 0a 7b 03 18 7a 16")))
            .ShouldContain("13 [fa 78 0f 0a 7b 03 18] time: 2024-03-27 10:15:30.250, winter time, Wednesday");

    [Fact]
    public void Frames_behind_junk_and_behind_damaged_frames_are_explained()
    {
        var lines = Lines(FrameDescription.Explain(Octets.Of($"ff ff {Worked.Poll0} 68 15 15 68 73 {Worked.Ack} 01 04 02")));
        lines[0].ShouldBe("0 [ff ff] junk: no start octet, 10 or 68");
        lines.ShouldContain("3 [5b] control: FC11 request class 2 data, from the master, FCB = 0, FCV = 1");
        lines.ShouldContain("8 [] damaged frame: L calls for 27 octets, here are 5");
        lines.ShouldContain("14 [00] control: FC0 ACK, from the meter, ACD = 0, DFC = 0");
        lines[^1].ShouldStartWith("19 [** ** **] junk");
    }

    [Fact]
    public void Data_that_does_not_fit_its_type_is_called_malformed()
    {
        var asdu = Octets.Of("0b 02 05 01 00 0b 01 d2 04 00 00 00 00 81 2f 07 18");
        AsduDescription.Explain(asdu)[^1].Meaning.ShouldBe("malformed: not the length that type and N call for");
        AsduDescription.Summarize(asdu).ShouldBe("11 increments, cause 5 request, point 1, record 11, malformed, 11 octets of data");
        AsduDescription.Explain(Octets.Of("0b 02 05"))[0].Meaning.ShouldBe("too short for a header of 6 octets");
        AsduDescription.Summarize([]).ShouldBe("0 octets, too few for an ASDU");
    }

    [Fact]
    public void Quality_and_time_tags_are_put_in_words()
    {
        var asdu = Octets.Of("0b 01 05 01 00 0b 01 d2 04 00 00 fe 81 18 ed 0d 18");
        AsduDescription.Explain(asdu)[^2].Meaning.ShouldBe(
            "A+, active import: 1234 kWh, invalid (IV), radical change of date or time (CA), counter overflowed (CY), "
            + "slight change of date or time (VH), parameters changed (MP), intrusion (INT), "
            + "period incomplete through loss of supply (AL)");
        AsduDescription.Explain(asdu)[^1].Meaning.ShouldBe("2024-13-13 24:01, winter time, Sunday, marked invalid, no such date or time");
        AsduDescription.Explain(Octets.Of("0b 00 05 01 00 0b 00 00 00 00 00"))[^1].Meaning.ShouldBe("never");
        ((Quality)0x50).InWords().ShouldBe("radical change of date or time (CA), slight change of date or time (VH)");
    }

    [Theory]
    [InlineData(LoginOfDistinctiveKey)]
    [InlineData("68 0d 0d 68 08 01 00 b7 01 07 01 00 00 d1 c2 b3 a4 b3 16")]
    [InlineData("68 0d 0d 68 73 01 00 b7 01 06 01 00 00 d1 c2 b3 a4 1e 16")]
    [InlineData("68 0d 0d 68 73 01 00 b6 01 06 01 00 00 d1 c2 b3 a4 1d 16")]
    [InlineData("68 0d 0c 68 73 01 00 b7 01 06 01 00 00 d1 c2 b3 a4 1d 16")]
    [InlineData("b7 01 06 01 00 00 d1 c2 b3 a4 1d 16")]
    [InlineData("68 0d 0d 68 73 01 00 b7 01 06 01 00 00 d1 c2 b3 a4")]
    public void A_key_is_never_shown_whatever_became_of_its_frame(string hex)
    {
        var octets = Octets.Of(hex);
        var shown = string.Join('\n', FrameDescription.Explain(octets)) + FrameDescription.Summarize(octets)
            + FrameDescription.ToMaskedHex(octets);
        foreach (var octet in (string[])["d1", "c2", "b3", "a4", "2763244241", "3519198116"])
            shown.ShouldNotContain(octet, Case.Insensitive);
    }

    [Fact]
    public void A_key_of_letters_is_not_taken_for_text_whichever_part_of_a_login_arrives()
    {
        // The key ABCD makes a checksum that is a printable character.
        var login = Octets.Of("68 0d 0d 68 73 01 00 b7 01 06 01 00 00 41 42 43 44 3d 16");
        FrameDescription.IsFrame(login).ShouldBeTrue();
        for (var from = 0; from < login.Length; from++)
        {
            for (var to = from + 1; to <= login.Length; to++)
            {
                if (to - from == login.Length)
                    continue;
                var line = FrameDescription.TraceLine(login.AsSpan(from..to));
                line.ShouldNotContain("ABCD");
                if (from <= 13 && to >= 17)
                    line.ShouldNotContain("41 42 43 44");
            }
        }
    }

    [Theory]
    [InlineData("50 6f 72 74 20 69 6e 20 75 73 65 0d 0a",
        "no valid frame: 13 octets, text \"Port in use\" [50 6f 72 74 20 69 6e 20 75 73 65 0d 0a]")]
    [InlineData("68 65 6c 6c 6f 21", "no valid frame: 6 octets, text \"hello!\" [68 65 6c 6c 6f 21]")]
    [InlineData("41 54 2b 43 50 49 4e 3d 31 32 33 34 0d",
        "no valid frame: 13 octets, no start octet, 10 or 68 [** ** ** ** ** ** ** ** ** ** ** ** **]")]
    [InlineData("10 00 01 00 02 16", "no valid frame: 6 octets, the checksum is 02 but should be 01 [10 00 01 00 02 16]")]
    [InlineData("10 00 01 00 01 16", "C 00 FC0 link 1 | ACK")]
    public void A_line_of_a_trace_shows_octets_that_are_no_valid_frame(string hex, string line) =>
        FrameDescription.TraceLine(Octets.Of(hex)).ShouldBe(line);

    [Fact]
    public void A_login_shows_neither_key_nor_checksum_unless_asked_for()
    {
        FrameDescription.ToMaskedHex(Octets.Of(LoginOfDistinctiveKey)).ShouldBe("68 0d 0d 68 73 01 00 b7 01 06 01 00 00 ** ** ** ** ** 16");
        Lines(FrameDescription.Explain(Octets.Of(LoginOfDistinctiveKey), showSecrets: true))
            .ShouldContain("13 [d1 c2 b3 a4] secret: access key");
    }

    [Theory]
    [InlineData(TypeIdentification.PointParameters, 5, 4)]
    [InlineData(TypeIdentification.Configuration, 18, 20)]
    public void The_key_in_129_and_the_modem_string_in_142_are_hidden_and_nothing_else_but_the_checksum(
        TypeIdentification type, int start, int length)
    {
        var asdu = new byte[Asdu.MaxLength];
        asdu.AsSpan().Fill(0x5A);
        new AsduHeader(type, 1, CauseOfTransmission.Request, 1, 0).Write(asdu);
        var frame = new byte[Frame.MaxLength];
        FrameWriter.WriteVariable(frame, ControlField.OfMeter(SecondaryFunction.UserData), 1, asdu);
        var hidden = FrameDescription.ToMaskedHex(frame).Split(' ').Select((octet, index) => (octet, index))
            .Where(pair => pair.octet == "**").Select(pair => pair.index);
        hidden.ShouldBe([.. Enumerable.Range(7 + AsduHeader.Length + start, length), Frame.MaxLength - 2]);
    }

    private static string OctetsOf(IReadOnlyList<FieldDescription> fields) =>
        string.Join(' ', fields.Select(field => field.Octets).Where(octets => octets.Length > 0));

    private static List<string> Lines(IReadOnlyList<FieldDescription> fields) =>
        fields.Select(field => $"{field.Offset} [{field.Octets}] {field.Field}: {field.Meaning}").ToList();
}
