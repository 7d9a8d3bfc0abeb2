using Akka.Configuration;

namespace Akka.Embedded.Tests;

/// <summary>Settings are read by path, with defaults and fallbacks.</summary>
public sealed class ConfigTests
{
    private static readonly Config Sample = ConfigurationFactory.ParseString("""
        a {
          text = "hello"
          number = 42
          ratio = 0.5
          flag = on
          time = 1500ms
          forever = infinite
          list = [x, y]
          inner.deep = ${a.text}
        }
        """);

    [Fact]
    public void Values_are_read_by_path_as_their_type()
    {
        Sample.GetString("a.text").ShouldBe("hello");
        Sample.GetInt("a.number").ShouldBe(42);
        Sample.GetLong("a.number").ShouldBe(42);
        Sample.GetDouble("a.ratio").ShouldBe(0.5);
        Sample.GetBoolean("a.flag").ShouldBeTrue();
        Sample.GetTimeSpan("a.time").ShouldBe(TimeSpan.FromSeconds(1.5));
        Sample.GetTimeSpan("a.forever").ShouldBe(Timeout.InfiniteTimeSpan);
        Sample.GetStringList("a.list").ShouldBe(["x", "y"]);
        Sample.GetString("a.inner.deep").ShouldBe("hello");
        Sample.GetConfig("a").GetInt("number").ShouldBe(42);
    }

    [Fact]
    public void What_is_not_there_has_its_default()
    {
        Sample.HasPath("a.nothing").ShouldBeFalse();
        Sample.GetString("a.nothing", "default").ShouldBe("default");
        Sample.GetInt("a.nothing", 7).ShouldBe(7);
        Sample.GetTimeSpan("a.nothing", TimeSpan.FromSeconds(9)).ShouldBe(TimeSpan.FromSeconds(9));
        Sample.GetBoolean("a.nothing", true).ShouldBeTrue();
    }

    [Fact]
    public void A_fallback_fills_what_is_missing_and_no_more()
    {
        var merged = ConfigurationFactory.ParseString("a.number = 1").WithFallback(Sample);
        merged.GetInt("a.number").ShouldBe(1);
        merged.GetString("a.text").ShouldBe("hello");
        Sample.GetInt("a.number").ShouldBe(42);
    }

    [Fact]
    public void An_empty_configuration_says_so()
    {
        ConfigurationFactory.Empty.IsEmpty.ShouldBeTrue();
        ConfigurationFactory.ParseString("").IsEmpty.ShouldBeTrue();
        Sample.IsEmpty.ShouldBeFalse();
    }
}
