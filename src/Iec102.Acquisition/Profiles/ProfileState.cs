using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>
/// What a profile knows after its events: the start, the grid, the coverage, the meter and how it is best read. Immutable;
/// <see cref="Apply"/> is the only way from one state to the next, live and in recovery alike.
/// </summary>
public sealed record ProfileState
{
    /// <summary>Before the first event.</summary>
    public static ProfileState Empty { get; } = new();

    /// <summary>Intervals that end after it are expected; null until the meter is first seen.</summary>
    public Instant? Start { get; internal init; }

    /// <summary>
    /// A depth is counted in days, and a meter that has just been installed is read within this time: until then its answers, not the
    /// depth, say what it still has.
    /// </summary>
    internal static readonly Duration Margin = Duration.FromDays(1);

    /// <summary>The meter whose history this is; null until it is first seen, 0 when it gives no number.</summary>
    public uint? SerialNumber { get; internal init; }

    /// <summary>The newest interval recorded when this meter replaced another: it keeps nothing older.</summary>
    internal Instant SegmentFrom { get; init; } = Instant.MinValue;

    internal IntervalGrid Grid { get; init; } = IntervalGrid.Of(60);

    internal Coverage Coverage { get; init; } = Coverage.Empty;

    internal ReadMethod Method { get; init; } = ReadMethods.First;

    /// <summary>The method has brought intervals from this meter.</summary>
    internal bool IsMethodProven { get; init; }

    /// <summary>How the meter describes itself, as far as it matters here.</summary>
    internal SetUpSeen SetUp { get; init; } = SetUpSeen.Nothing;

    /// <summary>Why and since when the curve is unsupported; null when it is not.</summary>
    internal SupportLearned? Unsupported { get; init; }

    /// <summary>
    /// In a snapshot the number of the last event with intervals, which the tables had when it was taken; 0 in snapshots of older versions.
    /// </summary>
    internal long LastIntervals { get; init; }

    /// <summary>Every interval end that the coverage counts as recorded, in order.</summary>
    public IEnumerable<Instant> RecordedEnds() => Coverage.Recorded.Ranges.SelectMany(Grid.Ends);

    /// <summary>True when an interval that ends then is counted; others are only stored and shown.</summary>
    public bool IsCounted(Instant end) => end > Start && Grid.IsExpected(end);

    /// <summary>True when an interval that ends then is counted as recorded.</summary>
    public bool IsRecorded(Instant end) => Grid.IsExpected(end) && Coverage.Recorded.Contains(end);

    /// <summary>Recovers a state as the profile actor does, from what its journal and snapshot store hold of it, in order.</summary>
    /// <param name="stored">Manifest and octets of the snapshot, if there is one, and of the events after it.</param>
    public static ProfileState Recover(IEnumerable<(string Manifest, byte[] Octets)> stored) =>
        stored.Select(one => ProfileFormat.Read(one.Octets, one.Manifest))
            .Aggregate(Empty, (state, one) => one as ProfileState ?? state.Apply((IProfileEvent)one));

    /// <summary>The state after an event.</summary>
    /// <exception cref="ArgumentException">It is of an unknown kind.</exception>
    public ProfileState Apply(IProfileEvent @event) => @event switch
    {
        IntervalsRecorded recorded => this with
        {
            Coverage = Coverage.Record([.. recorded.Intervals.Select(interval => interval.End)], Grid),
            IsMethodProven = IsMethodProven || Method.Type() == recorded.Type,
        },
        StartSet start => this with
        {
            Start = start.Start,
            Grid = Start is null ? IntervalGrid.Of(start.PeriodMinutes, start.PhaseMinutes) : Grid,
        },
        MeterSeen seen => this with
        {
            SerialNumber = seen.SerialNumber,
            SegmentFrom = IsOf(seen.SerialNumber) || Coverage.Recorded.IsEmpty ? SegmentFrom : Coverage.Recorded.Ranges[^1].To,
            Method = ReadMethods.First,
            IsMethodProven = false,
            Unsupported = null,
            SetUp = SetUpSeen.Nothing,
        },
        // This firmware may answer requests that the last one refused.
        SetUpSeen seen when SetUp.Firmware is not null && SetUp.Firmware != seen.Firmware =>
            this with { SetUp = seen, Method = ReadMethods.First, IsMethodProven = false, Unsupported = null },
        SetUpSeen seen => this with { SetUp = seen },
        PeriodLearned learned => Learn(learned),
        RangesLeftOut left => this with { Coverage = Coverage.LeaveOut(left.Ranges, left.At, left.Refusal, left.IsProof) },
        RereadRequested reread => this with { Coverage = Coverage.AskAgain(reread.Range) },
        CoverageRebuilt rebuilt => this with { Coverage = Coverage.Rebuild(rebuilt.Recorded, rebuilt.OffGrid) },
        MethodChosen chosen => this with { Method = chosen.Method, IsMethodProven = false },
        SupportLearned { Refusal: 0 } => this with { Unsupported = null },
        // A day later the whole ladder is tried again.
        SupportLearned refused => this with { Unsupported = refused, Method = ReadMethods.First, IsMethodProven = false },
        _ => throw new ArgumentException($"A profile knows no event {@event.GetType().Name}.", nameof(@event)),
    };

    /// <summary>
    /// True when a meter with this serial number is the one whose history this is, as far as either number is known; 0 stands for a meter
    /// that gives none.
    /// </summary>
    internal bool IsOf(uint serialNumber) => serialNumber == 0 || SerialNumber is null or 0 || SerialNumber == serialNumber;

    /// <summary>What is expected up to an instant; empty until the meter is first seen.</summary>
    internal TimeRange Expected(Instant expectedEnd) => Start is { } start ? new TimeRange(start, Grid.Floor(expectedEnd)) : default;

    /// <summary>How far back the meter keeps the curve: as configured, or else as the meter tells, or else as usual.</summary>
    internal Duration DepthOf(ProfileSettings settings) =>
        !settings.IsDepthGiven && SetUp.DepthDays is { } days ? Duration.FromDays(days) : settings.Depth;

    /// <summary>What is older is lost unless it is recorded or absent: the meter does not keep it.</summary>
    internal Instant LostTo(Instant now, ProfileSettings settings) => Instant.Max(now - DepthOf(settings) - Margin, SegmentFrom);

    private ProfileState Learn(PeriodLearned learned)
    {
        var grid = Grid.With(learned.Range, learned.PeriodMinutes);
        return this with { Grid = grid, Coverage = Coverage.Regrid(learned.Range, Grid, grid) };
    }
}
