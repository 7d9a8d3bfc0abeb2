namespace Iec102.Fleet;

/// <summary>What is wrong with a fleet by a rule that this room does not know.</summary>
/// <param name="Port">The port where it is wrong; null for the section of the node.</param>
/// <param name="Key">The key in that section.</param>
/// <param name="Sentence">What is wrong and what to do.</param>
public sealed record FleetObjection(string? Port, string Key, string Sentence);
