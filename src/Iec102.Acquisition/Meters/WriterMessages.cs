using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Meters;

// Commands to the writer (/user/writer), which the storage room provides; it also takes every MeterFact, answered only by EventsStored.

/// <summary>The current values of a meter, sent at most every 10 s. Not answered.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="Values">The values.</param>
/// <param name="KeepHistory">Also keep these values as history.</param>
public sealed record StoreCurrentValues(string Meter, IReadOnlyList<CurrentValue> Values, bool KeepHistory);

/// <summary>A meter's identification. Not answered.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="Identification">Its answer.</param>
/// <param name="ReadAt">When.</param>
public sealed record StoreIdentity(string Meter, DeviceIdentification Identification, Instant ReadAt);

/// <summary>How a meter labels summer time, as its clock shows. Not answered.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="Habit">The habit.</param>
public sealed record StoreHabit(string Meter, SummerTimeHabit Habit);

/// <summary>A clock check; kept as history. Not answered.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="Reading">The comparison.</param>
public sealed record StoreClockCheck(string Meter, ClockReading Reading);

/// <summary>Asks what is on record of a meter when its actor starts; answered by <see cref="KnownIdentity"/>.</summary>
/// <param name="Meter">The meter's id.</param>
public sealed record GetIdentity(string Meter);

// Answers of the writer.

/// <summary>Answer to <see cref="GetIdentity"/>.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="SerialNumber">The recorded serial number; null when none is recorded.</param>
/// <param name="Habit">The recorded summer-time habit; null when none is recorded.</param>
/// <param name="Configuration">The newest answer of each type and record that says how the meter is set up.</param>
/// <param name="Progress">Up to where its facts are stored.</param>
public sealed record KnownIdentity(
    string Meter, uint? SerialNumber, SummerTimeHabit? Habit, IReadOnlyList<ConfigurationRead> Configuration,
    IReadOnlyList<FactProgress> Progress);
