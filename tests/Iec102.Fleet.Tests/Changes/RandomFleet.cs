namespace Iec102.Fleet.Tests.Changes;

/// <summary>
/// Valid fleet files of every form: several blocks, dotted keys, substitutions, an include, a CSV file, comments, line ends, braces around
/// all.
/// </summary>
internal sealed class RandomFleet
{
    private readonly Random _random;
    private readonly string _newLine;

    public RandomFleet(int seed)
    {
        _random = new Random(seed);
        _newLine = Once("\n", "\n", "\r\n");
        Text = Write();
    }

    public string Text { get; }

    public Dictionary<string, string> Files { get; } = new()
    {
        ["/etc/more.conf"] = "iec102.meters.included { port = p0, link-address = 50, password = 1, name = \"from afar\" }\n",
        ["/etc/meters.csv"] = "id,port,link_address,password,name\nrow,p0,60,1,a row\n",
    };

    public static Dictionary<string, string> Environment { get; } = new() { ["SITE_KEY"] = "77" };

    private string Once(params string[] choices) => choices[_random.Next(choices.Length)];

    private bool Maybe => _random.Next(2) == 0;

    private string Write()
    {
        var parts = new List<string> { Ports(), Meters("a", 1), Meters("b", 10) };
        if (Maybe)
            parts.Add("iec102.meters.dotted { port = p0, link-address = 20, password = 1 }");
        if (Maybe)
            parts.Add("iec102.meters.piece.port = p0" + _newLine + "iec102.meters.piece.link-address = 21" + _newLine
                + "iec102.meters.piece { password = 1 } // in pieces");
        if (Maybe)
            parts.Add("template { port = p0, password = ${SITE_KEY}, site = Norte }" + _newLine
                + "iec102 { meters { derived = ${template} { link-address = 22 } } }");
        if (Maybe)
            parts.Add("include \"more.conf\"");
        if (Maybe)
            parts.Add("iec102.meters-csv = \"meters.csv\"");
        if (Maybe)
            parts.Add(
                $"iec102 {{ retention {{ events = 30d }}, api.keys = [{{ name = x, role = read, sha256 = {new string('a', 64)} }}] }}");
        var order = parts.OrderBy(_ => _random.Next()).ToList();
        var text = string.Join(_newLine + Once("", _newLine, "# { not a brace" + _newLine), order) + Once("", _newLine, " # end");
        return Maybe ? text : "{" + _newLine + text + _newLine + "}" + Once("", _newLine);
    }

    private string Ports() => Maybe
        ? "iec102 {" + _newLine + "\tports {" + _newLine + "\t\tp0 { tcp = \"192.0.2.1:4001\" } # north" + _newLine + "\t}" + _newLine + "}"
        : "iec102 { ports { p0 { tcp = \"192.0.2.1:4001\" } } }";

    private string Meters(string prefix, int link)
    {
        var indent = Once("  ", "\t", "    ", "");
        if (Maybe)
            return $"iec102 {{ meters {{ {prefix}1 {{ port = p0, link-address = {link}, password = 1, name = \"x\" }} }} }}";
        return string.Join(_newLine,
            "iec102 {",
            $"{indent}meters {{ {Once("", "# all of them")}",
            $"{indent}{indent}{prefix}1 {{",
            $"{indent}{indent}{indent}port = p0, link-address = {link}",
            $"{indent}{indent}{indent}password = {Once("1", "${SITE_KEY}", "\"1\"")}{Once("", " // the usual one", ",")}",
            $"{indent}{indent}}}",
            $"{indent}{indent}{prefix}2 {{ port : p0, link-address = {link + 1}, password = 1, name = a b  c }}{Once("", ",")}",
            $"{indent}}}{Once("", " # done")}",
            "}");
    }
}
