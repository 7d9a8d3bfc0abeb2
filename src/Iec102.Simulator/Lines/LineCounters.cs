namespace Iec102.Simulator.Lines;

/// <summary>The traffic of a line up to one moment.</summary>
/// <param name="Connections">Connections accepted.</param>
/// <param name="FramesIn">Valid frames received.</param>
/// <param name="OctetsIn">Octets received, junk included.</param>
/// <param name="FramesOut">Frames sent.</param>
/// <param name="OctetsOut">Octets sent.</param>
/// <param name="Faults">Faults caused by the plan: frames lost, delayed or damaged, silences and disconnects.</param>
/// <param name="WireTime">Pure wire time of all octets in both directions at the line's speed, without idle times; zero on a line without a
/// speed.</param>
public sealed record LineCounts(
    long Connections, long FramesIn, long OctetsIn, long FramesOut, long OctetsOut, long Faults, TimeSpan WireTime);
