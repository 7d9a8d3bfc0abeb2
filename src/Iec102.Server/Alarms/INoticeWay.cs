using Iec102.Acquisition.Alarms;
using Iec102.Fleet;

namespace Iec102.Server.Alarms;

/// <summary>A way on which people, or the programs of people, are told of alarms.</summary>
internal interface INoticeWay
{
    /// <summary>What it is called in the log and in answers.</summary>
    string Name { get; }

    /// <summary>How long news is gathered, so that what happens together is sent together.</summary>
    TimeSpan Gather { get; }

    /// <summary>The most changes in one message.</summary>
    int MostAtOnce { get; }

    /// <summary>Where messages go; null when the fleet file names nobody.</summary>
    string? To(AlarmsConfiguration alarms);

    /// <summary>Whether a change is sent on this way.</summary>
    bool Wants(AlarmChange change);

    /// <summary>Sends a message about changes.</summary>
    /// <exception cref="NoticeException">It did not arrive.</exception>
    Task SendAsync(IReadOnlyList<AlarmChange> changes, FleetConfiguration fleet, CancellationToken ct);

    /// <summary>Sends a message that says that it is a test.</summary>
    /// <exception cref="NoticeException">It did not arrive.</exception>
    Task TestAsync(FleetConfiguration fleet, CancellationToken ct);
}

/// <summary>Reports that a message did not arrive, in one sentence.</summary>
/// <param name="sentence">Why.</param>
/// <param name="isFinal">The receiver does not want this message, so it would not arrive later either.</param>
internal sealed class NoticeException(string sentence, bool isFinal = false) : Exception(sentence)
{
    /// <summary>The receiver does not want this message, so it would not arrive later either.</summary>
    public bool IsFinal { get; } = isFinal;
}
