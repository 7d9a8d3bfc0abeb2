using Iec102.Protocol.Description;
using Iec102.Protocol.Link;
using Iec102.Testing;

namespace Iec102.Protocol.Tests;

/// <summary>Events, tariffs, contracts and configuration in the words in which they are explained to people.</summary>
public class ParameterDescriptionTests
{
    [Theory]
    [InlineData(Worked.ReadEvents,
        "102 read events in range, cause 6 activation, point 1, record 52, 2024-07-01 00:00 S .. 2024-08-01 00:00 S")]
    [InlineData(Worked.StoredTariff,
        "136 stored tariff, cause 5 request, point 1, record 134, object 20, 2024-07-01 00:00 S .. 2024-08-01 00:00 S")]
    [InlineData(Worked.ReadFurtherConfiguration, "156 read further configuration, cause 5 request, point 1, record 0, objects 195, 196")]
    [InlineData(Worked.ReadContractObject, "150 read contract objects, cause 5 request, point 1, record 134, objects 197")]
    public void A_frame_fits_in_one_line(string frame, string line) =>
        AsduDescription.Summarize(Octets.AsduOf(frame).Octets).ShouldBe(line);

    [Theory]
    [InlineData("01 01 05 01 00 34 12 c7 f4 31 1e 88 2f 07 18", "2024-07-15 08:30:12.500 S, event 18/99 (SPI 1)")]
    [InlineData("01 00 05 01 00 34", "no events")]
    [InlineData("83 01 05 01 00 00 00 02 ff 03 18 00 83 fb 0a 18", "summer from 2024-03-31 02:00 W, winter from 2024-10-27 03:00 S")]
    [InlineData("91 02 05 01 00 86 15 e8 03 00 00 16 d0 07 00 00 00 80 21 07 18", "powers 1000/2000 kW, 2024-07-01 00:00 S")]
    [InlineData("94 01 05 01 00 86 00 00 01 01 63", "1 date")]
    [InlineData("97 03 05 01 00 86 c5 03 02 01 00 80 21 07 18 c3 01 02 03 c4 05",
        "current periods 3/2/1 at 2024-07-01 00:00 S, 2 objects from 195 on not decoded")]
    [InlineData($"97 01 05 01 00 86 {ParameterTests.Seasons}", "2 seasons and 2 day types")]
    [InlineData("9d 02 05 01 00 00 c0 61 ca 01", "battery 97 %, 1 object from 202 on not decoded")]
    [InlineData("94 02 05 01 00 86 00 00 01 01 63", "malformed, 5 octets of data")]
    [InlineData("66 00 06 01 00 34 00 80 21 07 18", "malformed, 5 octets of data")]
    public void Data_in_a_few_words(string asdu, string words) =>
        AsduDescription.Summarize(Octets.Of(asdu)).ShouldEndWith($"point 1, record {Octets.Of(asdu)[5]}, {words}");

    [Fact]
    public void Events_show_their_numbers_and_their_text() =>
        Lines(Octets.AsduOf(Worked.Events).Octets)[5..].ShouldBe([
            "6 [01 04] event 1: 1/2 (SPI 0), start after a power cut, data and clock kept",
            "8 [f4 31 1e 88 2f 07 18] time: 2024-07-15 08:30:12.500, summer time, Monday",
            "15 [03 05] event 2: 3/2 (SPI 1), measuring voltage missing on phase II, begins",
            "17 [28 1c 05 8d d4 07 18] time: 2024-07-20 13:05:07.040, summer time, Saturday",
        ]);

    [Fact]
    public void Tariff_information_is_explained_with_units_and_quality() =>
        Lines(Octets.AsduOf(Worked.StoredTariff).Octets)[5..].ShouldBe([
            "6 [14] object: 20, total of all periods",
            "7 [a0 86 01 00 88 13 00 00 00] active energy: 100000 kWh, in the period 5000 kWh, good",
            "16 [20 4e 00 00 20 03 00 00 00] inductive energy: 20000 kvarh, in the period 800 kvarh, good",
            "25 [2c 01 00 00 0c 00 00 00 00] capacitive energy: 300 kvarh, in the period 12 kvarh, good",
            "34 [00 00 00 00 80] reserve 7: 0, invalid (IV)",
            "39 [00 00 00 00 80] reserve 8: 0, invalid (IV)",
            "44 [54 00 00 00 00 8c 92 07 18 00] maximum demand: 84 kW, good, at 2024-07-18 12:00, summer time, Thursday",
            "54 [00 00 00 00 00] excess: 0 kW, good",
            "59 [00 80 21 07 18] from: 2024-07-01 00:00, summer time, Monday",
            "64 [00 80 81 08 18] to: 2024-08-01 00:00, summer time, Thursday",
        ]);

    [Fact]
    public void Contract_data_is_explained()
    {
        var lines = Lines(Octets.Of($"97 03 05 01 00 86 {ParameterTests.Seasons} c5 03 02 01 00 80 21 07 18 c3 01 02"));
        lines.ShouldContain("6 [c1] object: 193, seasons");
        lines.ShouldContain("7 [01] sense: 1 import");
        lines.ShouldContain("8 [02] type of seasons: 2 annual");
        lines.ShouldContain("10 [00 00 01 01 63 21] season 1: from 01.01. of every year, working days of type 1, holidays of type 2");
        lines.ShouldContain(
            "23 [66 66 66 66 12 33 33 33 33 33 33 33] day type 1: periods by hour 6 6 6 6 6 6 6 6 2 1 3 3 3 3 3 3 3 3 3 3 3 3 3 3");
        lines.ShouldContain("52 [c5] object: 197, current periods");
        lines.ShouldContain("54 [02] contract II: period 2");
        lines[^1].ShouldBe("61 [c3 01 02] objects: 1 object from 195 on, monthly bill, not decoded");
        Lines(Octets.Of("91 01 05 01 00 86 15 e8 03 00 00 00 80 21 07 18"))
            .ShouldContain("6 [15 e8 03 00 00] object 21: period 1: 1000 kW");
        Lines(Octets.AsduOf(Worked.ReadContractObject).Octets).ShouldContain("6 [c5] object: 197, current periods");
    }

    [Fact]
    public void Further_configuration_is_explained()
    {
        var lines = Lines(Octets.Of($"9d 0a 05 01 00 00 {ParameterTests.FurtherObjects}"));
        lines.ShouldContain("6 [c0 61] object 192: battery: 97 %");
        lines.ShouldContain("8 [c1 02] object 193: automatic clock change: yes");
        lines.ShouldContain("12 [c3 02 01] object 195: alarms on: critical yes, non-critical no");
        lines.ShouldContain("15 [c4 01 02 01] object 196: voltage faults: phase I no, II yes, III no");
        lines.ShouldContain(
            "22 [c6 e0 c8 10 00 4c 04 00 00 d0 07 00 00 32 00 00 00] object 198: transformer ratios: 110000.0 / 110.0 V, 200.0 / 5.0 A");
        lines.ShouldContain("39 [c7 02] object 199: clock reference: quartz");
        lines.ShouldContain(line => line.EndsWith("object 200: program identification: PROGRAM 1", StringComparison.Ordinal));
        Lines(Octets.AsduOf(Worked.ReadFurtherConfiguration).Octets).ShouldContain("7 [c4] object: 196, voltage faults");
    }

    [Fact]
    public void A_registrar_is_explained_without_its_modem_string()
    {
        var octets = ParameterTests.Full(142, ParameterTests.Configuration);
        var lines = Lines(octets);
        lines.ShouldContain("7 [5a 58] model: ZX");
        lines.ShouldContain("10 [4e 61 bc 00] serial number: 12345678");
        lines.ShouldContain("21 [06 08] port 1: 9600 baud, 8E1");
        lines.ShouldContain("44 [0c 07] port 2: 115200 baud, 8N1");
        lines.ShouldContain("46 [ff 0d] optical port: another speed, line code 13");
        lines.ShouldContain("65 [0f] integration period 2: 15 min");
        lines.ShouldContain("67 [06] contracts: I active, II inactive, III none");
        lines.ShouldContain($"24 [{string.Join(' ', Enumerable.Repeat("**", 20))}] secret: modem initialisation string");
        AsduDescription.Summarize(octets).ShouldEndWith("manufacturer 7, model ZX, serial number 12345678, periods 60/15/0 min, modem **");
        string.Join('\n', lines).ShouldNotContain("4711");
    }

    [Theory]
    [InlineData(252)]
    [InlineData(200)]
    [InlineData(13)]
    public void The_access_key_of_a_point_is_never_shown_even_when_octets_are_missing(int length)
    {
        var octets = ParameterTests.Full(129, "58 1b 02 03 00 d1 c2 b3 a4 3c 5a 00")[..length];
        var shown = string.Join('\n', Lines(octets)) + '\n' + AsduDescription.Summarize(octets);
        foreach (var secret in (string[])["d1", "c2", "b3", "a4", "2763244241"])
            shown.ShouldNotContain(secret);
        shown.ShouldContain("**");
    }

    [Fact]
    public void A_damaged_frame_with_a_key_does_not_say_the_right_checksum()
    {
        var frame = new byte[Frame.MaxLength];
        FrameWriter.WriteVariable(
            frame, ControlField.OfMeter(SecondaryFunction.UserData), 1, ParameterTests.Full(129, "58 1b 02 03 00 d1 c2 b3 a4 3c 5a 00"));
        frame[^2]++;
        var shown = string.Join('\n', FrameDescription.Explain(frame)) + FrameDescription.Summarize(frame)
            + FrameDescription.ToMaskedHex(frame);
        shown.ShouldContain("the checksum is wrong");
        foreach (var secret in (string[])["d1", "c2", "b3", "a4"])
            shown.ShouldNotContain(secret);
    }

    private static List<string> Lines(ReadOnlySpan<byte> asdu) =>
        AsduDescription.Explain(asdu).Select(field => $"{field.Offset} [{field.Octets}] {field.Field}: {field.Meaning}").ToList();
}
