using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Simulator.Lines;
using NodaTime;

namespace Iec102.Simulator.Meters;

/// <summary>How a meter answers a valid range for which it holds no data (protocol notes 4.2).</summary>
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
/// How meters differ from each other (protocol notes 3.3, 7.4 and 8). The default is a meter that supports everything and does what the
/// notes suggest. What the line does to frames is <see cref="LineBehaviour"/>.
/// </summary>
public sealed record MeterBehaviour
{
    /// <summary>Block reads 189 and 190 are answered; otherwise they are mirrored with cause 14.</summary>
    public bool HasBlocks { get; init; } = true;

    /// <summary>Record 12 is kept; otherwise requests for it are mirrored with cause 15.</summary>
    public bool HasQuarterHours { get; init; } = true;

    /// <summary>122 and 189 are answered on record 11 too, as CIEMAT meters do and Actaris meters do not (cause 15).</summary>
    public bool HasHourlyRegisters { get; init; } = true;

    /// <summary>Daily closings are kept, record 21; otherwise requests for it are mirrored with cause 15.</summary>
    public bool HasDailyClosings { get; init; } = true;

    /// <summary>Types of requests that the meter does not support: they are mirrored with cause 14.</summary>
    public IReadOnlySet<TypeIdentification> MissingTypes { get; init; } = new HashSet<TypeIdentification>();

    /// <summary>Integration period 2, of record 12: 5, 10, 15 or 30 minutes.</summary>
    public int Period2Minutes { get; init; } = 15;

    /// <summary>Version of the firmware, in types 142 and 157.</summary>
    public byte Firmware { get; init; } = 10;

    /// <summary>
    /// An interval that ends exactly at the beginning of the requested range belongs to it; otherwise ranges are (from, to], as with
    /// Actaris.
    /// </summary>
    public bool IncludesRangeStart { get; init; } = true;

    /// <summary>
    /// A list of totals begins at 00:00 of the first requested day, that row included, whatever hour was requested (Landis+Gyr).
    /// </summary>
    public bool ListsFromMidnight { get; init; }

    /// <summary>
    /// Rows of totals are sent twice: each further frame of blocks begins with the last row of the previous one, and each further row is
    /// followed by the previous one.
    /// </summary>
    public bool OverlapsFrames { get; init; }

    /// <summary>How a range without data is answered.</summary>
    public EmptyRange EmptyRange { get; init; } = EmptyRange.Completed;

    /// <summary>
    /// Only object 1 is measured: frames of totals contain nothing else, and requests without it and block reads are mirrored with cause
    /// 17.
    /// </summary>
    public bool HasActiveImportOnly { get; init; }

    /// <summary>Each frame of type 8 or 11 contains one object: eight objects of an instant take eight frames.</summary>
    public bool OneObjectPerFrame { get; init; }

    /// <summary>
    /// "Never" is sent as a tag of five zeros: daily closings begin with an empty one, stored tariff periods with one that was never
    /// closed, and no maximum of demand has been reached yet.
    /// </summary>
    public bool HasEmptyTags { get; init; }

    /// <summary>Every label names the day of the week after the true one.</summary>
    public bool HasWrongDayOfWeek { get; init; }

    /// <summary>How time labels indicate summer time.</summary>
    public SummerTimeHabit SummerTime { get; init; } = SummerTimeHabit.SuBit;

    /// <summary>The P/N bit is set in refusals, causes 13 to 18.</summary>
    public bool RefusesNegatively { get; init; }

    /// <summary>
    /// The cause, 13 to 18, with which requests outside a session are mirrored. No source shows it (protocol notes 7.4). The default is 13
    /// because no record is available without a session, while 14 to 16 would state facts about the type, the record or the point.
    /// </summary>
    public CauseOfTransmission OutsideSession { get; init; } = CauseOfTransmission.RecordNotAvailable;

    /// <summary>A session ends when no request or poll has come for this long.</summary>
    public Duration SessionIdle { get; init; } = Duration.FromMinutes(5);

    /// <summary>How many requests after the login the meter answers before it drops the session by itself.</summary>
    public int RequestsPerSession { get; init; } = int.MaxValue;

    /// <summary>
    /// The key of a session in which the clock may be set; null when the access key suffices. Without the right key, 181 gets a negative
    /// confirmation.
    /// </summary>
    public uint? WriteKey { get; init; }

    /// <summary>The confirmation of 181 does not repeat the time that was set.</summary>
    public bool ConfirmsClockWithoutTime { get; init; }

    /// <summary>
    /// How many polls bring "no data" before the first frame of an answer, and in a series again before the first frame of data.
    /// </summary>
    public int NoDataPolls { get; init; }

    /// <summary>How often a request is answered with NACK before it is accepted.</summary>
    public int Nacks { get; init; }

    /// <summary>A request fills the receive buffer: its ACK has DFC = 1, and for this long the meter hears no frame.</summary>
    public Duration BufferFullFor { get; init; } = Duration.Zero;

    /// <summary>ACK is sent as the single octet 0xE5.</summary>
    public bool AcknowledgesBySingleOctet { get; init; }

    /// <summary>A time during which the meter is dead and answers no frame, given in true time and not by the meter's clock.</summary>
    public Interval? Silence { get; init; }

    /// <summary>How many days the meter keeps its curves, when fewer than the days of its history.</summary>
    public int? HeldDays { get; init; }
}
