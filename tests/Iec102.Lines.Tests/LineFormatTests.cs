using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Iec102.Lines.Tests;

[Properties(Arbitrary = [typeof(LineFormatTests)])]
public class LineFormatTests
{
    public static Arbitrary<LineFormat> Valid() => Arb.From(
        from baud in Gen.Choose(300, 115200)
        from data in Gen.Elements(7, 8)
        from parity in Gen.Elements(Parity.None, Parity.Even, Parity.Odd)
        from stop in Gen.Elements(1, 2)
        select new LineFormat(baud, data, parity, stop));

    [Property]
    public bool What_is_printed_is_read_back(LineFormat format) =>
        LineFormat.TryParse(format.ToString(), out var read) && read == format;

    [Property]
    public bool A_small_parity_letter_reads_like_a_capital(LineFormat format) =>
        LineFormat.TryParse(format.ToString().ToLowerInvariant(), out var read) && read == format;

    [Property]
    public bool Only_what_would_be_printed_is_read(string text) =>
        !LineFormat.TryParse(text, out var read) || read.ToString().Equals(text, StringComparison.OrdinalIgnoreCase);

    [Property]
    public bool Any_change_of_one_character_is_refused_or_read_as_printed(LineFormat format, PositiveInt at, char put)
    {
        var text = format.ToString().ToCharArray();
        text[at.Get % text.Length] = put;
        return Only_what_would_be_printed_is_read(new string(text));
    }

    [Fact]
    public void The_parts_stand_in_the_customary_order()
    {
        LineFormat.TryParse("9600-8E1", out var format).ShouldBeTrue();
        format.ShouldBe(new LineFormat(Baud: 9600, DataBits: 8, Parity.Even, StopBits: 1));
        LineFormat.TryParse("14400-7O2", out format).ShouldBeTrue();
        format.ShouldBe(new LineFormat(Baud: 14400, DataBits: 7, Parity.Odd, StopBits: 2));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("9600")]
    [InlineData("9600 8E1")]
    [InlineData("9600-8E1 ")]
    [InlineData("9600-8E1\n")]
    [InlineData("299-8E1")]
    [InlineData("115201-8E1")]
    [InlineData("9600-6E1")]
    [InlineData("9600-9E1")]
    [InlineData("9600-8M1")]
    [InlineData("9600-8E0")]
    [InlineData("9600-8E3")]
    [InlineData("+9600-8E1")]
    [InlineData("09600-8E1")]
    [InlineData("99999999999-8E1")]
    [InlineData("٩٦٠٠-8E1")]
    public void Other_texts_are_no_line_format(string? text)
    {
        LineFormat.TryParse(text, out var format).ShouldBeFalse();
        format.IsValid.ShouldBeFalse();
    }

    [Theory]
    [InlineData("9600-8E1", 11, 1145.8, 3437.5)]
    [InlineData("9600-8N1", 10, 1041.6, 3437.5)]
    [InlineData("300-7E2", 11, 36666.6, 110000)]
    [InlineData("115200-8N1", 10, 86.8, 286.4)]
    public void Character_and_idle_times_follow_from_the_format(
        string text, int bits, double characterMicroseconds, double idleMicroseconds)
    {
        var format = LinePair.Format(text);
        format.BitsPerCharacter.ShouldBe(bits);
        format.CharacterTime.TotalMicroseconds.ShouldBe(characterMicroseconds, tolerance: 0.1);
        format.IdleTime.TotalMicroseconds.ShouldBe(idleMicroseconds, tolerance: 0.1);
    }
}
