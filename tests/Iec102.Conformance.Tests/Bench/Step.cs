using System.Globalization;

namespace Iec102.Conformance.Tests;

/// <summary>
/// One line of a script: "-> octets" from the master, "&lt;- octets" from the meter ("&lt;- silence" for none), ".. SECONDS reason" for
/// time that passes, "= what the preceding octets mean", "! how the exchange ends".
/// </summary>
internal readonly record struct Step(string Mark, string Text)
{
    /// <summary>The octets of the line; none for silence.</summary>
    public byte[] Octets => Text == "silence" ? [] : Testing.Octets.Of(Text);

    /// <summary>The time that passes.</summary>
    public TimeSpan Time => TimeSpan.FromSeconds(double.Parse(Text.Split(' ')[0], CultureInfo.InvariantCulture));

    public static IEnumerable<Step> Of(string script) =>
        from line in script.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        let blank = line.IndexOf(' ')
        select new Step(line[..blank], line[(blank + 1)..]);

    /// <summary>Fails, showing both texts, when the observed text differs.</summary>
    public void Check(string observed)
    {
        if (observed != Text)
            Assert.Fail($"{Mark} expected {Text}{Environment.NewLine}{Mark} observed {observed}");
    }

    public override string ToString() => $"{Mark} {Text}";
}
