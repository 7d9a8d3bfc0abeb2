using System.Collections.Immutable;
using NodaTime;

namespace Iec102.Cluster.Nodes;

/// <summary>What a node tells the others of itself.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Url">The address at which the others reach its API.</param>
/// <param name="Version">The version of its program.</param>
/// <param name="Since">When its process started.</param>
/// <param name="FleetHash">Tells whether its fleet file is the same as that of another node.</param>
/// <param name="Ttl">How long its coordination session may be silent.</param>
public sealed record NodeReport(string Id, Uri Url, string Version, Instant Since, string FleetHash, TimeSpan Ttl)
{
    /// <summary>It gives its floating ports away and takes none that another node takes, for maintenance.</summary>
    public bool IsDraining { get; init; }

    /// <summary>The ports that it runs, pinned ones included.</summary>
    public ImmutableSortedSet<string> Ports { get; init; } = [];

    /// <summary>The ports that it runs without a lock: the pinned ones, until they have ended.</summary>
    public ImmutableSortedSet<string> Unlocked { get; init; } = [];

    /// <summary>The floating ports that it has given up because it cannot open their lines.</summary>
    public ImmutableSortedSet<string> Unable { get; init; } = [];

    /// <summary>How long ago the states of its ports and meters were as it has stored them, by its own clock.</summary>
    public Duration StatesAge { get; init; }

    /// <summary>It can keep the alarms. Older programs cannot, and neither can one that stops.</summary>
    public bool KeepsAlarms { get; init; }

    /// <summary>Whether its clock is synchronised; null when that is not known.</summary>
    public bool? IsClockSynchronised { get; init; }
}

/// <summary>A report as the database holds it.</summary>
/// <param name="Report">The report.</param>
/// <param name="Age">How long ago it was written, by the clock of the database.</param>
public sealed record StoredReport(NodeReport Report, Duration Age)
{
    /// <summary>A report may be late by three exchanges, and by a fault of the network that the lease survives.</summary>
    private static readonly TimeSpan Late = 3 * NodeDirectoryActor.Every;

    /// <summary>The node has been silent for longer than one that works is.</summary>
    public bool IsSilent => Age > Duration.FromTimeSpan(Late + Report.Ttl);
}
