using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Profiles;

// What a ProfileActor journals. ProfileFormat lists all of it; profile.proto says how each is written.

/// <summary>An event of a profile. Only <see cref="IntervalsRecorded"/> concerns anybody but the profile itself.</summary>
public interface IProfileEvent;

/// <summary>One interval as read.</summary>
/// <param name="End">The instant of its end, UTC.</param>
/// <param name="Row">Its label, values and quality octets as on the wire.</param>
public readonly record struct RecordedInterval(Instant End, TotalsRow Row);

/// <summary>The consecutive intervals of one answer.</summary>
/// <param name="SerialNumber">The meter that gave them.</param>
/// <param name="Record">The record asked.</param>
/// <param name="Type">The request type used: 190 or 123.</param>
/// <param name="PeriodMinutes">The length of an interval.</param>
/// <param name="ReceivedAt">When the answer arrived.</param>
/// <param name="Intervals">The intervals in ascending order.</param>
public sealed record IntervalsRecorded(
    uint SerialNumber, byte Record, TypeIdentification Type, int PeriodMinutes, Instant ReceivedAt,
    IReadOnlyList<RecordedInterval> Intervals)
    : IProfileEvent;

/// <summary>From when on intervals are expected; a later event of this kind only ever moves the start earlier.</summary>
/// <param name="Start">Ends after it are expected.</param>
/// <param name="PeriodMinutes">The period assumed until tags are seen.</param>
/// <param name="PhaseMinutes">By how much standard time differs from UTC within the hour.</param>
internal sealed record StartSet(Instant Start, int PeriodMinutes, int PhaseMinutes) : IProfileEvent;

/// <summary>The meter whose history this is: the first one seen, or one that replaced it and begins a new segment.</summary>
/// <param name="SerialNumber">Its serial number.</param>
internal sealed record MeterSeen(uint SerialNumber) : IProfileEvent;

/// <summary>The meter describes its set-up differently from the last look: another firmware, or another period of this curve.</summary>
/// <param name="Firmware">Model and firmware; null while they are not known.</param>
/// <param name="PeriodMinutes">The period of this curve; null while it is not known.</param>
/// <param name="DepthDays">How many days the meter says that it keeps this curve; null while it is not known.</param>
internal sealed record SetUpSeen(string? Firmware, int? PeriodMinutes, int? DepthDays = null) : IProfileEvent
{
    /// <summary>Before the first look.</summary>
    public static SetUpSeen Nothing { get; } = new(null, null);
}

/// <summary>The tags of an answer, or the meter's configuration, showed another period than was assumed.</summary>
/// <param name="Range">Where it holds.</param>
/// <param name="PeriodMinutes">The period.</param>
internal sealed record PeriodLearned(TimeRange Range, int PeriodMinutes) : IProfileEvent;

/// <summary>The meter answered and left these ranges out.</summary>
/// <param name="Ranges">The ranges.</param>
/// <param name="At">When.</param>
/// <param name="Refusal">The cause of its refusal; 0 when its answer was complete.</param>
/// <param name="IsProof">
/// False when its clock cannot be relied on: then nothing is absent, and only an operator's wish to reread is met.
/// </param>
internal sealed record RangesLeftOut(RangeSet Ranges, Instant At, CauseOfTransmission Refusal, bool IsProof) : IProfileEvent;

/// <summary>An operator wants a range read again.</summary>
/// <param name="Range">The range.</param>
internal sealed record RereadRequested(TimeRange Range) : IProfileEvent;

/// <summary>
/// The journal and the tables were not from the same moment, so what counts as recorded was taken from the tables again.
/// </summary>
/// <param name="Recorded">What the tables hold on the grid, and what was deleted from them on purpose.</param>
/// <param name="OffGrid">The ends that they hold besides, each as the minute before it.</param>
internal sealed record CoverageRebuilt(RangeSet Recorded, RangeSet OffGrid) : IProfileEvent;

/// <summary>Another request is used from now on.</summary>
/// <param name="Method">The request.</param>
internal sealed record MethodChosen(ReadMethod Method) : IProfileEvent;

/// <summary>The meter refused the curve itself, or gives it again.</summary>
/// <param name="Refusal">The cause; 0 when it gives the curve.</param>
/// <param name="At">When.</param>
internal sealed record SupportLearned(CauseOfTransmission Refusal, Instant At) : IProfileEvent;
