using System.Text.Json.Serialization;
using Iec102.Acquisition.Ports;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Profiles;

/// <summary>What the meter actor knows of the session in which a chunk is read.</summary>
/// <param name="SerialNumber">The meter's serial number, read at login.</param>
/// <param name="Habit">How the meter labels summer time.</param>
/// <param name="ClockOffset">The meter's clock less ours; null when it was not read in this session.</param>
/// <param name="Firmware">
/// Model and firmware of the meter, type 142; null until they are read. When it changes, every request is tried again.
/// </param>
/// <param name="Periods">Integration periods 1 and 2 of the meter, types 142 and 157; null until they are read.</param>
/// <param name="Kept">How far back it keeps a curve, type 129; null until that is read.</param>
public sealed record MeterSession(
    uint SerialNumber, SummerTimeHabit Habit, Duration? ClockOffset, string? Firmware = null, CurvePeriods? Periods = null,
    KeptCurve? Kept = null);

/// <summary>How far back a meter says that it keeps the curve of one integration period (protocol notes 4.9).</summary>
/// <param name="PeriodMinutes">The period.</param>
/// <param name="Days">How many days.</param>
public readonly record struct KeptCurve(int PeriodMinutes, int Days);

// Commands to the ProfileActor.

/// <summary>Asks what is to be read next; answered by <see cref="ReadChunk"/> or <see cref="NothingDue"/>.</summary>
/// <param name="Session">The session in which it would be read.</param>
/// <param name="MaxOctets">What the line can carry in the time that a chunk may take.</param>
public sealed record GetNextChunk(MeterSession Session, int MaxOctets);

/// <summary>
/// A chunk's exchange has ended, well or not. Answered by <see cref="ChunkRecorded"/> once everything that arrived is stored.
/// </summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="Ended">How its exchange ended, with the answers.</param>
/// <param name="Session">The session in which it was read.</param>
public sealed record ChunkAnswered(ReadChunk Chunk, ExchangeEnded Ended, MeterSession Session);

/// <summary>
/// An operator wants a range read again: recorded intervals are asked for again, and so are absent and lost ones. Answered by
/// <see cref="RereadAccepted"/>.
/// </summary>
/// <param name="Range">The range.</param>
public sealed record Reread(TimeRange Range);

/// <summary>Another meter stands here now: a new segment of history begins. Answered by <see cref="SegmentBegun"/>.</summary>
/// <param name="SerialNumber">The new meter's serial number.</param>
public sealed record BeginSegment(uint SerialNumber);

/// <summary>Asks for the states of the intervals of a range, or of all; answered by <see cref="CoverageReport"/>.</summary>
/// <param name="Range">The range; null for everything since the start.</param>
public sealed record GetCoverage(TimeRange? Range);

/// <summary>Asks how much of each civil day of a range is recorded; answered by <see cref="DaysReport"/>.</summary>
/// <param name="From">The first day.</param>
/// <param name="To">The day after the last.</param>
public sealed record GetDays(LocalDate From, LocalDate To);

/// <summary>Stops the actor for good, once everything that it was given before is stored.</summary>
public sealed record EndRecording;

// Answers of the ProfileActor.

/// <summary>A part of the curve to be read with one request.</summary>
/// <param name="Curve">The curve: by it a meter actor tells its profiles apart, since they answer from behind their supervisors.</param>
/// <param name="Range">The interval ends asked for.</param>
/// <param name="Request">The request to send.</param>
/// <param name="ExpectedIntervals">How many interval ends of the expected grid lie in the range.</param>
public sealed record ReadChunk(Curve Curve, TimeRange Range, Request Request, int ExpectedIntervals);

/// <summary>Nothing to read at present.</summary>
/// <param name="Curve">The curve.</param>
/// <param name="NextDue">When to ask again.</param>
public sealed record NothingDue(Curve Curve, Instant NextDue);

/// <summary>What a chunk brought is stored.</summary>
/// <param name="Curve">The curve.</param>
/// <param name="Recorded">How many intervals were in it.</param>
public sealed record ChunkRecorded(Curve Curve, int Recorded);

/// <summary>Sent to the meter that asked last: something is due before the time it was given, because an operator wants it.</summary>
/// <param name="Curve">The curve.</param>
public sealed record ChunkDue(Curve Curve);

/// <summary>Sent to the meter that asked last, by an actor that was started again: it has forgotten what it was asked and given.</summary>
/// <param name="Curve">The curve.</param>
public sealed record CurveRestarted(Curve Curve);

/// <summary>Answer to <see cref="Reread"/>.</summary>
/// <param name="Intervals">How many intervals will be read again.</param>
public sealed record RereadAccepted(int Intervals);

/// <summary>Answer to <see cref="BeginSegment"/>.</summary>
/// <param name="Curve">The curve.</param>
public sealed record SegmentBegun(Curve Curve);

/// <summary>The four states of an expected interval.</summary>
public enum IntervalState
{
    /// <summary>Stored.</summary>
    Recorded,

    /// <summary>To be asked for.</summary>
    Missing,

    /// <summary>A complete answer left it out; asked for again after 1 h, 1 d, 7 d, 30 d.</summary>
    Absent,

    /// <summary>Still not recorded and older than the meter's depth.</summary>
    Lost,
}

/// <summary>A stretch of intervals that are not recorded.</summary>
/// <param name="Range">The interval ends.</param>
/// <param name="State">Their state.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record CoverageGap(TimeRange Range, IntervalState State, string Reason);

/// <summary>How much of a range is recorded.</summary>
/// <param name="Expected">Interval ends expected.</param>
/// <param name="Recorded">Of these recorded.</param>
/// <param name="Missing">Of these missing.</param>
/// <param name="Absent">Of these absent.</param>
/// <param name="Lost">Of these lost.</param>
/// <param name="Gaps">The stretches that are not recorded, in order.</param>
public sealed record CoverageReport(int Expected, int Recorded, int Missing, int Absent, int Lost, IReadOnlyList<CoverageGap> Gaps);

/// <summary>Whether the meter has the curve.</summary>
public enum CurveState
{
    /// <summary>It answers.</summary>
    Ok,

    /// <summary>It refused the type, record or point; tried again daily.</summary>
    Unsupported,
}

/// <summary>A curve as operators see it; sent to the live state after each change.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="Curve">The curve.</param>
/// <param name="State">Whether the meter has it.</param>
/// <param name="RecordedTo">The newest recorded interval end.</param>
/// <param name="Expected">Interval ends expected since the start.</param>
/// <param name="Recorded">Of these recorded.</param>
/// <param name="Missing">Of these missing.</param>
/// <param name="Absent">Of these absent.</param>
/// <param name="Lost">Of these lost.</param>
public sealed record ProfileStatus(
    string Meter, Curve Curve, CurveState State, Instant? RecordedTo, int Expected, int Recorded, int Missing, int Absent, int Lost)
{
    /// <summary>Where the oldest missing interval begins; null when none is missing.</summary>
    public Instant? MissingFrom { get; init; }

    /// <summary>Since when the meter refuses the curve; null while it does not.</summary>
    public Instant? UnsupportedSince { get; init; }

    /// <summary>When a refused curve is tried again.</summary>
    public Instant? NextTry { get; init; }

    /// <summary>Today and the seven civil days before, in order; empty when a node of an older version reports the curve.</summary>
    public ValueList<DayCoverage> Days { get; init; } = [];

    /// <summary>
    /// Whether everything of a day that is over is recorded or absent; false also when this was reported before the day was over.
    /// </summary>
    public bool IsComplete(LocalDate day) => Days.SkipLast(1).Any(one => one.Day == day && one.IsComplete);
}

/// <summary>How much of a civil day of a curve is recorded: of the interval ends after its 00:00, up to and including the next.</summary>
/// <param name="Day">The day, in the meter's zone.</param>
/// <param name="Expected">Interval ends expected; of today those that are expected so far.</param>
/// <param name="Recorded">Of these recorded.</param>
/// <param name="Absent">Of these absent.</param>
/// <param name="Lost">Of these lost.</param>
public sealed record DayCoverage(
    LocalDate Day, int Expected, int Recorded,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Absent = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Lost = 0)
{
    /// <summary>Of these missing: still to be read.</summary>
    public int Missing => Expected - Recorded - Absent - Lost;

    /// <summary>The meter has nothing more to give.</summary>
    public bool IsComplete => Recorded + Absent == Expected;
}

/// <summary>Answer to <see cref="GetDays"/>.</summary>
/// <param name="Days">The days, in order.</param>
public sealed record DaysReport(IReadOnlyList<DayCoverage> Days);

// Sent to the live state, and to the writer.

/// <summary>Intervals of a curve have been journaled.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="Curve">The curve.</param>
/// <param name="Count">How many.</param>
/// <param name="First">The first interval end.</param>
/// <param name="Last">The last interval end.</param>
public sealed record CurveRecorded(string Meter, Curve Curve, int Count, Instant First, Instant Last)
{
    /// <summary>The message about an event with at least one interval.</summary>
    public static CurveRecorded Of(string meter, Curve curve, IntervalsRecorded recorded) =>
        new(meter, curve, recorded.Intervals.Count, recorded.Intervals[0].End, recorded.Intervals[^1].End);
}

/// <summary>
/// Intervals that a profile actor has journaled are to be stored in load_profile. Answered by <see cref="IntervalsStored"/> after the
/// commit; what the writer has stored already (by sequence number) is confirmed and not stored again.
/// </summary>
/// <param name="PersistenceId">The profile actor's persistence id.</param>
/// <param name="SequenceNr">The event's sequence number.</param>
/// <param name="Meter">The meter's id.</param>
/// <param name="Curve">The curve.</param>
/// <param name="Intervals">The event.</param>
public sealed record StoreIntervals(string PersistenceId, long SequenceNr, string Meter, Curve Curve, IntervalsRecorded Intervals)
{
    /// <summary>
    /// The higher number that the writer has stored, when it comes from a journal that is lost or newer than this one: the numbers go on
    /// from <see cref="SequenceNr"/> instead. Null for an ordinary event.
    /// </summary>
    public long? Replaces { get; init; }
}

/// <summary>Everything of a profile actor up to this sequence number is committed.</summary>
/// <param name="PersistenceId">The profile actor's persistence id.</param>
/// <param name="SequenceNr">The highest sequence number stored.</param>
public sealed record IntervalsStored(string PersistenceId, long SequenceNr);

/// <summary>
/// Asks the writer whether load_profile and the journal of a profile are from the same moment; sent after each recovery. Answered by
/// <see cref="StoredCurve"/>.
/// </summary>
/// <param name="PersistenceId">The profile actor's persistence id.</param>
/// <param name="SequenceNr">The number of the journal's last event; the writer cannot have a higher one.</param>
/// <param name="LeastProgress">The number that the writer must have reached, because the events up to it may have been deleted.</param>
/// <param name="Meter">The meter's id.</param>
/// <param name="Curve">The curve.</param>
/// <param name="Samples">
/// Interval ends with the numbers of their events: what the writer has stored up to a number must hold its end, unless that was
/// deleted on purpose.
/// </param>
public sealed record CompareCurve(
    string PersistenceId, long SequenceNr, long LeastProgress, string Meter, Curve Curve,
    IReadOnlyList<(long SequenceNr, Instant End)> Samples)
{
    /// <summary>Whether the journal lacks events: then it agrees with no tables.</summary>
    public bool IsShort { get; init; }

    /// <summary>Whether journal and tables agree.</summary>
    /// <param name="progress">The highest sequence number stored.</param>
    /// <param name="deletedBefore">Intervals that ended earlier were deleted on purpose; null when none were.</param>
    /// <param name="isStored">Whether an interval that ends then is in load_profile.</param>
    public bool Agrees(long progress, Instant? deletedBefore, Func<Instant, bool> isStored)
    {
        if (IsShort || progress > SequenceNr || progress < LeastProgress)
            return false;
        return Samples.Where(sample => sample.SequenceNr <= progress).All(sample => sample.End < deletedBefore || isStored(sample.End));
    }
}

/// <summary>Answer to <see cref="CompareCurve"/>.</summary>
/// <param name="PersistenceId">The profile actor's persistence id.</param>
/// <param name="Progress">The highest sequence number stored.</param>
/// <param name="Contents">Null when journal and tables agree; otherwise what load_profile holds.</param>
public sealed record StoredCurve(string PersistenceId, long Progress, CurveContents? Contents);

/// <summary>What load_profile holds of a curve.</summary>
/// <param name="DeletedBefore">Intervals that ended earlier were deleted on purpose; null when none were.</param>
/// <param name="Runs">The intervals, in order.</param>
public sealed record CurveContents(Instant? DeletedBefore, IReadOnlyList<StoredRun> Runs);

/// <summary>Intervals that follow each other without a gap.</summary>
/// <param name="First">The first interval end.</param>
/// <param name="Last">The last interval end.</param>
/// <param name="PeriodMinutes">The length of each in minutes.</param>
public readonly record struct StoredRun(Instant First, Instant Last, int PeriodMinutes)
{
    /// <summary>Joins the intervals of a curve.</summary>
    /// <param name="intervals">The end and the length in minutes of each, in order of the ends; ends may be repeated.</param>
    public static List<StoredRun> Of(IEnumerable<(Instant End, int PeriodMinutes)> intervals)
    {
        var runs = new List<StoredRun>();
        foreach (var (end, minutes) in intervals)
        {
            var last = runs.Count > 0 ? runs[^1] : default;
            if (runs.Count > 0 && end == last.Last)
                continue;
            if (runs.Count > 0 && minutes == last.PeriodMinutes && end - last.Last == Duration.FromMinutes(minutes))
                runs[^1] = last with { Last = end };
            else
                runs.Add(new StoredRun(end, end, minutes));
        }

        return runs;
    }

    /// <summary>Every interval end of the run.</summary>
    internal IEnumerable<Instant> Ends()
    {
        for (var end = First; end <= Last; end += Duration.FromMinutes(PeriodMinutes))
            yield return end;
    }
}
