namespace Iec102.Faults.Tests.Sites;

/// <summary>What a <see cref="Site"/> consists of. Each line has one meter, the first one also a gateway.</summary>
internal sealed record SitePlan
{
    /// <summary>The ids of the nodes.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = ["a", "b", "c"];

    /// <summary>
    /// Of line-1, line-2 ... the nodes that may own it, the preferred one first; a single one has the port pinned to it, none lets it float
    /// over all nodes.
    /// </summary>
    public required IReadOnlyList<IReadOnlyList<string>> Lines { get; init; }

    /// <summary>How many days the meters' history reaches back.</summary>
    public required int HistoryDays { get; init; }

    /// <summary>The speed of the lines.</summary>
    public int Baud { get; init; } = 57600;
}
