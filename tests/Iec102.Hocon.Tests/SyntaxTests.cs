namespace Iec102.Hocon.Tests;

public class SyntaxTests
{
    [Theory]
    [InlineData("", "{}")]
    [InlineData("\uFEFFa = 1", "{a:1}")]
    [InlineData("{}", "{}")]
    [InlineData(" # only a comment", "{}")]
    [InlineData("""{"a": {"b": [1, -2.5e3, true, null, "x"]}, "c": {}}""", "{a:{b:[1,-2.5e3,true,null,x]},c:{}}")]
    [InlineData("a = 1, b : 2\nc { d = 3 }\r\ne = 4,", "{a:1,b:2,c:{d:3},e:4}")]
    [InlineData("a.b.c = 1\na.b { d = 2 }", "{a:{b:{c:1,d:2}}}")]
    [InlineData("a.\"b.c\" = 1\n\"\" = 2", "{a:{b.c:1},:2}")]
    [InlineData("two words = x", "{two words:x}")]
    [InlineData("a\n{ b = 1 }", "{a:{b:1}}")]
    [InlineData("a =\n  1", "{a:1}")]
    [InlineData("a = x # why\nb = y // because\nc = http-like/path", "{a:x,b:y,c:http-like/path}")]
    [InlineData("a = [1\n2\n\n3,]", "{a:[1,2,3]}")]
    [InlineData("a = [[], [{}], {b=1}]", "{a:[[],[{}],{b:1}]}")]
    [InlineData("include = 1\nincludes.x = 2", "{include:1,includes:{x:2}}")]
    public void Objects_lists_keys_and_separators_are_read(string text, string shape) => Read.Text(text).Shape().ShouldBe(shape);

    [Theory]
    [InlineData("a = some   words here  ", "some   words here")]
    [InlineData("a = \"q\"mid\" uo\"  ted", "qmid uo  ted")]
    [InlineData("a = 10 s", "10 s")]
    [InlineData("a = 9600-8E1", "9600-8E1")]
    [InlineData("a = [1, 2] [3]", "[1,2,3]")]
    [InlineData("a = {b = 1, c = 1} {c = 2}", "{b:1,c:2}")]
    [InlineData("a = \"\\u0041\\n\\t\\\\\\\"\\/\"", "A\n\t\\\"/")]
    [InlineData("a = \"\"\"one \"two\"\nthree\\n\"\"\"", "one \"two\"\nthree\\n")]
    [InlineData("a = \"\"\"ends with a \"quote\"\"\"\"", "ends with a \"quote\"")]
    public void Values_side_by_side_are_joined(string text, string shape) => Read.Text(text).At("a").Shape().ShouldBe(shape);

    [Theory]
    [InlineData("a = 1\na = 2", "{a:2}")]
    [InlineData("a {x=1, y=1}\na {y=2, z=2}", "{a:{x:1,y:2,z:2}}")]
    [InlineData("a {x=1}\na = 5\na {y=2}", "{a:{y:2}}")]
    [InlineData("a {x=1}\na = 5", "{a:5}")]
    [InlineData("a = [1]\na += 2\na += {b = 3}", "{a:[1,2,{b:3}]}")]
    [InlineData("a += 1", "{a:[1]}")]
    [InlineData("a.b += 1\na.b += 2", "{a:{b:[1,2]}}")]
    public void A_later_value_of_a_key_wins_or_is_merged(string text, string shape) => Read.Text(text).Shape().ShouldBe(shape);

    [Fact]
    public void Every_key_and_value_knows_its_place()
    {
        var root = Read.Text("ports {\n  north {\n\ttcp = \"h:1\"\n  }\n}\nports.north.list = [ 1,\n   { k = v } ]");
        var north = root.At("ports").ShouldBeOfType<HoconObject>().Field("north")!;
        north.KeyPosition.ShouldBe(new HoconPosition("/etc/main.conf", 2, 3));
        north.Value.Position.ShouldBe(new HoconPosition("/etc/main.conf", 2, 9));
        root.At("ports.north.tcp")!.Position.ShouldBe(new HoconPosition("/etc/main.conf", 3, 8));
        var list = root.At("ports.north.list").ShouldBeOfType<HoconList>();
        list.Position.ShouldBe(new HoconPosition("/etc/main.conf", 6, 20));
        list.Items[1].Position.ShouldBe(new HoconPosition("/etc/main.conf", 7, 4));
        ((HoconObject)list.Items[1]).At("k")!.Position.ShouldBe(new HoconPosition("/etc/main.conf", 7, 10));
    }

    [Theory]
    [InlineData("a", 1, 1, "this key has no value")]
    [InlineData("a = ", 1, 5, "a value is missing here")]
    [InlineData("a = \n}", 2, 1, "a value is missing here")]
    [InlineData("a { b = 1", 1, 4, "never closed; add '}'")]
    [InlineData("a = [1, 2", 1, 5, "never closed; add ']'")]
    [InlineData("a = 1\n}", 2, 1, "no opening one")]
    [InlineData("{ a = 1 } b", 1, 11, "more text after the brace")]
    [InlineData("a = [1 }", 1, 8, "'}' is not expected here")]
    [InlineData("a = 1 ]", 1, 7, "']' is not expected here")]
    [InlineData("a = [1,, 2]", 1, 8, "two commas")]
    [InlineData("a = 1,,b = 2", 1, 7, "two commas")]
    [InlineData(", a = 1", 1, 1, "',' stands where a key was expected")]
    [InlineData("a..b = 1", 1, 3, "a dot stands where a key was expected")]
    [InlineData(".a = 1", 1, 1, "a dot stands where a key was expected")]
    [InlineData("\"a\"] = 1", 1, 1, "this key has no value")]
    [InlineData("[1]", 1, 1, "a list stands where the file's object was expected")]
    [InlineData("a = \"x\nb = 1", 1, 5, "not closed on the same line")]
    [InlineData("a = \"\"\"x\nb = 1", 1, 5, "never closed")]
    [InlineData("a = \"\\q\"", 1, 7, "this escape is unknown")]
    [InlineData("a = \"\\u00zz\"", 1, 7, "four hexadecimal digits")]
    [InlineData("a = host:5001", 1, 9, "':' cannot stand in a value without quotes")]
    [InlineData("a = $x", 1, 5, "'$' begins a substitution")]
    [InlineData("a = ${x", 1, 5, "is not closed")]
    [InlineData("a = ${}", 1, 7, "'}' stands where a key was expected")]
    [InlineData("a = {x = 1} [2]", 1, 5, "an object and a list cannot be joined")]
    [InlineData("a = [1] b", 1, 5, "a list and a single value cannot be joined")]
    [InlineData("a = 1\na += 2", 2, 6, "'+=' adds to a list, but 'a' was a single value")]
    public void An_error_has_its_place_and_one_sentence(string text, int line, int column, string sentence)
    {
        var error = Read.Error(text);
        (error.Line, error.Column).ShouldBe((line, column));
        error.Sentence.ShouldContain(sentence);
        error.Sentence.ShouldEndWith(".");
        error.Message.ShouldBe($"/etc/main.conf:{line}:{column}: {error.Sentence}");
    }

    [Theory]
    [InlineData("password = 12{34567890")]
    [InlineData("password = \"34567890")]
    [InlineData("password = 34567890 ${nothing}")]
    [InlineData("password = [34567890")]
    [InlineData("password 34567890")]
    [InlineData("password = \"\\q34567890\"")]
    public void A_sentence_about_syntax_never_repeats_a_value(string text) => Read.Error(text).Message.ShouldNotContain("34567890");
}
