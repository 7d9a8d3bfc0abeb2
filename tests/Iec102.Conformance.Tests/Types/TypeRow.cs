using System.Text.RegularExpressions;

namespace Iec102.Conformance.Tests;

/// <summary>A test of any project, by name.</summary>
/// <param name="Project">Its directory in tests/.</param>
/// <param name="Class">Its class, which is also its file.</param>
/// <param name="Method">Its method.</param>
internal sealed record NamedTest(string Project, string Class, string Method)
{
    /// <summary>
    /// The method stands in the project's source under a [Fact] or [Theory]. Looked up in the source, so that this project needs no other test project built.
    /// </summary>
    public bool Exists => Directory.EnumerateFiles(Path.Combine(CheckedPage.Root, "tests", Project), $"{Class}.cs", SearchOption.AllDirectories)
        .Any(file => Regex.IsMatch(File.ReadAllText(file), $@"\[(Fact|Theory)\](\s*\[[^\n]*\]\s*?\n)*\s*public (async Task|void|Task) {Method}\("));

    public override string ToString() => $"{Project}: {Class}.{Method}";
}

/// <summary>Where something of a type is stored or shown, with the tests that show it.</summary>
internal sealed record Place(string Where, params NamedTest[] Tests);

/// <summary>A type, or several that are alike, of the register in the protocol notes 4.1.</summary>
/// <param name="First">Its number.</param>
/// <param name="Last">The last number of several.</param>
/// <param name="Name">Its name in the register.</param>
/// <param name="Meaning">What it is for.</param>
internal sealed record TypeRow(byte First, byte Last, string Name, string Meaning)
{
    /// <summary>Its layout is known: both stations encode and decode it.</summary>
    public bool IsKnown => Master.Length > 0;

    /// <summary>Cases of the conformance report in which the master sends or takes it.</summary>
    public string[] Master { get; init; } = [];

    /// <summary>Cases of the conformance report in which the slave takes or sends it.</summary>
    public string[] Slave { get; init; } = [];

    /// <summary>The table of readings.db that keeps what it brings.</summary>
    public Place? Stored { get; init; }

    /// <summary>Where a user sees it.</summary>
    public Place? Shown { get; init; }

    /// <summary>As in the register.</summary>
    public string Number => First == Last ? $"{First}" : $"{First}-{Last}";
}
