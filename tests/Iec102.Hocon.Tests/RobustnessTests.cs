using System.Text;
using FsCheck;
using FsCheck.Xunit;

namespace Iec102.Hocon.Tests;

/// <summary>Any text gives a tree or a <see cref="HoconException"/>: never another exception, never an endless loop.</summary>
public class RobustnessTests
{
    private const string Valid = """"
        include "sub.conf"
        base { x = 1, "y.z" = [1, 2, {a : b}] } # comment
        copy = ${base} { x = ${base.x}0, w = ${?HOME} } // other
        list = [a b, "q\u0041\n", 10s, null
          true]
        list += ${copy.x}
        deep.path."to a".value = """three
        lines"""
        self = ${?self} [${list}]
        """";

    private static readonly string[] Fragments =
    [
        "a", "b", ".", " ", "\n", ",", "=", ":", "+=", "{", "}", "[", "]", "\"", "\"\"\"", "\\", "\\u00", "${", "${?", "${a}", "${?b.a}",
        "#", "//", "include ", "include \"sub.conf\"", "required(", ")", "null", "1", "\uFEFF", "\0", "é", "\ud800",
    ];

    [Property(MaxTest = 2000)]
    public void Arbitrary_text_parses_or_fails_with_a_place(string? text) => ParsesOrFails(text ?? "");

    [Property(MaxTest = 5000)]
    public void Arbitrary_fragments_of_hocon_parse_or_fail_with_a_place(int[] choices) =>
        ParsesOrFails(string.Concat(choices.Select(choice => Fragments[(int)((uint)choice % Fragments.Length)])));

    [Property(MaxTest = 5000)]
    public void Mutated_valid_text_parses_or_fails_with_a_place(NonNegativeInt at, NonNegativeInt removed, int inserted, PositiveInt again)
    {
        var text = new StringBuilder(Valid);
        for (var i = 0; i < 1 + (again.Get % 3); i++)
        {
            var from = (at.Get + (i * removed.Get * 31)) % text.Length;
            text.Remove(from, Math.Min(removed.Get % 8, text.Length - from));
            text.Insert(from, Fragments[(int)((uint)(inserted + i) % Fragments.Length)]);
        }

        ParsesOrFails(text.ToString());
    }

    [Fact]
    public void Every_truncation_of_a_valid_text_parses_or_fails_with_a_place()
    {
        for (var length = 0; length <= Valid.Length; length++)
            ParsesOrFails(Valid[..length]);
        Read.Text(Valid, files: new() { ["/etc/sub.conf"] = "s = 1" }).At("copy.x").Shape().ShouldBe("10");
    }

    [Theory]
    [InlineData("[", "a = ")]
    [InlineData("{ a = ", "a = ")]
    [InlineData("a.", "")]
    [InlineData("[{a.b.c = ", "a = ")]
    public void Nesting_without_end_is_an_error_even_on_a_small_stack(string opening, string before)
    {
        HoconException? error = null;
        var text = before + string.Concat(Enumerable.Repeat(opening, 100_000));
        var thread = new Thread(() => error = Read.Error(text + "x = 1"), maxStackSize: 512 * 1024);
        thread.Start();
        thread.Join();
        error!.Sentence.ShouldContain("nested deeper than");
    }

    [Theory]
    [InlineData("a = ${?x}\n")]
    [InlineData("a = ${a}1\n")]
    [InlineData("a = ${b} { x = ${?a.x}1 }\n")]
    public void A_key_assigned_without_end_parses_or_fails_even_on_a_small_stack(string line)
    {
        var text = "b { y = 1 }\na = 0\n" + string.Concat(Enumerable.Repeat(line, 20_000));
        var thread = new Thread(() => ParsesOrFails(text), maxStackSize: 512 * 1024);
        thread.Start();
        thread.Join();
    }

    [Fact]
    public void A_list_grows_by_as_many_lines_as_one_likes() =>
        Read.Text(string.Concat(Enumerable.Repeat("a += 1\n", 20_000))).At("a").ShouldBeOfType<HoconList>().Items.Count.ShouldBe(20_000);

    private static void ParsesOrFails(string text)
    {
        try
        {
            Read.Text(text, files: new() { ["/etc/sub.conf"] = "s = 1, include \"main.conf\"" });
        }
        catch (HoconException e)
        {
            e.File.ShouldNotBeEmpty();
            e.Line.ShouldBeInRange(1, 1 + text.Count(c => c == '\n'));
            e.Column.ShouldBeGreaterThan(0);
            e.Sentence.ShouldEndWith(".");
        }
    }
}
