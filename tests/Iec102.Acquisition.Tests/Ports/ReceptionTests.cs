using Iec102.Acquisition.Ports;
using Iec102.Protocol.Link;
using Iec102.Testing;

namespace Iec102.Acquisition.Tests.Ports;

/// <summary>What a port concludes from octets that are no valid frames of the far end.</summary>
public sealed class ReceptionTests
{
    private const string GoodAck = "10 00 01 00 01 16";

    // The confirmation of a login to link 1, its key 7.
    private const string LoginMirror = "68 0d 0d 68 08 01 00 b7 01 07 01 00 00 07 00 00 00 d0 16";

    private readonly List<string> _pieces = [];
    private readonly Reception _reception;
    private readonly FrameReader _reader;

    public ReceptionTests()
    {
        _reception = new Reception(piece => _pieces.Add(Octets.Hex(piece)));
        _reader = new FrameReader(_reception.OnDropped);
    }

    private void Arrives(ReadOnlySpan<byte> octets)
    {
        _reception.OnOctets(octets);
        while (_reader.TryRead(ref octets, out var frame))
            _reception.OnFrame(frame);
    }

    private void Arrives(string hex) => Arrives(Octets.Of(hex));

    private void Pauses()
    {
        _reader.Restart();
        _reception.EndPiece();
    }

    [Fact]
    public void Nothing_is_silence()
    {
        Pauses();
        (_reception.Fault, _reception.Remark()).ShouldBe((LineFault.Silent, ""));
        _pieces.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\r\nBUSY\r\n", "BUSY")]
    [InlineData("Port already in use\r\n", "Port already in use")]
    [InlineData("hello, who are you?\r\n> ", "hello, who are you? >")]
    [InlineData("a \"quoted\" word", "a 'quoted' word")]
    [InlineData("This converter greets everybody with a sentence that never wants to come to its end at all",
        "This converter greets everybody with a sentence that never w...")]
    public void Text_is_quoted_whatever_pieces_it_comes_in(string sent, string quoted)
    {
        foreach (var letter in sent)
            Arrives([(byte)letter]);
        Pauses();
        (_reception.Fault, _reception.Remark()).ShouldBe((LineFault.Text, $"; the far end sent the text \"{quoted}\""));
        _pieces.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_modem_that_says_so_in_the_middle_of_a_frame_has_no_carrier()
    {
        Arrives("68 30 30 68 08 01 00 b7");
        Arrives("\r\nNO CARRIER\r\n"u8);
        _reception.HasNoCarrier.ShouldBeFalse();
        Pauses();
        _reception.HasNoCarrier.ShouldBeTrue();
        _reception.Text.ShouldBe("NO CARRIER");

        Arrives(GoodAck);
        (_reception.HasNoCarrier, _reception.Fault).ShouldBe((false, LineFault.Silent));
    }

    [Fact]
    public void A_damaged_answer_is_one_piece_and_said_to_be_damaged()
    {
        var damaged = LoginMirror.Replace("d0 16", "d1 16");
        Arrives(damaged);
        Pauses();
        Arrives(damaged);
        Pauses();

        _pieces.ShouldBe([damaged, damaged]);
        (_reception.Fault, _reception.Remark()).ShouldBe((
            LineFault.Damaged,
            "; what came was damaged: check speed and parity of the line and of its converter, the wiring, and whether another "
            + "program or master uses the line"));
        Arrives(GoodAck);
        _reception.Fault.ShouldBe(LineFault.Silent);
    }

    [Fact]
    public void Seven_data_bits_are_named_when_no_octet_of_many_had_bit_7()
    {
        byte[] stripped = [.. Octets.Of(LoginMirror).Select(octet => (byte)(octet & 0x7F))];
        stripped[^3] ^= 1;
        Arrives(stripped);
        Arrives(stripped);
        Pauses();
        _reception.Remark().ShouldBe(
            "; what came was damaged: all octets have bit 7 = 0, so the line or its converter is set to 7 data bits: set it to 8 "
            + "data bits");

        Arrives("80");
        _reception.HasSevenBits.ShouldBeFalse();
        _reception.LineOpened();
        Arrives(GoodAck);
        _reception.HasSevenBits.ShouldBeFalse();
    }

    [Fact]
    public void Software_flow_control_is_named_when_its_octets_never_arrive_among_many()
    {
        // Answers from which a converter has taken 0x11 and 0x13 are too short for their length.
        for (var answer = 0; answer < 30; answer++)
        {
            Arrives(LoginMirror[..^3]);
            Pauses();
        }

        _reception.Remark().ShouldContain("the octets 0x11 and 0x13 never arrive, so switch off software flow control (XON/XOFF)");
        Arrives("13");
        _reception.Remark().ShouldContain("check speed and parity");
    }

    [Fact]
    public void Our_own_frames_that_come_back_are_an_echo_and_no_frame_of_the_far_end()
    {
        Arrives("10 49 01 00 4a 16");
        Arrives("10 49 01 00 4a 16");
        (_reception.Fault, _reception.FarEndFrames).ShouldBe((LineFault.Echo, 0));

        // Each run tells its own story, but a text stays until a valid frame follows.
        Arrives("\r\nERROR\r\n"u8);
        Pauses();
        _reception.RunBegins();
        (_reception.Fault, _reception.FarEndFrames).ShouldBe((LineFault.Text, 0));
        Arrives(GoodAck);
        (_reception.Fault, _reception.FarEndFrames).ShouldBe((LineFault.Silent, 1));
    }

    [Fact]
    public void A_single_octet_proves_nothing()
    {
        Pauses();
        Arrives("e5");
        _reception.FarEndFrames.ShouldBe(0);
    }
}
