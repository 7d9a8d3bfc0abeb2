namespace Iec102.Hocon.Tests;

public class SubstitutionTests
{
    [Theory]
    [InlineData("a = ${b.c}\nb { c = 1 }", "{a:1,b:{c:1}}")]
    [InlineData("b = 1\na = ${b}\nb = 2", "{b:2,a:2}")]
    [InlineData("a = x${b}y ${b}\nb = 1", "{a:x1y 1,b:1}")]
    [InlineData("a = ${?nothing}", "{}")]
    [InlineData("a = 1\na = ${?nothing}", "{a:1}")]
    [InlineData("a = x${?nothing}", "{a:x}")]
    [InlineData("a = [1, ${?nothing}, 2] ${?nothing}", "{a:[1,2]}")]
    [InlineData("a = ${?one}${?two}", "{}")]
    [InlineData("base { x = 1, y = 1 }\na = ${base} { y = 2 }", "{base:{x:1,y:1},a:{x:1,y:2}}")]
    [InlineData("base { x = 1 }\na = ${base}\na.y = 2", "{base:{x:1},a:{x:1,y:2}}")]
    [InlineData("l = [1]\na = ${l} [2]", "{l:[1],a:[1,2]}")]
    [InlineData("a = ${\"b.c\"}\n\"b.c\" = 1", "{a:1,b.c:1}")]
    [InlineData("a = ${b}\nb = null", "{a:null,b:null}")]
    public void A_substitution_is_replaced_by_the_final_value_of_its_path(string text, string shape) =>
        Read.Text(text).Shape().ShouldBe(shape);

    [Theory]
    [InlineData("a = 1\na = ${a}2", "{a:12}")]
    [InlineData("a = [1]\na = ${a} [2]\na = ${a} [3]", "{a:[1,2,3]}")]
    [InlineData("a = ${?a}x", "{a:x}")]
    [InlineData("a { x = 1 }\na { x = ${a.x}2 }", "{a:{x:12}}")]
    [InlineData("a { x = 1 }\na = ${a} { x = ${a.x}2 }", "{a:{x:12}}")]
    [InlineData("bar { foo = 42, baz = ${bar.foo} }", "{bar:{foo:42,baz:42}}")]
    [InlineData("bar { foo = 42, baz = ${bar.foo} }\nbar { foo = 43 }", "{bar:{foo:43,baz:43}}")]
    [InlineData("bar { a = ${foo.d}, b = 1 }\nbar.b = 3\nfoo { c = ${bar.b}, d = 2 }\nfoo.d = 4", "{bar:{a:4,b:3},foo:{c:3,d:4}}")]
    [InlineData("b { d = 1 }\na = ${b} { c = ${a.d}, e = ${a.c} }", "{b:{d:1},a:{d:1,c:1,e:1}}")]
    [InlineData("b { d = ${a.e} }\na = ${b} { e = 1 }", "{b:{d:1},a:{d:1,e:1}}")]
    public void A_value_may_refer_to_its_own_earlier_value_and_to_its_siblings(string text, string shape) =>
        Read.Text(text).Shape().ShouldBe(shape);

    [Theory]
    [InlineData("a = ${a}")]
    [InlineData("a = ${b}\nb = ${c}\nc = ${a}")]
    [InlineData("a { b = ${a} }")]
    [InlineData("a = ${a.b}")]
    [InlineData("a { b = [ x, ${a.c} ], c = ${a.b} }")]
    public void A_circle_is_an_error(string text) => Read.Error(text).Sentence.ShouldMatch("refers back|is defined neither");

    [Fact]
    public void A_circle_is_named_as_one() =>
        Read.Error("a = ${b}\nb = ${a}").Sentence.ShouldBe(
            "${a} refers back to the value that contains it; remove the circular reference.");

    [Fact]
    public void What_the_file_does_not_define_comes_from_the_environment()
    {
        var environment = new Dictionary<string, string> { ["M1_PASSWORD"] = "77", ["a"] = "from outside", ["EMPTY"] = "" };
        Read.Text("p = ${M1_PASSWORD}", environment).At("p").Shape().ShouldBe("77");
        Read.Text("p = ${?M1_PASSWORD}", environment).At("p").Shape().ShouldBe("77");
        Read.Text("a = inside\np = ${a}", environment).At("p").Shape().ShouldBe("inside");
        Read.Text("a = ${a}", environment).At("a").Shape().ShouldBe("from outside");
        Read.Text("p = ${EMPTY}", environment).At("p").Shape().ShouldBe("");
        Read.Text("x = 1\np = ${M1_PASSWORD}", environment).At("p")!.Position.ShouldBe(new HoconPosition("/etc/main.conf", 2, 5));
    }

    [Fact]
    public void What_is_defined_nowhere_is_an_error_at_the_substitution()
    {
        var error = Read.Error("a = 1\nb = x ${M1_PASSWORD}");
        (error.Line, error.Column).ShouldBe((2, 7));
        error.Sentence.ShouldBe(
            "${M1_PASSWORD} is defined neither in the file nor as an environment variable; "
            + "define it, or write ${?M1_PASSWORD} if it may be left out.");
    }

    [Fact]
    public void Texts_that_double_again_and_again_are_refused()
    {
        var doubling = string.Concat(Enumerable.Range(0, 60).Select(i => $"a{i} = ${{a{i + 1}}} ${{a{i + 1}}}\n"));
        Read.Error(doubling + "a60 = x").Sentence.ShouldMatch("million|larger than any configuration");
        Read.Error(doubling + "a60 = [x]").Sentence.ShouldContain("larger than any configuration");
        Read.Error(doubling + "a60 { x = 1 }").Sentence.ShouldContain("larger than any configuration");
    }

    [Fact]
    public void A_chain_of_a_hundred_substitutions_is_followed_and_an_absurd_one_refused_even_on_a_small_stack()
    {
        static string Chain(int length) =>
            string.Concat(Enumerable.Range(0, length).Select(i => $"a{i} = ${{a{i + 1}}}\n")) + $"a{length} = end";
        Read.Text(Chain(100)).At("a0").Shape().ShouldBe("end");

        HoconException? error = null;
        var thread = new Thread(() => error = Read.Error(Chain(50_000)), maxStackSize: 512 * 1024);
        thread.Start();
        thread.Join();
        error!.Sentence.ShouldContain("lead through too many others");
    }
}
