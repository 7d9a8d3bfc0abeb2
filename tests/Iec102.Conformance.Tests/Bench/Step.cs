using System.Globalization;

namespace Iec102.Conformance.Tests;

/// <summary>
/// One line of a script: "-> octets" from the master, "&lt;- octets" from the meter ("&lt;- silence" for none), ".. SECONDS what passes",
/// "= what the octets before mean", "! how the exchange ends".
/// </summary>
internal readonly record struct Step(string Mark, string Text)
{
    /// <summary>The octets; none for silence.</summary>
    public byte[] Octets => Text == "silence" ? [] : Wire.Parse(Text);

    /// <summary>The time that passes.</summary>
    public TimeSpan Time => TimeSpan.FromSeconds(double.Parse(Text.Split(' ')[0], CultureInfo.InvariantCulture));

    public static IEnumerable<Step> Of(string script) =>
        from line in script.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        let blank = line.IndexOf(' ')
        select new Step(line[..blank], line[(blank + 1)..]);

    /// <summary>Fails with both texts when the observed one is another.</summary>
    public void Check(string observed)
    {
        if (observed != Text)
            Assert.Fail($"{Mark} expected {Text}{Environment.NewLine}{Mark} observed {observed}");
    }

    public override string ToString() => $"{Mark} {Text}";
}
