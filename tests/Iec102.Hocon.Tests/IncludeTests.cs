namespace Iec102.Hocon.Tests;

public class IncludeTests
{
    [Fact]
    public void An_included_file_is_found_beside_the_including_one_and_merged_in_place()
    {
        var files = new Dictionary<string, string>
        {
            ["/etc/meters/all.conf"] = "include \"one.conf\"\nm-2 { port = b }",
            ["/etc/meters/one.conf"] = "m-1 { port = a }",
            ["/absolute.conf"] = "x = 1",
        };
        Read.Text("meters { include \"meters/all.conf\", m-2.port = c }", files: files).Shape()
            .ShouldBe("{meters:{m-1:{port:a},m-2:{port:c}}}");
        Read.Text("include required(file(\"/absolute.conf\"))\ny = 2", files: files).Shape().ShouldBe("{x:1,y:2}");
        Read.Text("include file( \"/absolute.conf\" )", files: files).At("x")!.Position.ShouldBe(new HoconPosition("/absolute.conf", 1, 5));
    }

    [Fact]
    public void A_substitution_in_an_included_file_is_looked_for_where_it_is_included_and_then_at_the_root()
    {
        var files = new Dictionary<string, string> { ["/etc/sub.conf"] = "x = 1\ny = ${x}\nz = ${top}" };
        Read.Text("top = 2\na { include \"sub.conf\" }\na.x = 3", files: files).At("a").Shape().ShouldBe("{x:3,y:3,z:2}");
    }

    [Fact]
    public void A_missing_file_matters_only_when_it_is_required()
    {
        Read.Text("include \"none.conf\"\na = 1").Shape().ShouldBe("{a:1}");
        var error = Read.Error("a = 1\n  include required(\"none.conf\")");
        (error.Line, error.Column).ShouldBe((2, 3));
        error.Sentence.ShouldBe("the included file 'none.conf' does not exist.");
    }

    [Fact]
    public void An_error_in_an_included_file_names_that_file() =>
        Read.Error("include \"sub.conf\"", files: new() { ["/etc/sub.conf"] = "a = 1\nb" }).Message.ShouldStartWith("/etc/sub.conf:2:1: ");

    [Theory]
    [InlineData("include \"main.conf\"")]
    [InlineData("include \"./main.conf\"")]
    [InlineData("include \"sub.conf\"")]
    public void A_circle_of_includes_is_an_error(string text) =>
        Read.Error(text, files: new() { ["/etc/main.conf"] = "", ["/etc/sub.conf"] = "include \"main.conf\"", ["/etc/./main.conf"] = "" })
            .Sentence.ShouldContain("leads back to a file that is already being read");

    [Theory]
    [InlineData("include url(\"http://example.org/x.conf\")")]
    [InlineData("include required(x)")]
    [InlineData("include required(\"x\"")]
    [InlineData("include \"\"")]
    public void An_include_that_is_no_file_is_an_error(string text) => Read.Error(text).Sentence.ShouldContain("include");

    [Fact]
    public void A_file_that_cannot_be_read_is_an_error_at_the_include()
    {
        var options = new HoconOptions { ReadFile = _ => throw new UnauthorizedAccessException("Access denied.") };
        Should.Throw<HoconException>(() => HoconParser.Parse("a = 1\ninclude \"x\"", "f", options))
            .Message.ShouldBe("f:2:1: the included file 'x' cannot be read: Access denied.");
        Should.Throw<HoconException>(() => HoconParser.ParseFile("f", options))
            .Message.ShouldBe("f:1:1: the file cannot be read: Access denied.");
    }

    [Fact]
    public void Real_files_are_read_by_default()
    {
        var folder = Directory.CreateTempSubdirectory("hocon-");
        try
        {
            var main = Path.Combine(folder.FullName, "main.conf");
            File.WriteAllText(main, "include \"sub.conf\"\na = ${b}");
            File.WriteAllText(Path.Combine(folder.FullName, "sub.conf"), "b = 1");
            HoconParser.ParseFile(main).Shape().ShouldBe("{b:1,a:1}");
            Should.Throw<HoconException>(() => HoconParser.ParseFile(main + "x")).Sentence.ShouldBe("the file does not exist.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
