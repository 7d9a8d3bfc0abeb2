using Iec102.Protocol;
using NodaTime;

namespace Iec102.Simulator;

/// <summary>How a meter answers a valid range in which it holds nothing (protocol notes 4.2).</summary>
public enum EmptyRange
{
    /// <summary>Mirror with cause 7, then mirror with cause 10.</summary>
    Completed = 10,

    /// <summary>Mirror with cause 13: record not available.</summary>
    RecordNotAvailable = 13,

    /// <summary>Mirror with cause 17: object not available.</summary>
    ObjectNotAvailable = 17,

    /// <summary>Mirror with cause 18: integration period not available.</summary>
    PeriodNotAvailable = 18,
}

/// <summary>
/// Where meters differ (protocol notes 3.3, 7.4 and 8). The default is a meter that has everything and does what the notes suggest.
/// </summary>
public sealed record MeterBehaviour
{
    /// <summary>Block reads 189 and 190 are answered; otherwise they are mirrored with cause 14.</summary>
    public bool HasBlocks { get; init; } = true;

    /// <summary>Record 12 is kept; otherwise requests for it are mirrored with cause 15.</summary>
    public bool HasQuarterHours { get; init; } = true;

    /// <summary>122 and 189 are answered on record 11 too, as CIEMAT meters do and Actaris meters do not (cause 15).</summary>
    public bool HasHourlyRegisters { get; init; } = true;

    /// <summary>An interval that ends exactly at the begin of the asked range belongs to it; otherwise ranges are (from, to], as with Actaris.</summary>
    public bool IncludesRangeStart { get; init; } = true;

    /// <summary>The answer to a range without data.</summary>
    public EmptyRange EmptyRange { get; init; } = EmptyRange.Completed;

    /// <summary>Only object 1 is measured: frames of totals carry it alone, and requests without it and block reads are mirrored with cause 17.</summary>
    public bool HasActiveImportOnly { get; init; }

    /// <summary>How the labels tell summer time.</summary>
    public SummerTimeHabit SummerTime { get; init; } = SummerTimeHabit.SuBit;

    /// <summary>
    /// The cause, 13 to 18, with which requests outside a session are mirrored. No source shows it (protocol notes 7.4); 13 is taken because, without a
    /// session, no record is available, while 14 to 16 would state facts about the type, the record or the point.
    /// </summary>
    public CauseOfTransmission OutsideSession { get; init; } = CauseOfTransmission.RecordNotAvailable;

    /// <summary>A session without any request or poll for this long is over.</summary>
    public Duration SessionIdle { get; init; } = Duration.FromMinutes(5);

    /// <summary>While it lasts the meter is dead: no frame is answered. By true time, not by the meter's clock.</summary>
    public Interval? Silence { get; init; }

    /// <summary>How many days back the meter still holds its curves, when that is less than the days of its history.</summary>
    public int? HeldDays { get; init; }
}
