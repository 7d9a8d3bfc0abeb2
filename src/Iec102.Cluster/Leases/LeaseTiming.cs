using Iec102.Fleet;
using Iec102.Lines;
using Iec102.Protocol.Link;

namespace Iec102.Cluster.Leases;

/// <summary>The times of the lease's rules.</summary>
/// <param name="Ttl">How long this node's session may be silent before the server ends it.</param>
public sealed record LeaseTiming(TimeSpan Ttl)
{
    /// <summary>How often the server hears of a node.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>The pause before the next attempt to open a session, while guards are open that it could keep open.</summary>
    public static readonly TimeSpan QuickRetry = TimeSpan.FromMilliseconds(250);

    /// <summary>Part of every margin: how long a frame may be on its way to the line, and how far two clocks may drift apart.</summary>
    private static readonly TimeSpan LeastMargin = TimeSpan.FromSeconds(1);

    /// <summary>The speed that is assumed of a line whose converter sets it.</summary>
    private static readonly LineFormat AssumedFormat = new(9600, 8, Parity.Even, 1);

    /// <summary>How long the server's answer may take; a session that has waited longer is given up.</summary>
    public TimeSpan Operation { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The longest time from one beat to the next. A session that was silent for longer is given up, so that other nodes, when they see
    /// such a silence, know that nothing more will come of it.
    /// </summary>
    public TimeSpan LongestGap { get; init; } = TimeSpan.FromSeconds(2.5);

    /// <summary>
    /// Every node that lives hears of all sessions at least this often. So a session that holds locks is not closed sooner, and one that
    /// was silent for so long holds no guard open longer than until its time is over.
    /// </summary>
    public TimeSpan Sight => LongestGap + Operation;

    /// <summary>
    /// The time before the end of a session in which its owner no longer writes: 1 s, and the time that the longest frame takes on the line
    /// of the port, at 9600 bit/s where the speed is not known.
    /// </summary>
    public static TimeSpan MarginOf(PortConfiguration port) =>
        LeastMargin + Frame.MaxLength * (port.Format ?? AssumedFormat).CharacterTime;

    /// <summary>The shortest ttl that a node may have that owns this port: one beat may be lost without loss of the port.</summary>
    public static TimeSpan ShortestTtl(PortConfiguration port) => MarginOf(port) + 2 * Beat;
}
