using Iec102.Acquisition.Ports;
using Iec102.Protocol;
using NodaTime;

namespace Iec102.Acquisition.Meters;

// Commands to the MeterActor.

/// <summary>Reads now; answered by <see cref="ReadNowAnswer"/>.</summary>
/// <param name="What">current, clock, id, events, tariff, closings, config, powers, holidays or parameters.</param>
public sealed record ReadNow(string What);

/// <summary>An operator says: try the login now. Answered by <see cref="OperatorActionAccepted"/>.</summary>
public sealed record RetryLogin;

/// <summary>An operator says: a new meter stands here. The serial number of the next login is taken as the meter's own. Answered by <see cref="OperatorActionAccepted"/>.</summary>
public sealed record DeclareReplaced;

/// <summary>
/// Somebody wants to ask the meter through its port: have a session, by a login if need be. Answered by <see cref="SessionOpened"/> or <see cref="SessionNotOpened"/>.
/// </summary>
/// <param name="Id">Comes back in the answer.</param>
/// <param name="LostEpoch">The epoch in which the port said that there is no session any more; null when that is not known.</param>
public sealed record OpenSession(RequestId Id, int? LostEpoch);

// Answers of the MeterActor.

/// <summary>There is a session.</summary>
/// <param name="Id">The id of the <see cref="OpenSession"/>.</param>
/// <param name="Epoch">The link epoch to name in the request to the port.</param>
public sealed record SessionOpened(RequestId Id, int Epoch);

/// <summary>There is none now: the meter does not answer, refuses the login, or is another one.</summary>
/// <param name="Id">The id of the <see cref="OpenSession"/>.</param>
/// <param name="Error">Why, in one sentence.</param>
public sealed record SessionNotOpened(RequestId Id, string Error);

/// <summary>Why a <see cref="ReadNow"/> brought nothing.</summary>
public enum ReadNowOutcome
{
    /// <summary>It was read.</summary>
    Read,

    /// <summary>The meter, or its line, does not answer.</summary>
    NoAnswer,

    /// <summary>The meter refused.</summary>
    Refused,
}

/// <summary>Answer to <see cref="ReadNow"/>; what was read has gone to the readings actor before it.</summary>
/// <param name="Outcome">Whether it was read.</param>
/// <param name="Error">One sentence when it was not.</param>
/// <param name="Values">The current values that were read, if these were asked for.</param>
/// <param name="Identification">The identification, if it was asked for.</param>
/// <param name="Clock">The clock, if it was asked for.</param>
/// <param name="Facts">What else was asked for, as far as the meter has it.</param>
public sealed record ReadNowAnswer(
    ReadNowOutcome Outcome, string? Error, IReadOnlyList<Readings.CurrentValue>? Values = null, DeviceIdentification? Identification = null, ClockReading? Clock = null,
    IReadOnlyList<Readings.MeterFact>? Facts = null);

/// <summary>A meter's clock compared with ours.</summary>
/// <param name="Tag">The label it answered.</param>
/// <param name="Offset">The meter's clock less ours, the line's delay taken into account.</param>
/// <param name="Uncertainty">Half the round trip.</param>
/// <param name="ReadAt">When it was read.</param>
public sealed record ClockReading(TimeTagB Tag, Duration Offset, Duration Uncertainty, Instant ReadAt);

/// <summary>An operator's command was taken.</summary>
public sealed record OperatorActionAccepted;

/// <summary>States of a meter.</summary>
public enum MeterState
{
    /// <summary>The port is closed or lost, or nothing has been asked yet.</summary>
    Offline,

    /// <summary>A login is under way.</summary>
    LoggingIn,

    /// <summary>A session is open.</summary>
    Online,

    /// <summary>It does not answer; it is probed at growing intervals.</summary>
    Demoted,

    /// <summary>It refused the login; tried again after 15 min, 1 h, then daily.</summary>
    Refused,

    /// <summary>Another serial number than the recorded or configured one: nothing is recorded until an operator declares the meter replaced.</summary>
    WrongMeter,

    /// <summary>Configured with enabled = false.</summary>
    Disabled,
}

/// <summary>A meter as operators see it; told to the readings actor when it changes.</summary>
/// <param name="Id">The meter's id.</param>
/// <param name="Port">Its port's id.</param>
/// <param name="LinkAddress">Its link address.</param>
/// <param name="PointAddress">Its measurement point.</param>
/// <param name="State">Its state.</param>
/// <param name="SerialNumber">Its serial number, once read.</param>
/// <param name="LastSeen">When it last answered.</param>
/// <param name="LastError">The last failure, in one sentence.</param>
/// <param name="ClockOffset">The meter's clock less ours, at the last check.</param>
/// <param name="ClockAlarm">Why a clock that is to be set stays as it is, in one sentence; null while there is no such reason.</param>
public sealed record MeterStatus(
    string Id, string Port, ushort LinkAddress, ushort PointAddress, MeterState State, uint? SerialNumber, Instant? LastSeen, string? LastError,
    Duration? ClockOffset, string? ClockAlarm = null);
