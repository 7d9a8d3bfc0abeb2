using Akka.Actor;
using Iec102.Acquisition.Readings;

namespace Iec102.Storage;

/// <summary>Intervals that wait to be stored, and who is told.</summary>
internal sealed class PendingIntervals(StoreIntervals message, IActorRef answerTo)
{
    public StoreIntervals Message { get; } = message;

    public IActorRef AnswerTo { get; set; } = answerTo;
}

/// <summary>What is written in one transaction.</summary>
internal sealed class WriteBatch
{
    public List<PendingIntervals> Intervals { get; init; } = [];

    /// <summary>The latest value of each signal, and whether one of those that it replaced was to be kept as history.</summary>
    public Dictionary<(string Meter, string Signal), (CurrentValue Value, bool KeepHistory)> CurrentValues { get; } = [];

    public Dictionary<string, StoreIdentity> Identities { get; } = [];

    public Dictionary<string, StoreHabit> Habits { get; } = [];

    public Dictionary<string, StoreMeterZone> Zones { get; } = [];

    public Dictionary<string, StoreClockCheck> ClockChecks { get; } = [];

    public FactQueue Facts { get; init; } = new();

    /// <summary>Which meter's identity is asked for, and by whom; answered from what this batch has stored.</summary>
    public HashSet<(string Meter, IActorRef AnswerTo)> Questions { get; } = [];

    /// <summary>Somebody waits for the commit.</summary>
    public bool IsAwaited => Intervals.Count + Questions.Count > 0;

    /// <summary>There is something to store.</summary>
    public bool HasWrites => Intervals.Count + CurrentValues.Count + Identities.Count + Habits.Count + Zones.Count + ClockChecks.Count + Facts.Count > 0;
}

/// <summary>What a committed batch has brought.</summary>
/// <param name="Progress">The highest sequence number stored, by persistence id.</param>
/// <param name="Identities">The identities asked for, by meter.</param>
/// <param name="NewEvents">The events that were not known before, each with who told it.</param>
/// <param name="FreeBytes">What is left of the disk.</param>
internal sealed record BatchStored(
    IReadOnlyDictionary<string, long> Progress, IReadOnlyDictionary<string, KnownIdentity> Identities, IReadOnlyList<(IActorRef From, EventsStored Stored)> NewEvents,
    long FreeBytes);
