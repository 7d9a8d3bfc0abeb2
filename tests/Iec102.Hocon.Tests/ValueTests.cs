using FsCheck;
using FsCheck.Xunit;

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
    public void Durations_are_read(string text, double milliseconds) => Read.Text($"a = {text}").GetTimeSpan("a").TotalMilliseconds.ShouldBe(milliseconds, 1e-9);

    [Theory]
    [InlineData("512", 512)]
    [InlineData("1kB", 1000)]
    [InlineData("64 KiB", 65_536)]
    [InlineData("1.5M", 1_572_864)]
    [InlineData("7E", 8_070_450_532_247_928_832)]
    public void Sizes_are_read(string text, long bytes) => Read.Text($"a = {text}").GetByteSize("a").ShouldBe(bytes);

    [Theory]
    [InlineData("fast")]
    [InlineData("3 weeks")]
    [InlineData("s")]
    [InlineData("1.2.3s")]
    [InlineData("99999999999d")]
    [InlineData("99999999999999999999999999999999d")]
    public void What_is_no_duration_is_an_error(string text) =>
        Read.Fail(() => Read.Text($"a.b = {text}").GetTimeSpan("a.b")).Sentence.ShouldBe($"a.b: '{text}' is not a duration such as 500ms, 3s, 2m, 1h or 30d.");

    [Fact]
    public void Simple_values_are_read()
    {
        var root = Read.Text("s = \"t\", i = -7, l = 4294967295, d = 1.5e3, yes = on, no = false, list = [a, 1], o { x = 1 }, nothing = null");
        root.GetString("s").ShouldBe("t");
        root.GetInt32("i").ShouldBe(-7);
        root.GetInt64("l").ShouldBe(uint.MaxValue);
        root.GetDouble("d").ShouldBe(1500);
        root.GetBoolean("yes").ShouldBeTrue();
        root.GetBoolean("no").ShouldBeFalse();
        root.GetStringList("list").ShouldBe(["a", "1"]);
        root.GetObject("o").GetInt32("x").ShouldBe(1);
        root.GetInt32("o.none", 5).ShouldBe(5);
        root.GetString("nothing", "default").ShouldBe("default");
        root.Has("nothing").ShouldBeFalse();
        root.Has("o.x").ShouldBeTrue();
        root.Find("s.deeper").ShouldBeNull();
    }

    [Fact]
    public void A_getter_that_fails_names_place_path_and_reason()
    {
        var root = Read.Text("ports.a.timing {\n  retries = x\n}\nlist = [1, [2]]");
        Read.Fail(() => root.GetInt32("ports.a.timing.retries")).Message.ShouldBe("/etc/main.conf:2:13: ports.a.timing.retries: 'x' is not a whole number.");
        Read.Fail(() => root.GetInt64("ports.a.timing.retries")).Sentence.ShouldContain("is not a whole number");
        Read.Fail(() => root.GetDouble("ports.a.timing.retries")).Sentence.ShouldContain("is not a number");
        Read.Fail(() => root.GetBoolean("ports.a.timing.retries")).Sentence.ShouldContain("is neither true nor false");
        Read.Fail(() => root.GetByteSize("ports.a.timing.retries")).Sentence.ShouldContain("is not a size");
        Read.Fail(() => root.GetString("ports.a")).Sentence.ShouldBe("ports.a: a single value was expected here, but this is an object.");
        Read.Fail(() => root.GetObject("list")).Sentence.ShouldBe("list: an object was expected here, but this is a list.");
        Read.Fail(() => root.GetStringList("list")).Message.ShouldBe("/etc/main.conf:4:12: list: a list of single values was expected here, but this is a list.");
        Read.Fail(() => root.GetObject("ports.a").GetString("none")).Message.ShouldBe("/etc/main.conf:1:1: none is missing.");
    }

    [Fact]
    public void A_fallback_fills_what_is_not_there()
    {
        var merged = Read.Text("a { x = 1, o = 5 }, l = [1]").WithFallback(Read.Text("a { x = 2, y = 2, o { z = 1 } }, l = [2], b = 3"));
        merged.Shape().ShouldBe("{a:{x:1,y:2,o:5},l:[1],b:3}");
        HoconObject.Empty.WithFallback(merged).Shape().ShouldBe(merged.Shape());
    }

    [Property]
    public bool A_joined_path_splits_into_the_same_keys(NonEmptyArray<string?> keys)
    {
        var path = keys.Get.Select(key => key ?? "").ToArray();
        return HoconPath.Split(HoconPath.Join(path)).SequenceEqual(path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("a.")]
    [InlineData("a.\"b")]
    [InlineData("a=b")]
    public void A_path_that_is_none_is_a_programming_error(string path) => Should.Throw<ArgumentException>(() => HoconObject.Empty.Find(path));
}
