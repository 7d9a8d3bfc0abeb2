namespace Iec102.Simulation.Tests;

/// <summary>A safeguard of the store that is taken out of a run of two nodes, to see what becomes of the run.</summary>
[Flags]
internal enum Weakness
{
    None = 0,

    /// <summary>The journal's replay filter drops what an earlier writer wrote after a later one, as it does by default.</summary>
    ReplayFilter = 1,

    /// <summary>The journal takes an event although there is one with its number.</summary>
    EqualNumbers = 2,
}
