using System.Text.RegularExpressions;
using Iec102.Testing;

namespace Iec102.Conformance.Tests;

/// <summary>A test in any test project, identified by its name.</summary>
/// <param name="Project">Its project's directory in tests/.</param>
/// <param name="Class">Its class, which is also the name of its file.</param>
/// <param name="Method">Its method.</param>
internal sealed record NamedTest(string Project, string Class, string Method)
{
    /// <summary>
    /// Whether the source of the project has this method under a [Fact] or [Theory]. It is looked up in the source so that no other test
    /// project must be built.
    /// </summary>
    public bool Exists
    {
        get
        {
            var folder = Path.Combine(Repository.Root, "tests", Project);
            var declaration = $@"\[(Fact|Theory)\](\s*\[[^\n]*\]\s*?\n)*\s*public (async Task|void|Task) {Method}\(";
            return Directory.EnumerateFiles(folder, $"{Class}.cs", SearchOption.AllDirectories)
                .Any(file => Regex.IsMatch(File.ReadAllText(file), declaration));
        }
    }

    public override string ToString() => $"{Project}: {Class}.{Method}";
}

/// <summary>A place where the data of a type is stored or shown, with the tests that check this.</summary>
internal sealed record Place(string Where, params NamedTest[] Tests);

/// <summary>A type, or several similar ones, in the register of the protocol notes 4.1.</summary>
/// <param name="First">Number of the type.</param>
/// <param name="Last">Number of the last type when there are several.</param>
/// <param name="Name">Name in the register.</param>
/// <param name="Meaning">Purpose of the type.</param>
internal sealed record TypeRow(byte First, byte Last, string Name, string Meaning)
{
    /// <summary>Whether the layout is known: both stations encode and decode it.</summary>
    public bool IsKnown => Master.Length > 0;

    /// <summary>Cases of the conformance report in which the master sends or receives the type.</summary>
    public string[] Master { get; init; } = [];

    /// <summary>Cases of the conformance report in which the slave receives or sends the type.</summary>
    public string[] Slave { get; init; } = [];

    /// <summary>The table of readings.db that keeps the type's data.</summary>
    public Place? Stored { get; init; }

    /// <summary>Where users see the type's data.</summary>
    public Place? Shown { get; init; }

    /// <summary>The number as written in the register.</summary>
    public string Number => First == Last ? $"{First}" : $"{First}-{Last}";
}
