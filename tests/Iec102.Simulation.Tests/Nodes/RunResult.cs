namespace Iec102.Simulation.Tests;

/// <summary>The result of a run.</summary>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Hash">A hash of the run's course.</param>
/// <param name="Violation">The rule that was broken; null when none was.</param>
/// <param name="Intervals">How many intervals were recorded.</param>
/// <param name="Kills">How often a node was killed.</param>
/// <param name="Faults">How many faults occurred on lines.</param>
/// <param name="Frames">How many frames passed over the lines.</param>
/// <param name="Snapshots">How many snapshots were taken.</param>
/// <param name="Steps">How many steps the world took.</param>
/// <param name="Elapsed">The virtual time that passed.</param>
/// <param name="Cluster">What happened between the nodes; null when there was only one.</param>
internal sealed record RunResult(
    long Seed, ulong Hash, string? Violation, long Intervals, int Kills, long Faults, long Frames,
    int Snapshots, long Steps, TimeSpan Elapsed, ClusterCounts? Cluster);

/// <summary>What happened in a run of several nodes.</summary>
/// <param name="Pauses">How often a process was stopped for a while.</param>
/// <param name="Cuts">How often the way from a node to the database was cut.</param>
/// <param name="Restarts">How often the database was restarted.</param>
/// <param name="Moves">How often a port came to another node.</param>
/// <param name="Refused">How often the journal refused events whose number another writer had used.</param>
internal sealed record ClusterCounts(int Pauses, int Cuts, int Restarts, int Moves, int Refused);
