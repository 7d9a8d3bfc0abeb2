namespace Iec102.Fleet;

/// <summary>One thing that is wrong in the fleet file or in a file that it names.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Key">The dotted key with the problem; empty when the text cannot be read at all.</param>
/// <param name="Sentence">What is wrong and what to do. It never contains a password.</param>
public sealed record FleetProblem(string File, int Line, int Column, string Key, string Sentence)
{
    /// <summary>The problem as one line: <c>file:line:column: key: sentence</c>.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {(Key.Length > 0 ? $"{Key}: " : "")}{Sentence}";
}

/// <summary>The result of reading a fleet file: the fleet, or everything that is wrong with it.</summary>
/// <param name="Configuration">The fleet; null when there is any problem.</param>
/// <param name="Problems">Every problem, by file and position; empty when there is none.</param>
public sealed record FleetReading(FleetConfiguration? Configuration, ValueList<FleetProblem> Problems)
{
    /// <summary>Every file that was read or looked for: the fleet file, the files that it includes, and its CSV file of meters.</summary>
    public ValueList<string> Files { get; init; } = [];
}
