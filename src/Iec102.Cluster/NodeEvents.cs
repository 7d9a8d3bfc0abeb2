using Akka.Event;
using Iec102.Acquisition;

namespace Iec102.Cluster;

/// <summary>
/// The events that a server logs about its nodes, in the form of <see cref="LogEvents"/>, which has all others.
/// </summary>
public static class NodeEvents
{
    /// <summary>
    /// The database that the nodes share does not answer this node, for the reason given. Its ports go on being read; what others run is
    /// shown as unknown. Logged once.
    /// </summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string NodesNotSeen = "The other nodes cannot be seen, since the database does not answer: {Problem}";

    /// <summary>The database answers this node again.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string NodesSeenAgain = "The database answers again, and the other nodes are seen.";

    /// <summary>
    /// The node is off, or cannot reach the database. Its floating ports move to other nodes; what is pinned to it is shown as unknown.
    /// </summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string NodeLost = "node {Node}: nothing was heard of it for {Seconds:0} s; look for it at {Url}";

    /// <summary>The node is back.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string NodeHeard = "node {Node} is heard again";

    /// <summary>
    /// What this node shows of other nodes' ports, or they of its, grows old, and is shown as unknown after a minute. It is tried again
    /// every 2 s. Look at the database and at the network to it, which may be too slow. Logged once.
    /// </summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string StatesNotExchanged = "The states of ports and meters cannot be exchanged with the other nodes: {Problem}";

    /// <summary>Each node shows the ports of the others as they are again.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string StatesExchangedAgain = "The states of ports and meters are exchanged with the other nodes again.";

    /// <summary>This node owns a floating port from now on, and reads its meters.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string PortTaken = "port {Port}: this node owns it from now on";

    /// <summary>
    /// This node ends the sessions of a floating port, closes its line and leaves it to another node: the preferred one is back, the node
    /// drains or stops, or the fleet file has changed.
    /// </summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string PortGivenAway = "port {Port}: this node gives it away";

    /// <summary>
    /// The fleet file of this node pins the port to it, and that of the node that still runs it does not yet. Give every node the same
    /// file.
    /// </summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string PortWaits = "port {Port}: it is pinned to this node, and begins here once it has ended where it runs now";

    /// <summary>
    /// The line could not be opened from here for that long, and another node may be able to. If none is, look at the converter.
    /// </summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string PortGivenUp = "port {Port}: its line could not be opened for {Minutes:0} min, so another node tries";

    /// <summary>
    /// The database has not answered in time, or a clock has jumped: the line was closed at once, since another node may own it by now.
    /// </summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string PortLeaseOver = "port {Port}: this node no longer owns it, since its lease is over; its line is closed";

    /// <summary>
    /// The database does not give out locks to this node, for the reason given. Its floating ports are read until their leases are over;
    /// pinned ports are not affected. Logged once.
    /// </summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string LocksAway = "The locks of the floating ports cannot be kept: {Problem}";

    /// <summary>The database gives out locks again.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string LocksBack = "The locks of the floating ports can be kept again.";

    /// <summary>Another process has taken the name of this node while the database was away. End one of the two.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string NodeNameTaken = "node {Node}: another process has this name; this one takes no floating ports until that ends";

    /// <summary>Before maintenance, this node gives its floating ports to nodes that can own them.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string NodeDrains = "node {Node} drains: it gives its floating ports away";

    /// <summary>The maintenance is over.</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string NodeDrainsNoMore = "node {Node} takes floating ports again";
}
