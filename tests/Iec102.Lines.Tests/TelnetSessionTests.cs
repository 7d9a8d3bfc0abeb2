using Iec102.Lines.Telnet;

namespace Iec102.Lines.Tests;

/// <summary>The octets are those of RFC 854, 856, 858 and 2217, written out.</summary>
public class TelnetSessionTests
{
    private const string Agreed = "FFFD00 FFFB00 FFFD03 FFFB03";

    private static readonly LineFormat Format = new(9600, 8, Parity.Even, 1);

    [Fact]
    public void Binary_transmission_and_no_go_ahead_are_asked_for_both_ways()
    {
        var session = new TelnetSession(format: null);

        Hex(session.TakeReplies()).ShouldBe("FFFB00 FFFD00 FFFB03 FFFD03".Replace(" ", ""));
        session.IsReady.ShouldBeFalse();
        Receive(session, Agreed).ShouldBe("");
        session.IsReady.ShouldBeTrue();
        Hex(session.TakeReplies()).ShouldBe("", "an agreement is not acknowledged again");
    }

    [Theory]
    [InlineData("9600-8E1", "01 00002580", "02 08", "03 03", "04 01")]
    [InlineData("115200-7O2", "01 0001C200", "02 07", "03 02", "04 02")]
    [InlineData("65281-8N1", "01 0000FFFF01", "02 08", "03 01", "04 01")]
    public void The_line_is_set_once_the_converter_speaks_Rfc_2217(string format, params string[] settings)
    {
        var session = new TelnetSession(LinePair.Format(format));
        Hex(session.TakeReplies()).ShouldEndWith("FFFB2C");

        Receive(session, Agreed + "FFFD2C");

        // No flow control, DTR and RTS on, then the format; 0xFF within a value is doubled.
        Hex(session.TakeReplies()).ShouldBe(
            string.Concat(((string[])["05 01", "05 08", "05 0B", .. settings]).Select(setting => $"FFFA2C{setting}FFF0")).Replace(" ", ""));
        session.IsReady.ShouldBeFalse("nothing is confirmed yet");
    }

    [Fact]
    public void The_line_is_ready_when_the_four_settings_are_confirmed()
    {
        var session = new TelnetSession(Format);
        Receive(session, Agreed + "FFFD2C FFFA2C 65 00002580 FFF0 FFFA2C 66 08 FFF0 FFFA2C 67 03 FFF0");
        session.IsReady.ShouldBeFalse();
        session.Unanswered.ShouldBe("has not confirmed the stop bits: check its settings");

        Receive(session, "FFFA2C 68 01 FFF0");

        session.IsReady.ShouldBeTrue();
    }

    [Theory]
    [InlineData("65 00002580", "66 08", "67 01", "68 01", "the parity even (it keeps none)")]
    [InlineData("65 00004B00", "66 07", "67 03", "68 03",
        "the speed 9600 (it keeps 19200), the data bits 8 (it keeps 7), the stop bits 1 (it keeps 1.5)")]
    [InlineData("69 02 FFF0 FFFA2C 65 00002580", "66 08", "67 03", "68 01", "the flow control none (it keeps XON/XOFF)")]
    public void What_the_converter_keeps_otherwise_is_named(string speed, string data, string parity, string stop, string refused)
    {
        var session = new TelnetSession(Format);

        Receive(session, Agreed + "FFFD2C" + string.Concat(((string[])[speed, data, parity, stop]).Select(value => $"FFFA2C{value}FFF0")));

        session.IsReady.ShouldBeFalse();
        session.Failure.ShouldBe(
            $"does not take {refused}: correct line, or write telnet:// and set its serial line by its own means");
    }

    [Theory]
    [InlineData("FFFE00", "refuses binary transmission (Telnet)")]
    [InlineData("FFFC00", "refuses binary transmission (Telnet)")]
    [InlineData(Agreed + "FFFE2C", "speaks Telnet but not RFC 2217: write telnet:// in place of rfc2217://")]
    [InlineData(Agreed + "FFFE00", "refuses binary transmission (Telnet)")]
    public void What_is_needed_and_refused_is_one_sentence(string answers, string failure)
    {
        var session = new TelnetSession(Format);

        Receive(session, answers);

        session.Failure.ShouldNotBeNull().ShouldStartWith(failure);
    }

    [Theory]
    [InlineData("FFFD01", "FFFC01")]
    [InlineData("FFFB01", "FFFE01")]
    [InlineData("FFFD18 FFFD1F", "FFFC18 FFFC1F")]
    [InlineData("FFFD2C", "FFFC2C")]
    [InlineData("FFFE01 FFFC01", "")]
    [InlineData("FFFD00 FFFB00", "")]
    [InlineData("FFFE03 FFFC03", "FFFC03 FFFE03")]
    [InlineData("FFF1 FFF6 FFF9 FFF0", "")]
    public void Other_options_are_declined_and_no_agreement_is_repeated(string received, string replies)
    {
        var session = Agree(format: null);

        Receive(session, received).ShouldBe("");

        Hex(session.TakeReplies()).ShouldBe(replies.Replace(" ", ""));
        session.IsReady.ShouldBeTrue();
    }

    [Fact]
    public void Data_and_commands_are_told_apart_at_any_split()
    {
        var stream = Convert.FromHexString(
            (Agreed + "FFFD2C FFFA2C 65 00002580 FFF0 10 FFFF 49 FFFA2C 67 FFFF FFF0 FFFA2C 66 08 FFF0 FFFD01 16 FFFFFFFF FFFA2C 67 03 FFF0"
                + "FFFA2C 6B 05 FFF0 FFF1 68 FFFA2C 68 01 FFF0 E5").Replace(" ", ""));
        for (var first = 0; first <= stream.Length; first++)
        {
            for (var second = first; second <= stream.Length; second++)
            {
                var session = new TelnetSession(Format);
                var offers = session.TakeReplies().Length;
                var data = Hex(Receive(session, stream[..first])) + Hex(Receive(session, stream[first..second]))
                    + Hex(Receive(session, stream[second..]));

                var split = $"split at {first} and {second}";
                data.ShouldBe("10FF4916FFFF68E5", split);
                session.IsReady.ShouldBeTrue(split);
                Hex(session.TakeReplies()).ShouldEndWith("FFFA2C0401FFF0" + "FFFC01", Case.Sensitive, split);
                offers.ShouldBe(15);
            }
        }
    }

    [Fact]
    public void A_subnegotiation_without_end_is_not_kept()
    {
        var session = Agree(Format);

        Receive(session, "FFFA2C" + string.Concat(Enumerable.Repeat("41", 255)));
        session.Failure.ShouldBeNull();
        Receive(session, "41");

        session.Failure.ShouldBe("sends a Telnet subnegotiation of more than 256 octets: check that it is a serial converter");
    }

    [Fact]
    public void A_negotiation_without_end_is_ended()
    {
        var session = Agree(format: null);

        for (var command = 0; command < 1000; command++)
            Receive(session, "FFFD01");
        session.Failure.ShouldBeNull();
        Receive(session, "FFFD01");

        session.Failure.ShouldBe("negotiates Telnet options without end: check that it is a serial converter");
        session.TakeReplies().Length.ShouldBe(3000);
    }

    private static TelnetSession Agree(LineFormat? format)
    {
        var session = new TelnetSession(format);
        Receive(session, Agreed);
        session.TakeReplies();
        return session;
    }

    private static string Receive(TelnetSession session, string octets) =>
        Hex(Receive(session, Convert.FromHexString(octets.Replace(" ", ""))));

    private static byte[] Receive(TelnetSession session, byte[] octets)
    {
        var buffer = octets.ToArray();
        return buffer[..session.Receive(buffer)];
    }

    private static string Hex(byte[] octets) => Convert.ToHexString(octets);
}
