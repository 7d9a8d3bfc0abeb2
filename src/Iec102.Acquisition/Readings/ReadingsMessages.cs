using System.Collections.Immutable;
using Iec102.Acquisition.Gateway;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using NodaTime;

namespace Iec102.Acquisition.Readings;

/// <summary>What a value is worth.</summary>
public enum ValueQuality
{
    /// <summary>Valid and fresh.</summary>
    Good,

    /// <summary>The meter marks it invalid.</summary>
    Invalid,

    /// <summary>Older than three times its period, or read before the last start.</summary>
    Stale,
}

/// <summary>One of the 24 signals of a meter.</summary>
/// <param name="Id">Such as power.active.l1.</param>
/// <param name="Value">The value in <paramref name="Unit"/>; null when invalid.</param>
/// <param name="Unit">kWh, kvarh, kW, kvar, 1, A, V.</param>
/// <param name="Quality">What it is worth.</param>
/// <param name="MeterTime">The time tag of its group; null when the tag is no date.</param>
/// <param name="ReadAt">When it was read.</param>
/// <param name="PrimaryValue">Of a current or a voltage, which come as on the secondary side: the value times the transformer ratio; null until that is known.</param>
public sealed record CurrentValue(
    string Id, double? Value, string Unit, ValueQuality Quality, Instant? MeterTime, Instant ReadAt, double? PrimaryValue = null);

// Told to the readings actor by meters (with MeterStatus, PortStatus and ProfileStatus).

/// <summary>Current values of a meter were read.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="Every">How often they are read; they are stale after three times that.</param>
/// <param name="HistoryEvery">How often they are kept as history; null for never.</param>
/// <param name="Values">The values of the groups that were read.</param>
public sealed record CurrentValuesRead(string Meter, Duration Every, Duration? HistoryEvery, IReadOnlyList<CurrentValue> Values);

/// <summary>Current values from before the start, told once by the host: shown as stale until they are read again.</summary>
/// <param name="Values">The values by meter id.</param>
public sealed record CurrentValuesRestored(IReadOnlyDictionary<string, IReadOnlyList<CurrentValue>> Values);

/// <summary>A meter's identification was read.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="Identification">What it said.</param>
/// <param name="ReadAt">When.</param>
public sealed record IdentityRead(string Meter, DeviceIdentification Identification, Instant ReadAt);

/// <summary>A meter's summer-time habit was found out, or has changed.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="Habit">The habit.</param>
public sealed record HabitFound(string Meter, SummerTimeHabit Habit);

/// <summary>A meter's clock was read.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="Reading">The comparison.</param>
public sealed record ClockRead(string Meter, ClockReading Reading);

/// <summary>Intervals of a curve have been journaled.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="Curve">The curve.</param>
/// <param name="Count">How many.</param>
/// <param name="First">The first interval end.</param>
/// <param name="Last">The last interval end.</param>
public sealed record CurveRecorded(string Meter, Curve Curve, int Count, Instant First, Instant Last)
{
    /// <summary>What to tell of an event with at least one interval.</summary>
    public static CurveRecorded Of(string meter, Curve curve, IntervalsRecorded recorded) =>
        new(meter, curve, recorded.Intervals.Count, recorded.Intervals[0].End, recorded.Intervals[^1].End);
}

/// <summary>A meter was taken out of the fleet: forget it.</summary>
/// <param name="Meter">The meter's id.</param>
public sealed record ForgetMeter(string Meter);

/// <summary>A port was taken out of the fleet: forget it.</summary>
/// <param name="Port">The port's id.</param>
public sealed record ForgetPort(string Port);

/// <summary>A port has no gateway any more: forget it.</summary>
/// <param name="Port">The port's id.</param>
public sealed record ForgetGateway(string Port);

// Queries to the readings actor.

/// <summary>
/// The sender wants to be told from now on, as it happens: <see cref="CurrentValuesRead"/>, <see cref="CurveRecorded"/>, <see cref="EventsStored"/>, and
/// <see cref="PortStatus"/> and <see cref="MeterStatus"/> when the state has changed. Not answered; saying it again changes nothing. Who stops is forgotten.
/// </summary>
public sealed record Watch;

/// <summary>The sender wants to be told no more. Not answered.</summary>
public sealed record Unwatch;

/// <summary>Asks for everything known now; answered by <see cref="Overview"/>.</summary>
public sealed record GetOverview;

/// <summary>All ports, meters and curves as they are, and how fast things go.</summary>
/// <param name="Ports">By id.</param>
/// <param name="Meters">By id.</param>
/// <param name="Profiles">By meter, then curve.</param>
/// <param name="Current">Current values by meter id.</param>
public sealed record Overview(
    ImmutableSortedDictionary<string, PortStatus> Ports,
    ImmutableSortedDictionary<string, MeterStatus> Meters,
    ImmutableSortedDictionary<string, ImmutableSortedDictionary<Curve, ProfileStatus>> Profiles,
    ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, CurrentValue>> Current)
{
    /// <summary>What has been counted of each meter since the start, by id.</summary>
    public ImmutableSortedDictionary<string, MeterTally> Tallies { get; init; } = ImmutableSortedDictionary<string, MeterTally>.Empty;

    /// <summary>The gateways, by port id.</summary>
    public ImmutableSortedDictionary<string, GatewayStatus> Gateways { get; init; } = ImmutableSortedDictionary<string, GatewayStatus>.Empty;

    /// <summary>The curves of a meter.</summary>
    public IEnumerable<ProfileStatus> ProfilesOf(string meter) => Profiles.TryGetValue(meter, out var curves) ? curves.Values : [];
}

/// <summary>What has been counted of a meter since the start.</summary>
/// <param name="EventsStored">Events stored that were not known before.</param>
/// <param name="ClocksSet">How often its clock was set.</param>
/// <param name="ClocksRefused">How often it refused that.</param>
/// <param name="ClocksUnanswered">How often it did not answer.</param>
public sealed record MeterTally(long EventsStored = 0, long ClocksSet = 0, long ClocksRefused = 0, long ClocksUnanswered = 0)
{
    /// <summary>With an attempt to set the clock.</summary>
    public MeterTally And(ClockWriteOutcome outcome) => outcome switch
    {
        ClockWriteOutcome.Set => this with { ClocksSet = ClocksSet + 1 },
        ClockWriteOutcome.Refused => this with { ClocksRefused = ClocksRefused + 1 },
        _ => this with { ClocksUnanswered = ClocksUnanswered + 1 },
    };
}
