using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Meters;

// Commands to the MeterActor.

/// <summary>Reads now; answered by <see cref="ReadNowAnswer"/>.</summary>
/// <param name="What">What to read.</param>
/// <param name="Patience">How long the sender waits; what has not been read by then is no longer asked for.</param>
public sealed record ReadNow(Readable What, Duration Patience);

/// <summary>
/// An operator says: set the meter's clock now, whatever clock.set says; not while an interval ends, nor from a clock that may be wrong.
/// Answered by <see cref="ReadNowAnswer"/>.
/// </summary>
/// <param name="Patience">How long the sender waits; what has not begun by then is not begun.</param>
public sealed record SetClockNow(Duration Patience);

/// <summary>An operator says: try the login now. Answered by <see cref="OperatorActionAccepted"/>.</summary>
public sealed record RetryLogin;

/// <summary>
/// An operator says: a new meter stands here. The serial number of the next login is taken as the meter's own. Answered by
/// <see cref="OperatorActionAccepted"/>.
/// </summary>
public sealed record DeclareReplaced;

/// <summary>
/// A request of a gateway's client, to be passed on to the port in the session with the meter, which is opened by a login if need be.
/// Answered by <see cref="PassedOn"/>, and then by the port itself: with <see cref="AsduArrived"/> as the meter speaks, and
/// <see cref="ExchangeEnded"/>. Without a session the meter's actor answers with <see cref="NotPassedOn"/>.
/// </summary>
/// <param name="Id">Comes back in every answer.</param>
/// <param name="Client">The client's name in the turns of the port.</param>
/// <param name="Request">What is asked.</param>
/// <param name="Timeout">How long the answer is worth having once the port has the request.</param>
/// <param name="MaxHold">How long it may hold the line.</param>
/// <param name="LostEpoch">
/// The epoch in which the port refused the request with <see cref="ExchangeEnd.SessionLost"/> before; null when it is passed on for the
/// first time.
/// </param>
public sealed record PassOn(RequestId Id, string Client, Request Request, TimeSpan Timeout, TimeSpan MaxHold, int? LostEpoch);

/// <summary>The sender no longer wants a request that it sent with <see cref="PassOn"/>.</summary>
/// <param name="Id">The id of the <see cref="PassOn"/>.</param>
/// <param name="Client">Its client.</param>
public sealed record Withdraw(RequestId Id, string Client);

// Answers of the MeterActor.

/// <summary>A request of a gateway's client is at the port, which is the sender and answers it.</summary>
/// <param name="Id">The id of the <see cref="PassOn"/>.</param>
public sealed record PassedOn(RequestId Id);

/// <summary>
/// A request of a gateway's client has not reached the port, since there is no session now: the meter does not answer, refuses the login,
/// or is the wrong one.
/// </summary>
/// <param name="Id">The id of the <see cref="PassOn"/>.</param>
/// <param name="Error">Why, in one sentence.</param>
public sealed record NotPassedOn(RequestId Id, string Error);

/// <summary>Answer to <see cref="ReadNow"/> and <see cref="SetClockNow"/>; what was read is on its way to the storage as well.</summary>
public abstract record ReadNowAnswer
{
    private ReadNowAnswer()
    {
    }

    /// <summary>The current values.</summary>
    /// <param name="Values">In no particular order; the API sorts them (contract, "Values").</param>
    public sealed record CurrentValues(IReadOnlyList<CurrentValue> Values) : ReadNowAnswer;

    /// <summary>The identification.</summary>
    /// <param name="Value">The meter's answer.</param>
    public sealed record Identification(DeviceIdentification Value) : ReadNowAnswer;

    /// <summary>The clock.</summary>
    /// <param name="Reading">Compared with ours.</param>
    public sealed record Clock(ClockReading Reading) : ReadNowAnswer;

    /// <summary>The clock was set.</summary>
    /// <param name="Written">What was written, and how far off the clock was before.</param>
    /// <param name="After">The clock as read afterwards; null when that failed, or it shows no date.</param>
    public sealed record ClockSet(ClockWritten Written, ClockReading? After) : ReadNowAnswer;

    /// <summary>Anything else that was asked for, as far as the meter has it.</summary>
    /// <param name="Read">In the order in which it was read.</param>
    public sealed record Facts(IReadOnlyList<MeterFact> Read) : ReadNowAnswer;

    /// <summary>The meter, or its line, does not answer.</summary>
    /// <param name="Error">Why, in one sentence.</param>
    public sealed record NoAnswer(string? Error) : ReadNowAnswer;

    /// <summary>The meter refused, or answers with another serial number than it should.</summary>
    /// <param name="Error">Why, in one sentence.</param>
    public sealed record Refused(string? Error) : ReadNowAnswer;
}

/// <summary>An operator's command was accepted.</summary>
public sealed record OperatorActionAccepted;

/// <summary>States of a meter.</summary>
public enum MeterState
{
    /// <summary>The port is closed or lost, or nothing has been asked yet.</summary>
    Offline,

    /// <summary>A login is under way.</summary>
    LoggingIn,

    /// <summary>It answered the last time it was asked, and its line is open.</summary>
    Online,

    /// <summary>It does not answer; it is probed at growing intervals.</summary>
    Demoted,

    /// <summary>It refused the login; tried again after 15 min, 1 h, then daily.</summary>
    Refused,

    /// <summary>
    /// The serial number is not the recorded or configured one: nothing is recorded until an operator declares the meter replaced.
    /// </summary>
    WrongMeter,

    /// <summary>Configured with enabled = false.</summary>
    Disabled,
}

/// <summary>A meter as operators see it; sent to the live state when it changes.</summary>
/// <param name="Id">The meter's id.</param>
/// <param name="Port">Its port's id.</param>
/// <param name="LinkAddress">Its link address.</param>
/// <param name="PointAddress">Its measurement point.</param>
/// <param name="State">Its state.</param>
/// <param name="SerialNumber">Its serial number, once read.</param>
/// <param name="LastSeen">When it last answered.</param>
/// <param name="LastError">The last failure, in one sentence.</param>
/// <param name="ClockOffset">The meter's clock less ours, at the last check.</param>
/// <param name="ClockAlarm">Why a clock that is off stays as it is, in one sentence; null while there is no such reason.</param>
public sealed record MeterStatus(
    string Id, string Port, ushort LinkAddress, ushort PointAddress, MeterState State, uint? SerialNumber, Instant? LastSeen,
    string? LastError,
    Duration? ClockOffset, string? ClockAlarm = null)
{
    /// <summary>Since when it answers, or fails; null before the first answer and the first failure.</summary>
    public Instant? Since { get; init; }

    /// <summary>When <see cref="LastError"/> happened.</summary>
    public Instant? LastErrorAt { get; init; }

    /// <summary>
    /// What is wrong with the line or with what comes over it, as <see cref="LastError"/> says; <see cref="LineFault.None"/> when it says
    /// something else.
    /// </summary>
    public LineFault Fault { get; init; }

    /// <summary>When the server tries again by itself after a failure; null when it waits for something else.</summary>
    public Instant? NextTry { get; init; }

    /// <summary>Nothing is read, since the databases do not say what is on record of the meter.</summary>
    public bool WaitsForStorage { get; init; }

    /// <summary>Since when the clock is off by clock.alarm or more, or is to be set and is not; null while it is in order.</summary>
    public Instant? ClockOffSince { get; init; }

    /// <summary>When the clock is checked next.</summary>
    public Instant? NextClockCheck { get; init; }
}

/// <summary>Current values of a meter were read; sent to the live state.</summary>
/// <param name="Meter">The meter's id.</param>
/// <param name="Every">How often they are read; they are stale after three times that.</param>
/// <param name="Values">The values of the groups that were read.</param>
public sealed record CurrentValuesRead(string Meter, Duration Every, IReadOnlyList<CurrentValue> Values);
