namespace Iec102.Simulator;

/// <summary>What passed over a line, at one moment.</summary>
/// <param name="Connections">Connections taken.</param>
/// <param name="FramesIn">Good frames received.</param>
/// <param name="OctetsIn">Octets received, junk included.</param>
/// <param name="FramesOut">Frames sent.</param>
/// <param name="OctetsOut">Octets sent.</param>
/// <param name="Faults">Frames lost, delayed or damaged, silences and disconnects that the fault plan brought about.</param>
/// <param name="WireTime">Pure wire time of all octets both ways at the line's speed, without idle times; zero on a line without one.</param>
public sealed record LineCounts(long Connections, long FramesIn, long OctetsIn, long FramesOut, long OctetsOut, long Faults, TimeSpan WireTime);
