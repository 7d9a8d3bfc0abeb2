using Iec102.Acquisition;
using Iec102.Acquisition.Fleets;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Storage.Databases;

namespace Iec102.Storage.Writing;

/// <summary>Everything that is written in one transaction.</summary>
internal sealed class WriteBatch
{
    public List<StoreIntervals> Intervals { get; init; } = [];

    /// <summary>The latest value of each signal, and whether it or a value that it replaced is to be kept as history.</summary>
    public Dictionary<(string Meter, string Signal), (CurrentValue Value, bool KeepHistory)> CurrentValues { get; } = [];

    public Dictionary<string, StoreIdentity> Identities { get; } = [];

    public Dictionary<string, StoreHabit> Habits { get; } = [];

    public Dictionary<string, StoreMeterZone> Zones { get; } = [];

    public Dictionary<string, StoreMeterLabels> Labels { get; } = [];

    public Dictionary<string, StoreClockCheck> ClockChecks { get; } = [];

    public FactQueue Facts { get; init; } = new();

    /// <summary>The lines of the audit log, the oldest first.</summary>
    public List<AuditEntry> Audit { get; } = [];

    /// <summary>
    /// <see cref="GetIdentity"/> and <see cref="CompareCurve"/>; the answers are read after this batch is stored.
    /// </summary>
    public HashSet<object> Questions { get; } = [];

    /// <summary>
    /// The events that were new whenever this batch was written. When the answer to a commit is lost they are no longer new the next time,
    /// and nobody has been told of them.
    /// </summary>
    public List<EventsStored> NewEvents { get; } = [];

    /// <summary>The meters of which there is anything to store, some of them repeatedly.</summary>
    public IEnumerable<string> Meters =>
    [
        .. Intervals.Select(one => one.Meter), .. CurrentValues.Keys.Select(one => one.Meter), .. Identities.Keys, .. Habits.Keys,
        .. Zones.Keys, .. Labels.Keys, .. ClockChecks.Keys, .. Facts.Facts.Select(fact => fact.Meter),
    ];

    /// <summary>About how many rows are to be written.</summary>
    public int Rows =>
        Intervals.Sum(one => one.Intervals.Intervals.Count) + CurrentValues.Count + Identities.Count + Habits.Count + Zones.Count
            + Labels.Count + ClockChecks.Count + Facts.Count;

    /// <summary>Whether someone waits for an answer after the commit.</summary>
    public bool IsAwaited => Intervals.Count + Questions.Count > 0;

    /// <summary>Whether there is anything to store.</summary>
    public bool HasWrites =>
        Intervals.Count + CurrentValues.Count + Identities.Count + Habits.Count + Zones.Count + Labels.Count + ClockChecks.Count
            + Facts.Count + Audit.Count > 0;
}

/// <summary>The result of a committed batch.</summary>
/// <param name="Progress">The highest sequence number stored, by persistence id.</param>
/// <param name="Answers">The answers, by question.</param>
/// <param name="NewEvents">The events that were not known before, by meter and record.</param>
/// <param name="Space">The free space of the disk, if it is watched.</param>
internal sealed record BatchStored(
    IReadOnlyDictionary<string, long> Progress, IReadOnlyDictionary<object, object> Answers,
    IReadOnlyList<EventsStored> NewEvents, DiskSpace? Space);
