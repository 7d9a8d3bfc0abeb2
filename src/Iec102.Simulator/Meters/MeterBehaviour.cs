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
/// notes suggest. <see cref="LineBehaviour"/> describes what the line does to frames.
/// </summary>
public sealed record MeterBehaviour
{
    /// <summary>Whether block reads 189 and 190 are answered; otherwise they are mirrored with cause 14.</summary>
    public bool HasBlocks { get; init; } = true;

    /// <summary>Whether record 12 is kept; otherwise requests for it are mirrored with cause 15.</summary>
    public bool HasQuarterHours { get; init; } = true;

    /// <summary>
    /// Whether requests 122 and 189 are also answered for record 11. CIEMAT meters do that; Actaris meters refuse with cause 15.
    /// </summary>
    public bool HasHourlyRegisters { get; init; } = true;

    /// <summary>Whether daily closings, record 21, are kept; otherwise requests for it are mirrored with cause 15.</summary>
    public bool HasDailyClosings { get; init; } = true;

    /// <summary>Types of requests that the meter does not support; they are mirrored with cause 14.</summary>
    public IReadOnlySet<TypeIdentification> MissingTypes { get; init; } = new HashSet<TypeIdentification>();

    /// <summary>Integration period 2, of record 12: 5, 10, 15 or 30 minutes.</summary>
    public int Period2Minutes { get; init; } = 15;

    /// <summary>Version of the firmware, in types 142 and 157.</summary>
    public byte Firmware { get; init; } = 10;

    /// <summary>
    /// Whether an interval that ends exactly at the beginning of the requested range belongs to it; otherwise ranges are (from, to], as in
    /// Actaris meters.
    /// </summary>
    public bool IncludesRangeStart { get; init; } = true;

    /// <summary>
    /// Whether a list of totals begins at 00:00 of the first requested day, with that row included, whatever hour was requested
    /// (Landis+Gyr).
    /// </summary>
    public bool ListsFromMidnight { get; init; }

    /// <summary>
    /// Whether rows of totals are sent twice: each further frame of blocks begins with the last row of the previous frame, and outside
    /// blocks each further row is followed by the previous one.
    /// </summary>
    public bool OverlapsFrames { get; init; }

    /// <summary>How a range without data is answered.</summary>
    public EmptyRange EmptyRange { get; init; } = EmptyRange.Completed;

    /// <summary>
    /// Whether only object 1 is measured: frames of totals then contain nothing else, and block reads and requests without object 1 are
    /// mirrored with cause 17.
    /// </summary>
    public bool HasActiveImportOnly { get; init; }

    /// <summary>
    /// Whether each frame of type 8 or 11 contains only one object, so that eight objects of an instant take eight frames.
    /// </summary>
    public bool OneObjectPerFrame { get; init; }

    /// <summary>
    /// Whether "never" is sent as a time tag of five zeros: daily closings then begin with an empty one, stored tariff periods begin with
    /// one that was never closed, and no maximum demand has been reached yet.
    /// </summary>
    public bool HasEmptyTags { get; init; }

    /// <summary>Whether every label names the day of the week after the true one.</summary>
    public bool HasWrongDayOfWeek { get; init; }

    /// <summary>How time labels indicate summer time.</summary>
    public SummerTimeHabit SummerTime { get; init; } = SummerTimeHabit.SuBit;

    /// <summary>Whether the P/N bit is set in refusals, causes 13 to 18.</summary>
    public bool RefusesNegatively { get; init; }

    /// <summary>
    /// The cause, 13 to 18, with which requests outside a session are mirrored. No source shows it (protocol notes 7.4). The default is 13
    /// because no record is available without a session, while 14 to 16 would state facts about the type, the record or the point.
    /// </summary>
    public CauseOfTransmission OutsideSession { get; init; } = CauseOfTransmission.RecordNotAvailable;

    /// <summary>A session ends when no request or poll has arrived for this long.</summary>
    public Duration SessionIdle { get; init; } = Duration.FromMinutes(5);

    /// <summary>How many requests after the login the meter answers before it drops the session by itself.</summary>
    public int RequestsPerSession { get; init; } = int.MaxValue;

    /// <summary>
    /// The key of a session in which the clock may be set; null when the access key suffices. Without the right key, 181 gets a negative
    /// confirmation.
    /// </summary>
    public uint? WriteKey { get; init; }

    /// <summary>Whether the confirmation of 181 leaves out the time that was set.</summary>
    public bool ConfirmsClockWithoutTime { get; init; }

    /// <summary>
    /// How many polls bring "no data" before the first frame of an answer, and in a series again before the first frame of data.
    /// </summary>
    public int NoDataPolls { get; init; }

    /// <summary>How often a request is answered with NACK before it is accepted.</summary>
    public int Nacks { get; init; }

    /// <summary>
    /// How long each request fills the receive buffer: its ACK has DFC = 1, and for this long the meter receives no frame.
    /// </summary>
    public Duration BufferFullFor { get; init; } = Duration.Zero;

    /// <summary>Whether ACK is sent as the single octet 0xE5.</summary>
    public bool AcknowledgesBySingleOctet { get; init; }

    /// <summary>A time during which the meter is dead and answers no frame, given in true time and not by the meter's clock.</summary>
    public Interval? Silence { get; init; }

    /// <summary>How many days the meter keeps its curves, if that is less than its history.</summary>
    public int? HeldDays { get; init; }
}
