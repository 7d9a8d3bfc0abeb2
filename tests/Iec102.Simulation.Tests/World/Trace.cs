namespace Iec102.Simulation.Tests;

/// <summary>
/// The course of a run: a hash of every choice, every octet and every commit, and also a text when somebody wants to read it.
/// </summary>
internal sealed class Trace(TextWriter? text)
{
    /// <summary>Two runs with the same hash took the same course.</summary>
    public ulong Hash { get; private set; } = 14695981039346656037;

    /// <summary>Whether a text is wanted; making it costs more than the run itself.</summary>
    public bool IsRead => text is not null;

    public void Fold(ulong value) => Hash = ((Hash ^ value) * 1099511628211) ^ (Hash >> 29);

    public void Fold(ReadOnlySpan<byte> octets)
    {
        foreach (var octet in octets)
            Fold(octet);
    }

    public void Write(string moment, string line) => text?.WriteLine($"{moment} {line}");
}
