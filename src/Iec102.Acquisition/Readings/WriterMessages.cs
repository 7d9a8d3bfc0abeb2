using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Readings;

// Commands to the writer (/user/writer), which the storage room provides; beside them it takes every MeterFact, answered only by EventsStored.

/// <summary>
/// Intervals that a profile actor has journaled are to be stored in load_profile. Answered by <see cref="IntervalsStored"/> after the commit; what the writer
/// has stored already (by sequence number) is answered and not stored again.
/// </summary>
/// <param name="PersistenceId">The profile actor's persistence id.</param>
/// <param name="SequenceNr">The event's sequence number.</param>
/// <param name="Meter">The meter's id.</param>
/// <param name="Curve">The curve.</param>
/// <param name="Intervals">The event.</param>
public sealed record StoreIntervals(string PersistenceId, long SequenceNr, string Meter, Curve Curve, IntervalsRecorded Intervals);

/// <summary>The current values of a meter, upserted at most every 10 s by the readings actor; no answer.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="Values">The values.</param>
/// <param name="KeepHistory">Also keep these values as history.</param>
public sealed record StoreCurrentValues(string Meter, IReadOnlyList<CurrentValue> Values, bool KeepHistory);

/// <summary>A meter's identification; no answer.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="Identification">What it said.</param>
/// <param name="ReadAt">When.</param>
public sealed record StoreIdentity(string Meter, DeviceIdentification Identification, Instant ReadAt);

/// <summary>How a meter labels summer time, found out from its clock; no answer.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="Habit">The habit.</param>
public sealed record StoreHabit(string Meter, SummerTimeHabit Habit);

/// <summary>The zone of a meter's civil time, told by the host for each configured meter, so that stored intervals can be written out without the fleet file; no answer.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="ZoneId">The zone's id in the tz database.</param>
public sealed record StoreMeterZone(string Meter, string ZoneId);

/// <summary>A clock check; kept as history. No answer.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="Reading">The comparison.</param>
public sealed record StoreClockCheck(string Meter, Meters.ClockReading Reading);

/// <summary>What is recorded of a meter; asked at the meter actor's start, answered by <see cref="KnownIdentity"/>.</summary>
/// <param name="Meter">The meter's id.</param>
public sealed record GetIdentity(string Meter);

// Answers of the writer.

/// <summary>Everything of a profile actor up to this sequence number is committed.</summary>
/// <param name="PersistenceId">The profile actor's persistence id.</param>
/// <param name="SequenceNr">The highest sequence number stored.</param>
public sealed record IntervalsStored(string PersistenceId, long SequenceNr);

/// <summary>Told to whoever told <see cref="EventsRead"/> after the commit, when there were events in it that had not been stored before.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="Record">The record.</param>
/// <param name="ReadAt">When they were read.</param>
/// <param name="Events">The new ones, in the order of the answer.</param>
public sealed record EventsStored(string Meter, byte Record, Instant ReadAt, IReadOnlyList<EventRead> Events);

/// <summary>Answer to <see cref="GetIdentity"/>.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="SerialNumber">The recorded serial number; null when none is recorded.</param>
/// <param name="Habit">The recorded summer-time habit; null when none is recorded.</param>
/// <param name="Configuration">The newest answer of each type and record that tells how the meter is set up.</param>
/// <param name="Progress">Up to where its facts are stored.</param>
public sealed record KnownIdentity(
    string Meter, uint? SerialNumber, SummerTimeHabit? Habit, IReadOnlyList<ConfigurationRead> Configuration, IReadOnlyList<FactProgress> Progress);
