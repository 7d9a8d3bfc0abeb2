namespace Iec102.Hocon.Tests;

public class ValueTests
{
    [Theory]
    [InlineData("100", 100.0)]
    [InlineData("250us", 0.25)]
    [InlineData("100 ns", 0.0001)]
    [InlineData("5 ms", 5)]
    [InlineData("2.5s", 2500)]
    [InlineData("-1 second", -1000)]
    [InlineData("2m", 120_000)]
    [InlineData("3 minutes", 180_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("180d", 15_552_000_000)]
    public void Durations_are_read(string text, double milliseconds)
    {
        HoconDuration.TryParse(text, out var duration).ShouldBeTrue();
        duration.TotalMilliseconds.ShouldBe(milliseconds, 1e-9);
    }

    [Theory]
    [InlineData("")]
    [InlineData("fast")]
    [InlineData("3 weeks")]
    [InlineData("s")]
    [InlineData("1.2.3s")]
    [InlineData("99999999999d")]
    [InlineData("99999999999999999999999999999999d")]
    public void What_is_no_duration_is_refused(string text) => HoconDuration.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("a = null", true)]
    [InlineData("a = \"null\"", false)]
    [InlineData("a = nulls", false)]
    public void Only_the_bare_word_null_stands_for_no_value(string text, bool isNull) =>
        Read.Text(text).At("a").ShouldBeOfType<HoconScalar>().IsNull.ShouldBe(isNull);

    [Theory]
    [InlineData("ports.com-1.tcp", "ports", "com-1", "tcp")]
    [InlineData("a.\"b.c\".\"\"", "a", "b.c", "")]
    [InlineData("\"say \\\"a\\\"\\u000a\"", "say \"a\"\n")]
    public void A_path_quotes_the_keys_that_could_be_misread(string path, params string[] keys) => HoconPath.Join(keys).ShouldBe(path);
}
