using Iec102.Acquisition.Profiles;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Tasks;

/// <summary>
/// What was read from a meter besides current values and intervals. Each fact can be read again and is stored once: the meter actor sends
/// it to the writer as it is, without a journal (architecture, "Storage").
/// </summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="SerialNumber">The meter that it was read from; 0 when that gives no number.</param>
/// <param name="ReadAt">When its answer arrived.</param>
public abstract record MeterFact(string Meter, uint SerialNumber, Instant ReadAt);

/// <summary>One event of a meter's list.</summary>
/// <param name="Event">As on the wire.</param>
/// <param name="Time">The instant of its label; null when that is not a valid date.</param>
/// <param name="Ordinal">0 for the first of events that are equal in one answer, then 1, 2 ...: with record, event and time its
/// key.</param>
public sealed record EventRead(MeterEvent Event, Instant? Time, int Ordinal);

/// <summary>The events of one record, types 102 and 1 (protocol notes 4.5 and 5).</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="SerialNumber">Its serial number.</param>
/// <param name="ReadAt">When they were read.</param>
/// <param name="Record">52 to 55, 128 to 133, or a manufacturer's.</param>
/// <param name="ReadTo">Everything up to this instant is known with it.</param>
/// <param name="Events">In the order of the answer.</param>
public sealed record EventsRead(
    string Meter, uint SerialNumber, Instant ReadAt, byte Record, Instant ReadTo, IReadOnlyList<EventRead> Events)
    : MeterFact(Meter, SerialNumber, ReadAt);

/// <summary>
/// Sent after the commit to the sender of <see cref="EventsRead"/>, when there were events in it that had not been stored before.
/// </summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="Record">The record.</param>
/// <param name="ReadAt">When they were read.</param>
/// <param name="Events">The new ones, in the order of the answer.</param>
public sealed record EventsStored(string Meter, byte Record, Instant ReadAt, IReadOnlyList<EventRead> Events);

/// <summary>One tariff period of a contract.</summary>
/// <param name="Information">As on the wire; object 20 is the total, 21 to 29 the periods.</param>
/// <param name="Start">The instant of its start; null when the label is not a valid date.</param>
/// <param name="End">The instant of its end; null when the label is not a valid date.</param>
/// <param name="MaximumAt">The instant of the maximum demand; null when the label is not a valid date, as when there was none.</param>
public sealed record TariffPeriodRead(TariffInformation Information, Instant? Start, Instant? End, Instant? MaximumAt);

/// <summary>The tariff information of a contract, types 133 and 135, or 134 and 136 (protocol notes 4.7).</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="SerialNumber">Its serial number.</param>
/// <param name="ReadAt">When it was read.</param>
/// <param name="Record">134, 135, 136: contract I, II, III.</param>
/// <param name="IsClosed">
/// True for closed periods, which no longer change; false for the current one, of which only the last reading is kept.
/// </param>
/// <param name="ReadTo">Every period closed up to this instant is known with it; meaningless for a current one.</param>
/// <param name="Periods">In the order of the answer.</param>
public sealed record TariffRead(
    string Meter, uint SerialNumber, Instant ReadAt, byte Record, bool IsClosed, Instant ReadTo, IReadOnlyList<TariffPeriodRead> Periods)
    : MeterFact(Meter, SerialNumber, ReadAt);

/// <summary>Daily closings: the absolute registers at midnight, type 122 on record 21 (protocol notes 4.4).</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="SerialNumber">Its serial number.</param>
/// <param name="ReadAt">When they were read.</param>
/// <param name="IsDerived">True when they are the registers of record 11 at 00:00, of a meter that refuses record 21; never takes the place
/// of a true closing.</param>
/// <param name="ReadTo">Every closing up to this instant is known with it.</param>
/// <param name="Closings">By the instant of the reading.</param>
public sealed record ClosingsRead(
    string Meter, uint SerialNumber, Instant ReadAt, bool IsDerived, Instant ReadTo, IReadOnlyList<RecordedInterval> Closings)
    : MeterFact(Meter, SerialNumber, ReadAt);

/// <summary>
/// An answer that says how a meter is set up: types 129, 131, 142, 145, 148, 151, 157 (protocol notes 4.3 and 4.8 to 4.10). Kept as octets,
/// decoded by whoever shows it; secrets in it are zeroed (<see cref="SecretOctets"/>).
/// </summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="SerialNumber">Its serial number.</param>
/// <param name="ReadAt">When it was read.</param>
/// <param name="Asdu">The answer, header included; type and record are in it.</param>
public sealed record ConfigurationRead(
    string Meter, uint SerialNumber, Instant ReadAt, byte[] Asdu) : MeterFact(Meter, SerialNumber, ReadAt);

/// <summary>A meter's clock compared with ours.</summary>
/// <param name="Tag">The label in its answer.</param>
/// <param name="Offset">The meter's clock less ours, the line's delay taken into account.</param>
/// <param name="Uncertainty">Half the round trip.</param>
/// <param name="ReadAt">When it was read.</param>
public sealed record ClockReading(TimeTagB Tag, Duration Offset, Duration Uncertainty, Instant ReadAt);

/// <summary>How writing a meter's clock ended.</summary>
public enum ClockWriteOutcome
{
    /// <summary>The meter confirmed it.</summary>
    Set,

    /// <summary>The meter refused.</summary>
    Refused,

    /// <summary>The meter did not answer: its clock may or may not have been set.</summary>
    NoAnswer,
}

/// <summary>The clock of a meter was written, successfully or not, type 181 (protocol notes 4.3). Every attempt is kept.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="SerialNumber">Its serial number.</param>
/// <param name="ReadAt">When the attempt ended.</param>
/// <param name="OffsetBefore">The meter's clock less ours, at the check that led to it.</param>
/// <param name="Written">The label that was written.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Error">Why it was not set, in one sentence; null when it was.</param>
public sealed record ClockWritten(
    string Meter, uint SerialNumber, Instant ReadAt, Duration OffsetBefore, TimeTagB Written, ClockWriteOutcome Outcome, string? Error)
    : MeterFact(Meter, SerialNumber, ReadAt);

/// <summary>The kinds of facts of which each reading goes on where the last one ended.</summary>
public enum FactKind
{
    /// <summary>Events, by record.</summary>
    Events,

    /// <summary>Closed tariff periods, by record of the contract.</summary>
    ClosedTariff,

    /// <summary>Daily closings; record 21, or 11 when they are derived.</summary>
    Closings,
}

/// <summary>Up to where the facts of a kind are stored.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Record">The record.</param>
/// <param name="ReadTo">Everything up to here.</param>
public sealed record FactProgress(FactKind Kind, byte Record, Instant ReadTo);
